"""Forms of the acts on an event: a refusal, its status, one of its dates, taking it up again."""

from datetime import UTC
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.agenda.enums import EventStatus, RefusalReason
from maillage.agenda.forms.steps.dates import span_of
from maillage.agenda.kit.fields import DayField, HourField
from maillage.agenda.models import Event, Timing
from maillage.agenda.queries.calendar import moment
from maillage.agenda.queries.schedules import fields_of, slot_of
from maillage.core.forms import SeenForm
from maillage.directory.kit import refusing

WHEN = ("day", "starts", "ends", "until")


class RefusalForm(refusing.RefusalForm):
    reasons = RefusalReason.choices


class WordForm(forms.Form):
    word = forms.CharField(
        label=gettext_lazy("Un mot pour l'auteur"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Utile si vous ne retenez qu'une partie."),
    )


class HidingForm(refusing.HidingForm):
    read_by = gettext_lazy("Envoyé à la personne qui a écrit l'événement.")


class StatusForm(forms.Form):
    status = forms.ChoiceField(
        label=gettext_lazy("L'événement est"), choices=EventStatus.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=gettext_lazy("Précision"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Montrée à tous : pourquoi, et que faire."),
    )


class TimingForm(SeenForm, forms.Form):
    """One date alone. Who is reviewed says that it is cancelled, and no more."""

    day = DayField(label=gettext_lazy("Jour"))
    starts = HourField(label=gettext_lazy("De"), required=False)
    ends = HourField(label=gettext_lazy("À"), required=False)
    until = DayField(label=gettext_lazy("Dernier jour"), required=False)
    is_cancelled = forms.BooleanField(label=gettext_lazy("Cette date est annulée"), required=False)
    note = forms.CharField(
        label=gettext_lazy("Un mot"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Montré à côté de la date : « salle B », « reportée au jeudi »."),
    )

    def __init__(self, data: Any = None, *, event: Event, timing: Timing, may_move: bool) -> None:
        self.event, self.timing = event, timing
        self.slot = slot_of(timing, event)
        self.held = fields_of(timing, event)
        super().__init__(data, initial=self.held)
        if not may_move or timing.all_day:
            for name in WHEN:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "day" in self.fields and cleaned.get("day") and not self.errors:
            starts, ends, all_day = span_of(cleaned)
            if all_day:
                raise ValidationError({"starts": _("Donnez les heures de cette date.")})
            cleaned["span"] = (starts, ends)
        return cleaned

    def wanted(self) -> dict[str, Any]:
        """The fields that were changed. Day and hours go together: one of them makes the moment."""
        changed = self.changed()
        if changed.keys() & set(WHEN):
            changed |= {name: self.cleaned_data.get(name) for name in WHEN}
        return changed

    def values(self) -> dict[str, Any]:
        """Those of `actions.change_timing`."""
        wanted = self.wanted()
        values = {name: wanted[name] for name in ("is_cancelled", "note") if name in wanted}
        if "day" in wanted and "span" in self.cleaned_data:
            first, last = (moment(at, self.event.tz).astimezone(UTC) for at in self.cleaned_data["span"])
            values |= {"starts_at": first, "ends_at": last}
        return values


class DuplicateForm(forms.Form):
    shift = forms.ChoiceField(
        label=gettext_lazy("Les nouvelles dates"),
        widget=forms.RadioSelect,
        initial="an",
        choices=[
            ("an", gettext_lazy("un an plus tard, les mêmes jours de la semaine")),
            ("jour", gettext_lazy("à partir d'un autre premier jour")),
        ],
    )
    first_on = DayField(
        label=gettext_lazy("Nouveau premier jour"),
        required=False,
        help_text=gettext_lazy("Les autres dates suivent, au même écart."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("shift") == "jour" and not cleaned.get("first_on") and "first_on" not in self.errors:
            self.add_error("first_on", _("Donnez le nouveau premier jour."))
        return cleaned

    @property
    def first_day(self) -> Any:
        return self.cleaned_data["first_on"] if self.cleaned_data["shift"] == "jour" else None
