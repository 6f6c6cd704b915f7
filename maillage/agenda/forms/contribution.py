"""The short form: an event told in two minutes from a phone. The rest comes after, step by step."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.agenda.actions.editing import keep_picture
from maillage.agenda.enums import Attendance
from maillage.agenda.forms.fields import HostField
from maillage.agenda.forms.steps.dates import span_of
from maillage.agenda.kit.fields import DayField, HourField
from maillage.agenda.kit.pictures import ShortPictureForm
from maillage.agenda.queries.calendar import Schedule, Slot
from maillage.agenda.queries.pictures import is_taken
from maillage.agenda.queries.schedules import doubts, faults
from maillage.core.forms import EITHER
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.territories.kit import CommuneField


class ContributionForm(ShortPictureForm):
    """`is_draft`: a title is enough. `values()` are those of `actions.create_event`."""

    keep = staticmethod(keep_picture)
    is_taken = staticmethod(is_taken)

    title = forms.CharField(
        label=gettext_lazy("Titre"), max_length=140, help_text=gettext_lazy("Court et précis, sans la date ni le lieu.")
    )
    day = DayField(label=gettext_lazy("Jour"))
    starts = HourField(label=gettext_lazy("De"), required=False)
    ends = HourField(label=gettext_lazy("À"), required=False)
    commune = CommuneField(required=False, template_name=EITHER)
    place_name = forms.CharField(
        label=gettext_lazy("Nom du lieu"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Par exemple « place de la Mairie »."),
    )
    online = forms.BooleanField(label=gettext_lazy("En ligne"), required=False)
    summary = forms.CharField(
        label=gettext_lazy("En une phrase"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Ce que l'on y fait, pour qui."),
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        viewer: Viewer,
        own: list[Actor],
        is_draft: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, files, **kwargs)
        self.viewer, self.own = viewer, own
        self.fields["venue"] = HostField(
            viewer=viewer,
            required=False,
            template_name=EITHER,
            label=_("Chez un acteur de l'annuaire"),
            help_text=_("Tapez les premières lettres : son adresse est reprise."),
        )
        if own:
            names = [(str(actor.pk), actor.name) for actor in own]
            self.fields["organiser"] = forms.ChoiceField(
                label=_("Qui organise"), required=False, choices=[*names, ("", _("quelqu'un d'autre"))],
            )  # fmt: skip
            self.fields["organiser"].initial = str(own[0].pk)
        if is_draft:
            self.fields["day"].required = False
        self.is_draft = is_draft

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("day"):
            try:
                starts, ends, all_day = span_of(cleaned)
            except ValidationError as error:
                self.add_error(None, error)
            else:
                cleaned["schedule"] = Schedule((Slot(starts, ends, all_day),))
                for fault in faults(cleaned["schedule"]):
                    self.add_error("day", fault)
        if not (self.is_draft or {"venue", "commune"} & self.errors.keys() or self._has_place(cleaned)):
            self.add_error("commune", _("Dites où : un acteur, une commune, ou en ligne."))
        return cleaned

    def _has_place(self, cleaned: dict[str, Any]) -> bool:
        venue = cleaned.get("venue")
        return bool(cleaned.get("online") or cleaned.get("commune") or (venue is not None and venue.commune_id))

    def doubts(self) -> list[str]:
        schedule = self.cleaned_data.get("schedule")
        return list(doubts(schedule)) if schedule is not None else []

    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        place = given.get("venue") or given.get("commune")
        online = given.get("online")
        attendance = Attendance.ONSITE if not online else Attendance.MIXED if place else Attendance.ONLINE
        values: dict[str, Any] = {
            "title": given["title"],
            "summary": given.get("summary", ""),
            "attendance": attendance,
        }
        for name in ("venue", "commune", "place_name", "schedule"):
            if given.get(name):
                values[name] = given[name]
        values |= self.picture_values()
        if organiser := given.get("organiser"):
            values["organisers"] = [actor for actor in self.own if str(actor.pk) == organiser]
        return values
