"""The form of an actor's sheet, in named steps that are saved one by one.

Each step is a form whose `values()` are those of `actions.update_actor`.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core import images
from maillage.core.viewer import Viewer
from maillage.directory import validators
from maillage.directory.enums import ActorKind, PlaceAccess
from maillage.directory.forms.fields import (
    ActorNameField,
    CoordinateField,
    IdentifierField,
    RichTextField,
    TermField,
    TermsField,
    phone_validator,
)
from maillage.directory.models import Actor
from maillage.networks.queries import vocabularies
from maillage.territories.kit import CommuneField
from maillage.territories.models import Territory
from maillage.topics.enums import Vocabulary

LANGUAGES = [
    ("fr", gettext_lazy("français")),
    ("oc", gettext_lazy("occitan")),
    ("ca", gettext_lazy("catalan")),
    ("en", gettext_lazy("anglais")),
    ("es", gettext_lazy("espagnol")),
    ("de", gettext_lazy("allemand")),
    ("it", gettext_lazy("italien")),
    ("pt", gettext_lazy("portugais")),
    ("ar", gettext_lazy("arabe")),
    ("fsl", gettext_lazy("langue des signes française")),
]
_VOCABULARIES = {
    "themes": Vocabulary.THEME,
    "audiences": Vocabulary.AUDIENCE,
    "action_kinds": Vocabulary.ACTION_KIND,
}


def _typed(**attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs=attrs)


class StepForm(forms.Form):
    """A step; `actor` gives the initial values, `viewer` what the network offers."""

    step = ""
    title: Any = ""
    writes: tuple[str, ...] = ()

    def __init__(self, data: Any = None, files: Any = None, *, actor: Actor, viewer: Viewer) -> None:
        self.actor, self.viewer = actor, viewer
        super().__init__(data, files, initial=self.initial_of(actor))
        self.prepare()

    def initial_of(self, actor: Actor) -> dict[str, Any]:
        return {name: getattr(actor, name) for name in self.writes}

    def prepare(self) -> None:
        """Add what depends on the network or the actor."""

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.writes if name in self.fields}

    @property
    def records(self) -> Mapping[str, str]:
        """Form field → field of the record, whose provenance is shown beside it."""
        return {name: name for name in self.fields}


class IdentityForm(StepForm):
    step, title = "identite", gettext_lazy("Identité")
    writes = ("kind", "name", "acronym", "siret", "siren", "rna", "uai", "parent")

    kind = forms.ChoiceField(label=gettext_lazy("Nature"), choices=ActorKind.choices, widget=forms.RadioSelect)
    name = forms.CharField(label=gettext_lazy("Nom"), max_length=200, widget=_typed(autocomplete="organization"))
    acronym = forms.CharField(label=gettext_lazy("Sigle"), max_length=40, required=False)
    siret = IdentifierField(
        label=gettext_lazy("SIRET"),
        required=False,
        validators=[validators.validate_siret],
        help_text=gettext_lazy("14 chiffres. Une personne ou un collectif informel n'en a pas besoin."),
        widget=_typed(inputmode="numeric", autocomplete="off"),
    )
    siren = IdentifierField(
        label=gettext_lazy("SIREN"),
        required=False,
        validators=[validators.validate_siren],
        help_text=gettext_lazy("9 chiffres, repris du SIRET quand il est donné."),
        widget=_typed(inputmode="numeric", autocomplete="off"),
    )
    rna = IdentifierField(
        label=gettext_lazy("RNA"),
        required=False,
        validators=[validators.validate_rna],
        help_text=gettext_lazy("Pour une association : W suivi de 9 caractères."),
    )
    uai = IdentifierField(
        label=gettext_lazy("UAI"),
        required=False,
        validators=[validators.validate_uai],
        help_text=gettext_lazy("Pour un établissement scolaire ou universitaire."),
    )

    def prepare(self) -> None:
        self.fields["parent"] = ActorNameField(
            among=Actor.objects.visible_to(self.viewer).exclude(pk=self.actor.pk),
            label=_("Antenne de"),
            help_text=_("Le nom exact de la structure mère, si elle est dans l'annuaire."),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        siret, siren = cleaned.get("siret"), cleaned.get("siren")
        if siret and not siren and "siren" not in self.errors:
            cleaned["siren"] = siret[:9]
        elif siret and siren and not siret.startswith(siren):
            sentence = _("Ce SIREN n'est pas celui du SIRET : les 9 premiers chiffres doivent être les mêmes.")
            self.add_error("siren", sentence)
        return cleaned


class ActivityForm(StepForm):
    step, title = "activite", gettext_lazy("Ce que fait l'acteur")
    writes = ("family", "summary", "description", "terms")

    def initial_of(self, actor: Actor) -> dict[str, Any]:
        held = list(actor.terms.all())
        initial = {name: [t.pk for t in held if t.vocabulary == kind] for name, kind in _VOCABULARIES.items()}
        return {"family": actor.family_id, "summary": actor.summary, "description": actor.description, **initial}

    def prepare(self) -> None:
        terms = vocabularies(self.viewer.network)
        families = terms[Vocabulary.FAMILY]
        if self.actor.family and self.actor.family.pk not in {term.pk for term in families}:
            families = [*families, self.actor.family]  # Chosen by another network, or hidden since.
        self.fields["family"] = TermField(families, label=_("Famille"))
        self.fields["summary"] = forms.CharField(
            label=_("En une phrase"),
            max_length=300,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_("Ce que l'acteur fait, pour qui : 300 caractères au plus."),
        )
        self.fields["description"] = RichTextField(label=_("Présentation"), trusted=self.viewer.runs_network)
        self.fields["themes"] = TermsField(terms[Vocabulary.THEME], label=_("Thématiques"))
        self.fields["audiences"] = TermsField(terms[Vocabulary.AUDIENCE], label=_("Publics"))
        self.fields["action_kinds"] = TermsField(terms[Vocabulary.ACTION_KIND], label=_("Types d'action"))

    def values(self) -> dict[str, Any]:
        offered = {pk for name in _VOCABULARIES for pk in self.fields[name].terms}
        # Terms that this network does not offer stay: another one may use them.
        kept = [term for term in self.actor.terms.all() if term.pk not in offered]
        chosen = [term for name in _VOCABULARIES for term in self.cleaned_data[name]]
        return {**super().values(), "terms": [*kept, *chosen]}

    @property
    def records(self) -> Mapping[str, str]:
        return {**super().records, **dict.fromkeys(_VOCABULARIES, "terms")}


class PlaceForm(StepForm):
    step, title = "lieu", gettext_lazy("Lieu")
    writes = ("address", "postal_code", "commune", "latitude", "longitude", "zone")

    address = forms.CharField(
        label=gettext_lazy("Adresse"), max_length=250, required=False, widget=_typed(autocomplete="street-address")
    )
    postal_code = forms.RegexField(
        r"^\d{5}$",
        label=gettext_lazy("Code postal"),
        required=False,
        error_messages={"invalid": gettext_lazy("Un code postal a cinq chiffres.")},
        widget=_typed(inputmode="numeric", autocomplete="postal-code"),
    )
    commune = CommuneField(required=False)
    latitude = CoordinateField(90, label=gettext_lazy("Latitude"), help_text=gettext_lazy("En degrés : 43,6108."))
    longitude = CoordinateField(180, label=gettext_lazy("Longitude"), help_text=gettext_lazy("En degrés : 3,8767."))

    def initial_of(self, actor: Actor) -> dict[str, Any]:
        return {**super().initial_of(actor), "zone": [each.pk for each in actor.zone.all()]}

    def prepare(self) -> None:
        places = Territory.objects.filter(kind__in=["department", "region"]).filter(_perimeter(self.viewer))
        self.zones = {place.pk: place for place in places.order_by("-kind", "code")}
        self.fields["zone"] = forms.TypedMultipleChoiceField(
            label=_("Zone d'action"),
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            choices=[(pk, place.name) for pk, place in self.zones.items()],
            help_text=_("Les territoires où l'acteur intervient, au-delà de sa commune."),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and (cleaned.get("latitude") is None) != (cleaned.get("longitude") is None):
            self.add_error("longitude", _("Donnez la latitude et la longitude, ou aucune des deux."))
        return cleaned

    def values(self) -> dict[str, Any]:
        values = super().values()
        kept = [each for each in self.actor.zone.all() if each.pk not in self.zones]
        values["zone"] = [*kept, *(self.zones[pk] for pk in self.cleaned_data["zone"])]
        if not {"latitude", "longitude"} & set(self.changed_data):
            del values["latitude"], values["longitude"]  # Left as they were: the position follows the commune.
        return values


def _perimeter(viewer: Viewer) -> Q:
    """The régions and départements of the network's perimeter; all of them when it has none."""
    perimeter = list(viewer.network.perimeter.values_list("pk", flat=True)) if viewer.network else []
    return Q(pk__in=perimeter) | Q(region__in=perimeter) if perimeter else Q()


