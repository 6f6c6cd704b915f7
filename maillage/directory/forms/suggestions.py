"""Forms of suggestions: by anyone, on a sheet or on the list; and their review by the team."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.forms import VisitorForm
from maillage.directory.enums import RefusalReason, SuggestionKind
from maillage.directory.forms.fields import NameField, phone_validator
from maillage.directory.kit import refusing
from maillage.directory.models import Actor
from maillage.directory.queries.homes import keeps_home_private
from maillage.territories.kit import CommuneField

_EMAIL = forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"})


class _Visitor(VisitorForm):
    sender = forms.EmailField(
        label=gettext_lazy("Votre adresse e-mail"),
        required=False,
        help_text=gettext_lazy("Seulement pour vous répondre. Elle est effacée une fois la réponse partie."),
        widget=_EMAIL,
    )


class SuggestionForm(_Visitor):
    """On a sheet: what is left empty is right as it is. Nothing that the sheet does not show is shown here."""

    KINDS = [
        (SuggestionKind.WRONG, gettext_lazy("Quelque chose est inexact ou manque")),
        (SuggestionKind.CLOSED, gettext_lazy("L'acteur a fermé ou n'existe plus")),
        (SuggestionKind.DUPLICATE, gettext_lazy("Cette fiche existe deux fois")),
        (SuggestionKind.OBJECTION, gettext_lazy("Je suis concerné et je veux corriger ou retirer cette fiche")),
    ]
    kind = forms.ChoiceField(
        label=gettext_lazy("Qu'est-ce qui ne va pas ?"),
        choices=KINDS,
        widget=forms.RadioSelect,
        initial=SuggestionKind.WRONG,
    )
    name = NameField(label=gettext_lazy("Nom"), max_length=200, required=False)
    summary = forms.CharField(
        label=gettext_lazy("En une phrase"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    address = forms.CharField(label=gettext_lazy("Adresse"), max_length=250, required=False)
    commune = CommuneField(required=False)
    website = forms.URLField(label=gettext_lazy("Site web"), max_length=300, required=False, assume_scheme="https")
    email = forms.EmailField(
        label=gettext_lazy("E-mail de contact"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Téléphone"), max_length=30, required=False, validators=[phone_validator],
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    message = forms.CharField(
        label=gettext_lazy("Expliquez-nous"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Par exemple : « Le laboratoire a déménagé au 12 rue des Lilas en janvier. »"),
    )

    VALUES = ("name", "summary", "address", "commune", "website", "email", "phone")
    field_order = ["kind", *VALUES, "message", "sender", "site", "opened"]

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, said in _shown(actor).items():
            # Help is shown as it is written: what the sheet says is escaped here.
            self.fields[name].help_text = format_html(_("Aujourd'hui : {}"), said) if said else ""

    @property
    def proposed(self) -> list[forms.BoundField]:
        return [self[name] for name in self.VALUES]

    @property
    def proposes(self) -> bool:
        """Whether the boxes of the corrections are worth opening: something is there, or is wrong."""
        return any(field.errors or field.value() not in (None, "", ("", "")) for field in self.proposed)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not cleaned.get("message") and not self.values(cleaned):
            wrong = cleaned.get("kind") == SuggestionKind.WRONG
            self.add_error(
                "message",
                _("Dites ce qui est inexact, ou remplissez le champ à corriger.")
                if wrong
                else _("Expliquez-nous en quelques mots, pour que nous puissions vérifier."),
            )
        return cleaned

    def values(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """Corrections go with an error alone: what was typed under another answer is not proposed."""
        if cleaned.get("kind") not in (SuggestionKind.WRONG, SuggestionKind.OBJECTION):
            return {}
        return {name: cleaned[name] for name in self.VALUES if cleaned.get(name)}


def _shown(actor: Actor) -> dict[str, str]:
    """What everyone reads on the sheet, beside the box that corrects it."""
    home = keeps_home_private(actor.kind, actor.contact_is_public)
    commune = f"{actor.postal_code} {actor.commune.name}".strip() if actor.commune is not None else ""
    return {
        "name": actor.name,
        "summary": actor.summary,
        "address": "" if home else actor.address,
        "commune": commune,
        "website": actor.website,
        "email": actor.email if actor.shows_contact else "",
        "phone": actor.phone if actor.shows_contact else "",
    }


class MissingForm(_Visitor):
    name = NameField(label=gettext_lazy("Nom de l'acteur"), max_length=200)
    commune = CommuneField(required=False)
    website = forms.URLField(
        label=gettext_lazy("Site web"),
        max_length=300,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
    message = forms.CharField(
        label=gettext_lazy("Pourquoi il a sa place dans l'annuaire"),
        min_length=5,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "Ce qu'il fait, pour qui. Par exemple : « Club d'astronomie ouvert à tous le vendredi. »"
        ),
    )

    VALUES = ("name", "commune", "website")
    field_order = [*VALUES, "message", "sender", "site", "opened"]


class RefusalForm(refusing.RefusalForm):
    reasons = RefusalReason.choices

    def __init__(self, *args: Any, told: bool = True, **kwargs: Any) -> None:
        """`told`: whether anyone can be answered."""
        super().__init__(*args, **kwargs)
        if not told:
            self.fields["reason"].required = False
            self.fields["reason"].help_text = _("Gardée avec la suggestion, pour l'équipe.")
