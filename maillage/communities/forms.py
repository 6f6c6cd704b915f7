"""Forms of communities: what it is, its charter, coming in, inviting, placing a content."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.accounts.models import User
from maillage.agenda.kit.pictures import PictureForm
from maillage.communities.actions import held_fields
from maillage.communities.enums import Access
from maillage.communities.models import Community
from maillage.communities.queries.reading import thing_named
from maillage.communities.queries.targets import people_who_sign
from maillage.core.forms import EITHER, RichTextField, SeenForm
from maillage.core.viewer import Viewer
from maillage.directory.kit.terms import TermsField
from maillage.networks.queries import departments_of, vocabularies
from maillage.territories.models import Territory
from maillage.topics.enums import Vocabulary

_WORDS = {"rows": 3}


class DepartmentsField(forms.TypedMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, places: list[Territory], **kwargs: Any) -> None:
        self.places = {place.pk: place for place in places}
        choices = [(place.pk, place.name) for place in places]
        super().__init__(choices=choices, coerce=lambda pk: self.places[int(pk)], required=False, **kwargs)


class CommunityForm(SeenForm, PictureForm):
    """What it is; `fields_of()` are those of the action."""

    name = forms.CharField(label=gettext_lazy("Nom"), max_length=100)
    summary = forms.CharField(
        label=gettext_lazy("En une phrase"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    description = RichTextField(label=gettext_lazy("Présentation"), rows=8)
    access = forms.ChoiceField(
        label=gettext_lazy("Comment on y entre"),
        widget=forms.RadioSelect,
        choices=[
            (Access.OPEN, gettext_lazy("Ouverte : chacun peut y entrer")),
            (Access.REQUEST, gettext_lazy("Sur demande : une personne qui l'anime répond")),
            (Access.HIDDEN, gettext_lazy("Cachée : sur invitation ; rien n'en paraît à qui n'en est pas membre")),
        ],
        initial=Access.OPEN,
    )
    field_order = ("name", "summary", "access", "description")

    def __init__(self, *args: Any, viewer: Viewer, community: Community | None = None, **kwargs: Any) -> None:
        self.community = community
        super().__init__(*args, **kwargs)
        self.fields["themes"] = TermsField(vocabularies(viewer.network)[Vocabulary.THEME], label=_("Thématiques"))
        self.fields["departments"] = DepartmentsField(departments_of(viewer.network), label=_("Départements"))
        if not self.has_picture:
            del self.fields["remove"]
        if community is not None:
            held = held_fields(community)
            self.held = {name: held[name] for name in self.fields if name in held}
            self.initial = {
                **self.held,
                "themes": [term.pk for term in held["themes"]],
                "departments": [place.pk for place in held["departments"]],
            }
        self.order_fields(self.field_order)

    @property
    def has_picture(self) -> bool:
        return self.community is not None and bool(self.community.image)

    def fields_of(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "remove"}


class NewCommunityForm(CommunityForm):
    """With its charter and who will run it."""

    charter = RichTextField(
        label=gettext_lazy("Charte"),
        rows=6,
        help_text=gettext_lazy("Ce à quoi on s'engage en entrant. Elle peut venir plus tard."),
    )
    animator = forms.EmailField(
        label=gettext_lazy("Adresse de la personne qui l'animera"),
        required=False,
        help_text=gettext_lazy("Elle est invitée à l'animer. En attendant, ou sans adresse, vous l'animez vous-même."),
    )

    def fields_of(self) -> dict[str, Any]:
        return {name: value for name, value in super().fields_of().items() if name not in ("charter", "animator")}


class CharterForm(forms.Form):
    body = RichTextField(
        label=gettext_lazy("Charte"),
        rows=10,
        help_text=gettext_lazy("Ce à quoi on s'engage en entrant. Un nouveau texte est daté, et relu par les membres."),
    )


class JoinForm(forms.Form):
    """`charter` is the print of the text shown; `asks`: somebody answers first."""

    accepted = forms.BooleanField(label=gettext_lazy("J'ai lu la charte et je l'accepte"))
    charter = forms.CharField(widget=forms.HiddenInput, max_length=64)
    words = forms.CharField(
        label=gettext_lazy("Un mot pour vous présenter"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs=_WORDS),
        help_text=gettext_lazy("Lu par les personnes qui animent la communauté."),
    )
    name_is_public = forms.BooleanField(
        label=gettext_lazy("Montrer mon nom à tout le monde"),
        required=False,
        help_text=gettext_lazy("Sinon, seuls les membres le voient."),
    )

    def __init__(self, data: Any = None, *, community: Community, asks: bool) -> None:
        self.text = community.charters.first()
        super().__init__(data, initial={"charter": self.text.sha256 if self.text else ""})
        if self.text is None:
            del self.fields["accepted"], self.fields["charter"]
        if not asks:
            del self.fields["words"]


class RefusalForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Pourquoi"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Envoyé à la personne."),
    )


class InviteForm(forms.Form):
    """An address, or the name of someone who signs texts here: the names of others are no one's to look through."""

    email = forms.EmailField(template_name=EITHER, label=gettext_lazy("Adresse e-mail"), required=False)
    person = forms.CharField(
        template_name=EITHER,
        label=gettext_lazy("Ou le nom d'une personne"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Parmi celles qui signent des textes sur ce site."),
    )
    words = forms.CharField(
        label=gettext_lazy("Un mot"), max_length=500, required=False, widget=forms.Textarea(attrs=_WORDS)
    )

    def __init__(self, data: Any = None, *, viewer: Viewer) -> None:
        super().__init__(data)
        self.viewer = viewer

    def clean_person(self) -> User | None:
        name = self.cleaned_data["person"].strip()
        if not name:
            return None
        found = list(people_who_sign(self.viewer.network_id).filter(name__iexact=name).order_by("pk")[:2])
        if len(found) != 1:
            raise ValidationError(
                _("Plusieurs personnes portent ce nom : écrivez à son adresse.")
                if found
                else _("Personne de ce nom ne signe de texte ici : écrivez à son adresse.")
            )
        return found[0]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and bool(cleaned.get("email")) == bool(cleaned.get("person")):
            self.add_error("email", _("Donnez une adresse ou un nom, l'un des deux."))
        return cleaned


class PlaceForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("Pourquoi ici"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("En une phrase, lue sous le titre."),
    )

    def __init__(self, data: Any = None, *, communities: list[Community]) -> None:
        super().__init__(data)
        self.communities = {str(each.pk): each for each in communities}
        choices = [(key, each.name) for key, each in self.communities.items()]
        self.fields["community"] = forms.ChoiceField(
            label=_("Communauté"), choices=choices, widget=forms.RadioSelect, initial=choices[0][0] if choices else None
        )
        self.order_fields(["community", "words"])


class AddressForm(forms.Form):
    """What is placed from the page of the community: the address of a page of this site."""

    address = forms.CharField(
        label=gettext_lazy("Adresse de la page"),
        max_length=500,
        help_text=gettext_lazy(
            "Celle d'un article, d'une annonce, d'un dossier, d'un événement ou d'un acteur de ce site."
        ),
    )
    words = forms.CharField(label=gettext_lazy("Pourquoi ici"), max_length=300, required=False)

    def __init__(self, data: Any = None, *, viewer: Viewer, host: str) -> None:
        super().__init__(data)
        self.viewer, self.host = viewer, host

    def clean_address(self) -> dict[str, Any]:
        """`{kind: thing}`, of what everyone reads."""
        path = self.cleaned_data["address"].strip().removeprefix("https://").removeprefix("http://")
        parts = [part for part in path.removeprefix(self.host).partition("?")[0].split("/") if part]
        found = thing_named(self.viewer, *parts) if len(parts) == 2 else None
        if found is None:
            raise ValidationError(_("Aucune page de ce site que tout le monde lit n'a cette adresse."))
        return found