class ContactForm(StepForm):
    step, title = "contact", gettext_lazy("Contact")
    writes = ("website", "email", "phone", "contact_name", "contact_is_public", "languages")

    website = forms.URLField(
        label=gettext_lazy("Site web"),
        max_length=300,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"autocomplete": "url"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail de contact"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Téléphone"),
        max_length=30,
        required=False,
        validators=[phone_validator],
        widget=_typed(type="tel", autocomplete="tel"),
    )
    contact_name = forms.CharField(
        label=gettext_lazy("Référent"),
        max_length=120,
        required=False,
        widget=_typed(autocomplete="name"),
        help_text=gettext_lazy("La personne à qui s'adresser."),
    )
    contact_is_public = forms.BooleanField(
        label=gettext_lazy("Montrer à tous l'e-mail, le téléphone et le nom"),
        required=False,
        help_text=gettext_lazy(
            "Pour une personne indépendante, seulement avec son accord. Sinon un formulaire transmet les messages."
        ),
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Langues parlées"), choices=LANGUAGES, required=False, widget=forms.CheckboxSelectMultiple
    )

    def prepare(self) -> None:
        known = {code for code, _label in LANGUAGES}
        others = [(code, code) for code in self.actor.languages if code not in known]
        self.fields["languages"].choices = [*LANGUAGES, *others]


