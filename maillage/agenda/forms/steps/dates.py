"""When it happens: dates typed alone, repetitions, appointments."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.agenda.forms.fields import DaysField
from maillage.agenda.forms.steps.step import StepForm
from maillage.agenda.kit.fields import DayField, HourField
from maillage.agenda.queries.calendar import Rule, Schedule, Slot
from maillage.agenda.queries.fields import held_fields
from maillage.agenda.queries.revisions import over
from maillage.agenda.queries.schedules import EVENING, doubts, faults, slot_values
from maillage.agenda.queries.sentences import WEEKDAYS, schedule_in_words
from maillage.agenda.queries.typed import schedule_from, schedule_text
from maillage.core.seen import marks
from maillage.core.text import whole_number

SHOWN = 60  # Dates drawn as rows; of an event that has more, those past are kept as they are.
MOST_ROWS = 150
RHYTHMS = [
    ("1", gettext_lazy("toutes les semaines")),
    ("2", gettext_lazy("toutes les 2 semaines")),
    ("3", gettext_lazy("toutes les 3 semaines")),
    ("4", gettext_lazy("toutes les 4 semaines")),
    ("m1", gettext_lazy("la première fois du mois")),
    ("m2", gettext_lazy("la deuxième fois du mois")),
    ("m3", gettext_lazy("la troisième fois du mois")),
    ("m4", gettext_lazy("la quatrième fois du mois")),
    ("m-1", gettext_lazy("la dernière fois du mois")),
]


class _Row(forms.Form):
    use_required_attribute = False

    key = forms.IntegerField(required=False, widget=forms.HiddenInput)
    gone = forms.BooleanField(label=gettext_lazy("Retirer"), required=False)

    @property
    def is_told(self) -> bool:
        return self.has_changed() and not self.cleaned_data.get("gone")

    def full_clean(self) -> None:
        """A row to take away may be wrong."""
        super().full_clean()
        if self.is_bound and self.data.get(self.add_prefix("gone")):
            self._errors = ErrorDict(renderer=self.renderer)  # type: ignore[attr-defined]


def span_of(cleaned: Mapping[str, Any]) -> tuple[datetime, datetime, bool]:
    """Beginning, end, all day, from a day, its last day, its hours; ValidationError by field."""
    day, until = cleaned["day"], cleaned.get("until")
    starts, ends = cleaned.get("starts"), cleaned.get("ends")
    if until is not None and until < day:
        raise ValidationError({"until": _("Le dernier jour vient avant le premier.")})
    if starts is None and ends is None:
        return datetime.combine(day, time()), datetime.combine(until or day, time()), True
    if starts is None:
        raise ValidationError({"starts": _("Donnez aussi l'heure de début, ou aucune des deux pour toute la journée.")})
    if ends is None:
        raise ValidationError({"ends": _("Donnez aussi l'heure de fin, ou aucune des deux pour toute la journée.")})
    last = until or day
    if until is None and ends <= starts and ends <= EVENING:
        last = day + timedelta(days=1)
    first, end = datetime.combine(day, starts), datetime.combine(last, ends)
    if end <= first:
        raise ValidationError({"ends": _("La fin vient avant le début.")})
    return first, end, False


class SlotForm(_Row):
    day = DayField(label=gettext_lazy("Jour"))
    starts = HourField(label=gettext_lazy("De"), required=False)
    ends = HourField(label=gettext_lazy("À"), required=False)
    until = DayField(label=gettext_lazy("Dernier jour"), required=False)
    field_order = ["key", "day", "starts", "ends", "until", "gone"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.is_told and not self.errors and cleaned.get("day"):
            starts, ends, all_day = span_of(cleaned)
            cleaned["slot"] = Slot(starts, ends, all_day, cleaned.get("key"))
        return cleaned


class RuleForm(_Row):
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Quels jours"),
        choices=list(enumerate(WEEKDAYS)),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choisissez au moins un jour de la semaine.")},
    )
    rhythm = forms.ChoiceField(label=gettext_lazy("À quel rythme"), choices=RHYTHMS, initial="1")
    starts = HourField(label=gettext_lazy("De"), required=False)
    ends = HourField(label=gettext_lazy("À"), required=False)
    first_on = DayField(label=gettext_lazy("À partir du"))
    last_on = DayField(
        label=gettext_lazy("Jusqu'au"), required=False, help_text=gettext_lazy("Vide : sans fin prévue.")
    )
    excluded = DaysField(
        label=gettext_lazy("Sauf"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Un jour par ligne, ou une période : « 19/12/2026 au 03/01/2027 »."),
    )
    field_order = ["key", "weekdays", "rhythm", "starts", "ends", "first_on", "last_on", "excluded", "gone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = str((self.initial or {}).get("rhythm") or self.data.get(self.add_prefix("rhythm"), ""))
        if 4 < (whole_number(held) or 0) <= 52:
            self.fields["rhythm"].choices = [*RHYTHMS, (held, _("toutes les %s semaines") % held)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.is_told or self.errors:
            return cleaned
        if (cleaned.get("starts") is None) != (cleaned.get("ends") is None):
            missing = "ends" if cleaned.get("ends") is None else "starts"
            self.add_error(missing, _("Donnez les deux heures, ou aucune pour toute la journée."))
        if cleaned.get("last_on") and cleaned["last_on"] < cleaned["first_on"]:
            self.add_error("last_on", _("La répétition finit avant de commencer."))
        if not self.errors:
            rhythm = cleaned["rhythm"]
            monthly = rhythm.startswith("m")
            cleaned["rule"] = Rule(
                tuple(sorted(cleaned["weekdays"])),
                cleaned.get("starts"),
                cleaned.get("ends"),
                cleaned["first_on"],
                cleaned.get("last_on"),
                1 if monthly else int(rhythm),
                int(rhythm[1:]) if monthly else None,
                cleaned.get("excluded") or frozenset(),
                cleaned.get("key"),
            )
        return cleaned


def rule_values(rule: Rule) -> dict[str, Any]:
    return {
        "key": rule.key,
        "weekdays": list(rule.weekdays),
        "rhythm": f"m{rule.nth}" if rule.nth is not None else str(rule.every),
        "starts": rule.starts,
        "ends": rule.ends,
        "first_on": rule.first_on,
        "last_on": rule.last_on,
        "excluded": rule.excluded,
    }


_OPTIONS: Any = {"extra": 0, "max_num": MOST_ROWS, "absolute_max": MOST_ROWS}
SlotRows: Any = forms.formset_factory(SlotForm, **_OPTIONS)
RuleRows: Any = forms.formset_factory(RuleForm, **_OPTIONS)


class DatesForm(StepForm):
    """`schedule` is the text of `queries.typed`, made from the rows. Of an event with many dates, those past have no row."""

    step, title, template = "dates", gettext_lazy("Dates"), "agenda/steps/_dates.html"

    by_appointment = forms.BooleanField(
        label=gettext_lazy("Sur rendez-vous"),
        required=False,
        help_text=gettext_lazy("Sans date fixe : on convient d'un moment avec vous."),
    )
    available_from = DayField(label=gettext_lazy("Possible à partir du"), required=False)
    available_until = DayField(label=gettext_lazy("Possible jusqu'au"), required=False)

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(_with_rows_added(data), files, **kwargs)
        self.held = over(held_fields(self.event, self.viewer, ["schedule"]), self.revision)
        self.before = schedule_from(self.held["schedule"])
        shown, self.kept = _split(self.before.slots)
        self.initial = {
            "by_appointment": self.before.by_appointment,
            "available_from": self.before.available_from,
            "available_until": self.before.available_until,
        }
        if self.is_bound:
            self.slots, self.rules = SlotRows(self.data, prefix="d"), RuleRows(self.data, prefix="r")
            return
        self.slots = SlotRows(initial=[slot_values(slot) for slot in shown], prefix="d")
        self.rules = RuleRows(initial=[rule_values(rule) for rule in self.before.rules], prefix="r")
        self.slots.extra = 0 if shown or self.before.rules or self.before.by_appointment else 1

    @property
    def is_adding(self) -> bool:
        """A button that adds a row was pressed: nothing is saved."""
        return self.is_bound and "ajouter" in self.data

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not (self.slots.is_valid() and self.rules.is_valid()):
            self.add_error(None, _("Corrigez les dates signalées ci-dessous."))
            return cleaned
        if self.errors:
            return cleaned
        slots = [row.cleaned_data["slot"] for row in self.slots if "slot" in row.cleaned_data]
        rules = [row.cleaned_data["rule"] for row in self.rules if "rule" in row.cleaned_data]
        appointment = cleaned["by_appointment"]
        schedule = Schedule(
            (*self.kept, *slots),
            tuple(rules),
            appointment,
            cleaned.get("available_from") if appointment else None,
            cleaned.get("available_until") if appointment else None,
        )
        for fault in faults(schedule):
            self.add_error(None, fault)
        cleaned["schedule"] = schedule_text(schedule)
        return cleaned

    def doubts(self) -> list[str]:
        return list(doubts(schedule_from(self.cleaned_data["schedule"]), before=self.before))

    def tell(self, held: Mapping[str, Any]) -> None:
        """After a conflict: the dates stored now are said beside those that were typed."""
        self.meanwhile = schedule_in_words(schedule_from(held["schedule"])) or _("aucune")
        typed = self.data.copy()
        typed["vu"] = marks(held)
        self.data = typed

    meanwhile = ""


def _split(slots: tuple[Slot, ...]) -> tuple[list[Slot], list[Slot]]:
    """Those that have a row, and those kept as they are."""
    ordered = sorted(slots, key=lambda slot: slot.starts)
    if len(ordered) <= SHOWN:
        return ordered, []
    today: date = timezone.localdate()
    coming = [slot for slot in ordered if slot.ends.date() >= today][:SHOWN]
    return coming, [slot for slot in ordered if slot not in coming]


def _with_rows_added(data: Any) -> Any:
    """The form as it was typed with one more row, for who has no script."""
    prefix = {"date": "d", "repetition": "r"}.get(data.get("ajouter", "")) if data is not None else None
    if prefix is None:
        return data
    name = f"{prefix}-TOTAL_FORMS"
    grown = data.copy()
    grown[name] = str(min((whole_number(data.get(name, "")) or 0) + 1, MOST_ROWS))
    return grown
