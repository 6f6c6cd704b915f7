"""Small forms of the working sheet: circle, note, state, archive, placing; and the creation of an actor."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.viewer import Viewer
from maillage.directory.enums import ActorKind, Circle, ListingState, Nature
from maillage.directory.forms.actors.identity import IdentityForm
from maillage.directory.forms.fields import CoordinateField, TermField
from maillage.directory.models import Actor
from maillage.networks.queries import vocabularies
from maillage.territories.kit import CommuneField
from maillage.topics.enums import Vocabulary


class CircleForm(forms.Form):
    nature = forms.ChoiceField(
        label=gettext_lazy("Qui le dit"), choices=Nature.choices, widget=forms.RadioSelect, initial=Nature.ASSESSED
    )
    circle = forms.TypedChoiceField(
        label=gettext_lazy("Cercle"),
        choices=[*Circle.choices, ("0", gettext_lazy("Retirer le cercle en vigueur"))],
        coerce=int,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=gettext_lazy("Motif"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Par exemple : forum 2025, appel du 3 mars, enquête."),
    )
    on = forms.DateField(
        label=gettext_lazy("À partir du"),
        required=False,
        help_text=gettext_lazy("Aujourd'hui si vous laissez vide."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_on(self) -> Any:
        on = self.cleaned_data["on"]
        if on and on > timezone.localdate():
            raise forms.ValidationError(_("Choisissez une date passée ou celle d'aujourd'hui."))
        return on


class NoteForm(forms.Form):
    body = forms.CharField(
        label=gettext_lazy("Nouvelle note"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Visible de l'équipe d'animation seule."),
    )


class StateForm(forms.Form):
    state = forms.ChoiceField(label=gettext_lazy("État"), choices=ListingState.choices, widget=forms.RadioSelect)


class ArchiveForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Motif"),
        max_length=200,
        help_text=gettext_lazy("Par exemple : association dissoute en 2024."),
    )


class PositionForm(forms.Form):
    """A point typed, pointed on the map, or the centre of a commune."""

    commune = CommuneField(required=False)
    latitude = CoordinateField(90, label=gettext_lazy("Latitude"), help_text=gettext_lazy("En degrés : 43,6108."))
    longitude = CoordinateField(180, label=gettext_lazy("Longitude"), help_text=gettext_lazy("En degrés : 3,8767."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        point = cleaned.get("latitude"), cleaned.get("longitude")
        if (point[0] is None) != (point[1] is None):
            self.add_error("longitude", _("Donnez la latitude et la longitude, ou aucune des deux."))
        elif point[0] is None and cleaned.get("commune") is None:
            self.add_error("commune", _("Donnez un point ou une commune."))
        return cleaned

    def values(self, actor: Actor) -> dict[str, Any]:
        """With a commune alone the point becomes its centre."""
        cleaned = self.cleaned_data
        values = {"commune": cleaned["commune"] or actor.commune}
        if cleaned["latitude"] is not None:
            return {**values, "latitude": cleaned["latitude"], "longitude": cleaned["longitude"]}
        return {**values, "latitude": None, "longitude": None}


class CreateForm(IdentityForm):
    """What is needed to know whether an actor is already there."""

    def __init__(self, data: Any = None, *, viewer: Viewer) -> None:
        super().__init__(data, actor=Actor(kind=ActorKind.ORGANISATION), viewer=viewer)

    def prepare(self) -> None:
        super().prepare()
        self.fields["family"] = TermField(vocabularies(self.viewer.network)[Vocabulary.FAMILY], label=_("Famille"))
        self.fields["commune"] = CommuneField(required=False)
        self.fields["website"] = forms.URLField(
            label=_("Site web"), max_length=300, required=False, assume_scheme="https"
        )
        self.fields["email"] = forms.EmailField(label=_("E-mail de contact"), required=False)
        del self.fields["uai"]
        self.order_fields(
            ["kind", "name", "acronym", "family", "commune", "website", "email", "siret", "siren", "rna", "parent"]
        )

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.fields}

    def partial(self) -> dict[str, Any]:
        """What is already right of a form being typed: enough to look for look-alikes."""
        self.full_clean()
        held = {
            name: self.cleaned_data.get(name)
            for name in ("name", "acronym", "siren", "siret", "rna", "website", "email", "commune")
        }
        if self.is_bound and not held["name"]:
            held["name"] = self.data.get("name", "")[:200]
        return held
