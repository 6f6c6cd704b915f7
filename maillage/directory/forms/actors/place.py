"""Where the actor is and where it goes; how its place welcomes people."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.viewer import Viewer
from maillage.directory.enums import PlaceAccess
from maillage.directory.forms.actors.step import StepForm, typed
from maillage.directory.forms.fields import CoordinateField
from maillage.directory.models import Actor
from maillage.territories.kit import CommuneField
from maillage.territories.models import Territory


class PlaceForm(StepForm):
    step, title = "lieu", gettext_lazy("Lieu")
    writes = ("address", "postal_code", "commune", "latitude", "longitude", "zone")

    address = forms.CharField(
        label=gettext_lazy("Adresse"), max_length=250, required=False, widget=typed(autocomplete="street-address")
    )
    postal_code = forms.RegexField(
        r"^\d{5}$",
        label=gettext_lazy("Code postal"),
        required=False,
        error_messages={"invalid": gettext_lazy("Un code postal a cinq chiffres.")},
        widget=typed(inputmode="numeric", autocomplete="postal-code"),
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
