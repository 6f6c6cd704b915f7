"""Forms of the charter: sign it, record a paper, withdraw, write a draft, publish it, narrow the list of signatories."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.forms import RichTextField, SeenForm
from maillage.core.viewer import Viewer
from maillage.directory.actions.charter import Signer
from maillage.directory.enums import MembershipState
from maillage.directory.models import CharterVersion
from maillage.networks.queries import departments_of, vocabularies
from maillage.networks.validators import validate_one_line
from maillage.topics.enums import Vocabulary

_DATE = {"type": "date"}


class _SignerForm(forms.Form):
    """Who signs, and as what."""

    name = forms.CharField(
        label=gettext_lazy("Nom et prénom"),
        max_length=120,
        validators=[validate_one_line],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    capacity = forms.CharField(
        label=gettext_lazy("Qualité"),
        max_length=120,
        validators=[validate_one_line],
        help_text=gettext_lazy("À quel titre la personne signe. Par exemple : directrice, président, maire."),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Adresse e-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    name_is_public = forms.BooleanField(
        label=gettext_lazy("Montrer ce nom et cette qualité sur la liste publique des signataires"),
        required=False,
        help_text=gettext_lazy("Sans cet accord, seul le nom de la structure y paraît."),
    )

    @property
    def signer(self) -> Signer:
        given = self.cleaned_data
        return Signer(given["name"], given["capacity"], given["email"], given["name_is_public"])


class SigningForm(_SignerForm):
    """Signed by the person themselves. `read` is the print of the text that they were shown; a page that comes back after
    the charter has changed shows the new one, and carries its print."""

    is_mandated = forms.BooleanField(
        label=gettext_lazy("J'ai mandat pour engager la structure, et je signe la charte en son nom"),
        error_messages={"required": gettext_lazy("Cochez cette case si vous pouvez engager la structure.")},
    )
    texte = forms.CharField(max_length=64, widget=forms.HiddenInput)

    field_order = ["name", "capacity", "email", "name_is_public", "is_mandated"]

    def __init__(self, data: QueryDict | None = None, *, version: CharterVersion, known: Mapping[str, str]) -> None:
        super().__init__(data, initial={**known, "texte": version.sha256})
        self.read = self.data.get("texte", "")
        if data is not None:
            self.data = data.copy()
            self.data["texte"] = version.sha256
        self.fields["name"].label = _("Votre nom et votre prénom")
        self.fields["capacity"].label = _("Votre qualité")
        self.fields["capacity"].help_text = _("À quel titre vous signez. Par exemple : directrice, président, maire.")
        self.fields["email"].label = _("Votre adresse e-mail")
        self.fields["email"].help_text = _("Pour vous envoyer la preuve de la signature. Jamais montrée.")
        self.fields["name_is_public"].label = _("Montrer mon nom et ma qualité sur la liste publique des signataires")


class PaperForm(_SignerForm):
    """A signature given on paper, entered by the team."""

    version = forms.ModelChoiceField(CharterVersion.objects.none(), label=gettext_lazy("Version signée"))
    on = forms.DateField(label=gettext_lazy("Date écrite sur le papier"), widget=forms.DateInput(_DATE, "%Y-%m-%d"))

    field_order = ["version", "on", "name", "capacity", "email", "name_is_public"]

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        versions = CharterVersion.objects.visible_to(viewer).published().defer("body")
        field: Any = self.fields["version"]
        field.queryset, field.empty_label = versions, None
        field.initial = versions.first()
        self.fields["email"].required = False

    def clean_on(self) -> date:
        return _not_to_come(self.cleaned_data["on"])


class WithdrawForm(forms.Form):
    on = forms.DateField(
        label=gettext_lazy("Date du retrait"), initial=timezone.localdate, widget=forms.DateInput(_DATE, "%Y-%m-%d")
    )
    reason = forms.CharField(
        label=gettext_lazy("Motif"),
        max_length=300,
        help_text=gettext_lazy("Par exemple : demande de la présidente, par courrier du 3 mars."),
    )

    def clean_on(self) -> date:
        return _not_to_come(self.cleaned_data["on"])


def _not_to_come(day: date) -> date:
    if day > timezone.localdate():
        raise forms.ValidationError(_("Choisissez une date passée ou celle d'aujourd'hui."))
    return day


class DraftForm(SeenForm, forms.Form):
    """The draft, which several people may have open."""

    title = forms.CharField(label=gettext_lazy("Titre"), max_length=200, validators=[validate_one_line])
    is_major = forms.TypedChoiceField(
        label=gettext_lazy("Ce qui change"),
        choices=[
            ("non", gettext_lazy("La forme seulement : les signatures restent valables")),
            ("oui", gettext_lazy("Le fond : chacun est invité à signer de nouveau")),
        ],
        coerce=lambda value: value == "oui",
        widget=forms.RadioSelect,
    )
    body = RichTextField(trusted=True, label=gettext_lazy("Texte"), rows=24)

    def __init__(self, *args: Any, held: Mapping[str, Any], is_first: bool, **kwargs: Any) -> None:
        self.held = held
        initial = {**held, "is_major": "oui" if held["is_major"] else "non"}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["body"].required = True
        if is_first:
            del self.fields["is_major"]


class PublishForm(forms.Form):
    """A draft that changed since it was read is to be read again: the box is unticked."""

    effective_on = forms.DateField(
        label=gettext_lazy("Entrée en vigueur"),
        help_text=gettext_lazy("Aujourd'hui ou plus tard."),
        initial=timezone.localdate,
        widget=forms.DateInput(_DATE, "%Y-%m-%d"),
    )
    is_read = forms.BooleanField(
        label=gettext_lazy("J'ai relu ce texte : une fois publié, il ne changera plus"),
        error_messages={"required": gettext_lazy("Cochez cette case après avoir relu le texte.")},
    )
    lu = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, text: str) -> None:
        """`text` is the print of the draft as it is now; `read` that of what was confirmed."""
        super().__init__(data, initial={"lu": text})
        self.read = self.data.get("lu", "")
        if data is not None and self.read != text:
            self.data = data.copy()
            self.data["lu"] = text
            self.data.pop("is_read", None)


class WallForm(forms.Form):
    """What narrows the public list; what is not known is left out."""

    famille = forms.ChoiceField(label=gettext_lazy("Famille"), required=False)
    departement = forms.ChoiceField(label=gettext_lazy("Département"), required=False)

    def __init__(self, data: Any, *, network: Any) -> None:
        super().__init__(data)
        families = [(term.slug, term.label) for term in vocabularies(network)[Vocabulary.FAMILY]]
        places = sorted((place.code, place.name) for place in departments_of(network))
        for name, choices, label in (
            ("famille", families, _("Toutes les familles")),
            ("departement", places, _("Tous les départements")),
        ):
            field: Any = self.fields[name]
            field.choices = [("", label), *choices]

    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class StateForm(forms.Form):
    """The state of the actors that the team looks at."""

    etat = forms.ChoiceField(
        label=gettext_lazy("Où ils en sont"),
        required=False,
        choices=[("", gettext_lazy("Tous les acteurs")), *MembershipState.choices],
    )

    def chosen(self) -> str:
        return self.cleaned_data.get("etat", "") if self.is_valid() else ""
