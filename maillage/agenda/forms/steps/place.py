"""Where it happens, and how one gets in."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.agenda import rules
from maillage.agenda.enums import Attendance
from maillage.agenda.forms.fields import CoordinateField, HostField, typed
from maillage.agenda.forms.steps.step import StepForm
from maillage.core.forms import EITHER
from maillage.core.permissions import Denied
from maillage.directory.enums import PlaceAccess
from maillage.territories.kit import CommuneField


class PlaceForm(StepForm):
    step, title = "lieu", gettext_lazy("Lieu")

    attendance = forms.ChoiceField(label=gettext_lazy("Où"), choices=Attendance.choices, widget=forms.RadioSelect)
    online_url = forms.URLField(
        label=gettext_lazy("Lien pour suivre en ligne"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("Montré à tous. Laissez vide si le lien est donné à l'inscription."),
    )
    place_name = forms.CharField(label=gettext_lazy("Nom du lieu"), max_length=200, required=False)
    address = forms.CharField(
        label=gettext_lazy("Adresse"), max_length=250, required=False, widget=typed(autocomplete="off")
    )
    postal_code = forms.RegexField(
        r"^\d{5}$",
        label=gettext_lazy("Code postal"),
        required=False,
        error_messages={"invalid": gettext_lazy("Un code postal a cinq chiffres.")},
        widget=typed(inputmode="numeric", autocomplete="off"),
    )
    commune = CommuneField(required=False, template_name=EITHER)
    latitude = CoordinateField(90, label=gettext_lazy("Latitude"), help_text=gettext_lazy("En degrés : 43,6108."))
    longitude = CoordinateField(180, label=gettext_lazy("Longitude"), help_text=gettext_lazy("En degrés : 3,8767."))
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
    field_order = ["attendance", "venue"]

    def prepare(self) -> None:
        self.fields["venue"] = HostField(
            viewer=self.viewer,
            required=False,
            template_name=EITHER,
            label=_("Chez un acteur de l'annuaire"),
            help_text=_("Son adresse est reprise. Sinon, donnez la commune ci-dessous ; en ligne, ni l'un ni l'autre."),
        )
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        if (cleaned.get("latitude") is None) != (cleaned.get("longitude") is None):
            self.add_error("longitude", _("Donnez la latitude et la longitude, ou aucune des deux."))
        is_there = cleaned.get("commune") or getattr(cleaned.get("venue"), "commune", None)
        if cleaned.get("attendance") != Attendance.ONLINE and not is_there:
            self.add_error("commune", _("Dites dans quelle commune, ou que l'événement est en ligne."))
        self._keep_within_reach(cleaned)
        return cleaned

    def _keep_within_reach(self, cleaned: dict[str, Any]) -> None:
        """The place of another actor moves the event as a commune does."""
        venue = cleaned.get("venue")
        moved = venue is not None and venue.pk != self.event.venue_id
        for name, commune in (("commune", cleaned.get("commune")), ("venue", venue.commune if moved else None)):
            answer = rules.may_move(self.viewer, self.event, commune)
            if isinstance(answer, Denied):
                self.add_error(name, answer.sentence)