class ImageForm(StepForm):
    """The alternative is asked for in three ways; an empty answer is refused."""

    step, title = "image", gettext_lazy("Image")
    writes = ("image", "image_alt", "image_credit")
    DESCRIBES, IN_TEXT, DECORATIVE = "decrit", "texte", "decorative"

    image = forms.FileField(
        label=gettext_lazy("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=gettext_lazy("JPEG, PNG ou WebP, 12 Mo au plus. Le lieu de prise de vue est effacé."),
    )
    remove = forms.BooleanField(label=gettext_lazy("Retirer la photo actuelle"), required=False)
    alt_choice = forms.ChoiceField(
        label=gettext_lazy("Pour les personnes qui ne voient pas l'image"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            (DESCRIBES, gettext_lazy("L'image montre quelque chose : je la décris")),
            (IN_TEXT, gettext_lazy("Ce qu'elle montre est déjà dit dans la présentation")),
            (DECORATIVE, gettext_lazy("L'image est décorative")),
        ],
    )
    image_alt = forms.CharField(
        label=gettext_lazy("Description de l'image"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Ce qu'il faut savoir de l'image en une phrase, sans « image de »."),
    )
    image_credit = forms.CharField(
        label=gettext_lazy("Crédit"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Qui a fait la photo, par exemple « Marie Durand »."),
    )

    def initial_of(self, actor: Actor) -> dict[str, Any]:
        choice = self.DESCRIBES if actor.image_alt else self.DECORATIVE if actor.image else ""
        return {"image_alt": actor.image_alt, "image_credit": actor.image_credit, "alt_choice": choice}

    def prepare(self) -> None:
        if not self.actor.image:
            del self.fields["remove"]

    def clean_image(self) -> Any:
        upload = self.cleaned_data.get("image")
        return images.received(upload) if upload else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        shows = cleaned.get("image") or (self.actor.image and not cleaned.get("remove"))
        if not shows or "image" in self.errors:
            return cleaned
        choice = cleaned.get("alt_choice")
        if not choice:
            sentence = _("Choisissez une des trois réponses : une image sans alternative n'est pas enregistrée.")
            self.add_error("alt_choice", ValidationError(sentence))
        elif choice == self.DESCRIBES and not cleaned.get("image_alt"):
            self.add_error("image_alt", ValidationError(_("Décrivez l'image en une phrase.")))
        return cleaned

    def values(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("remove") and not cleaned["image"]:
            return {"image": False, "image_alt": "", "image_credit": ""}
        alt = cleaned["image_alt"] if cleaned["alt_choice"] == self.DESCRIBES else ""
        values: dict[str, Any] = {"image_alt": alt, "image_credit": cleaned["image_credit"]}
        if cleaned["image"]:
            values["image"] = cleaned["image"]
        return values


class AccessForm(StepForm):
    step, title = "accessibilite", gettext_lazy("Accessibilité")
    writes = ("place_access", "access_notes")

    place_access = forms.MultipleChoiceField(
        label=gettext_lazy("Le lieu accueille"),
        choices=PlaceAccess.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    access_notes = forms.CharField(
        label=gettext_lazy("Précisions d'accès"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Par exemple : rampe côté cour, boucle magnétique à l'accueil."),
    )


class FollowUpForm(StepForm):
    """The source is the team's business."""

    step, title = "suivi", gettext_lazy("Suivi")
    writes = ("update_rhythm", "source")

    update_rhythm = forms.IntegerField(
        label=gettext_lazy("Vérifier la fiche tous les (mois)"), min_value=1, max_value=36
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("D'où vient cet acteur : fichier, rencontre, appel…"),
    )

    def prepare(self) -> None:
        if not self.viewer.runs_network:
            del self.fields["source"]


STEPS: dict[str, type[StepForm]] = {
    form.step: form
    for form in (IdentityForm, ActivityForm, PlaceForm, ContactForm, ImageForm, AccessForm, FollowUpForm)
}
# What is lacking (models.completeness) → the step and the field that fill it.
LACK_AT: dict[str, tuple[str, str]] = {
    "family": ("activite", "id_family"),
    "summary": ("activite", "id_summary"),
    "description": ("activite", "id_description"),
    "themes": ("activite", "id_themes"),
    "audiences": ("activite", "id_audiences"),
    "action_kinds": ("activite", "id_action_kinds"),
    "commune": ("lieu", "id_commune"),
    "position": ("lieu", "id_latitude"),
    "website": ("contact", "id_website"),
    "contact": ("contact", "id_email"),
    "image": ("image", "id_image"),
    "identifier": ("identite", "id_siret"),
}
