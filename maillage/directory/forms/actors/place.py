"""Where the actor is and where it goes; how its place welcomes people."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.directory.enums import PlaceAccess
from maillage.directory.forms.actors.step import StepForm, typed
from maillage.directory.forms.fields import CoordinateField
from maillage.directory.queries.fields import offered_zones
from maillage.territories.kit import CommuneField


class PlaceForm(StepForm):
    step, title = "lieu", gettext_lazy("Lieu")

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
    latitude = CoordinateField(90, label=gettext_lazy("Latitude"), help_text=gettext_lazy("En degrés : 43,6108."))
    longitude = CoordinateField(180, label=gettext_lazy("Longitude"), help_text=gettext_lazy("En degrés : 3,8767."))

    def prepare(self) -> None:
        self.fields["zone"] = forms.TypedMultipleChoiceField(
            label=_("Zone d'action"),
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            choices=[(place.pk, place.name) for place in offered_zones(self.viewer)],
            help_text=_("Les territoires où l'acteur intervient, au-delà de sa commune."),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and (cleaned.get("latitude") is None) != (cleaned.get("longitude") is None):
            self.add_error("longitude", _("Donnez la latitude et la longitude, ou aucune des deux."))
        return cleaned


class AccessForm(StepForm):
    step, title = "accessibilite", gettext_lazy("Accessibilité")

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
        help_text=gettext_lazy("Par exemple : rampe côté cour, boucle magnétique à l'accueil."),
    )
