"""Writing the dates of an event: its rows are kept where the date is the same, so that calendars that know it follow."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Max, Min
from django.utils import timezone

from maillage.agenda.models import Event, Pattern, Timing
from maillage.agenda.queries.calendar import Rule, Schedule, Slot, horizon
from maillage.agenda.queries.schedules import rule_of, schedule_of


def set_schedule(event: Event, schedule: Schedule) -> bool:
    """Make the dates of `event` those of `schedule`; whether anything changed. Saves the event's own columns of dates."""
    before = schedule_of(event)
    event.by_appointment = schedule.by_appointment
    event.available_from = schedule.available_from if schedule.by_appointment else None
    event.available_until = schedule.available_until if schedule.by_appointment else None
    _set_slots(event, schedule.slots)
    _set_rules(event, schedule.rules)
    lay_out(event)
    return _bare(before) != _bare(schedule_of(event))


def _bare(schedule: Schedule) -> tuple[object, ...]:
    """What is compared: the dates without the keys of their rows."""
    slots = sorted((slot.starts, slot.ends, slot.all_day) for slot in schedule.slots)
    rules = sorted(str(_facts(rule)) for rule in schedule.rules)
    return slots, rules, schedule.by_appointment, schedule.available_from, schedule.available_until


def _set_slots(event: Event, slots: Iterable[Slot]) -> None:
    """A typed date takes the row of its key, else that of the same moment, else that of the same day, else, when one is left
    on both sides, that one: what moved stays the same row, with its name for calendars."""
    held = {timing.pk: timing for timing in event.timings.filter(pattern=None)}
    wanted = [(slot, *slot.span(event.tz)) for slot in slots]
    chosen: dict[int, Timing] = {}

    def give(number: int, timing: Timing | None) -> None:
        if timing is not None:
            chosen[number] = held.pop(timing.pk)

    for number, (slot, _starts, _ends) in enumerate(wanted):
        if slot.key in held:
            give(number, held[slot.key])
    for same in (
        lambda timing, starts, ends, slot: (timing.starts_at, timing.ends_at) == (starts, ends),
        lambda timing, starts, ends, slot: timing.day == slot.starts.date(),
    ):
        for number, (slot, starts, ends) in enumerate(wanted):
            if number not in chosen:
                give(number, next((each for each in held.values() if same(each, starts, ends, slot)), None))
    left = [number for number in range(len(wanted)) if number not in chosen]
    if len(left) == len(held) == 1:
        give(left[0], next(iter(held.values())))
    for number, (slot, starts, ends) in enumerate(wanted):
        timing = chosen.get(number) or Timing(event=event)
        values = {"day": slot.starts.date(), "starts_at": starts, "ends_at": ends, "all_day": slot.all_day}
        if timing.pk is None or any(getattr(timing, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(timing, name, value)
            timing.save()
    Timing.objects.filter(pk__in=list(held)).delete()


def _set_rules(event: Event, rules: Iterable[Rule]) -> None:
    held = {pattern.pk: pattern for pattern in event.patterns.all()}
    found: list[tuple[Rule, Pattern]] = []
    rules = list(rules)
    rules.sort(key=lambda rule: rule.key not in held)  # Those that name their row choose first.
    for rule in rules:
        pattern = held.pop(rule.key, None) if rule.key is not None else None
        if pattern is None:
            same = (each for each in held.values() if (each.starts, each.first_on) == (rule.starts, rule.first_on))
            close = next(same, None)
            pattern = held.pop(close.pk) if close is not None else Pattern(event=event)
        found.append((rule, pattern))
    for rule, pattern in found:
        for name, value in _facts(rule).items():
            setattr(pattern, name, value)
        pattern.save()
    Pattern.objects.filter(pk__in=list(held)).delete()


def _facts(rule: Rule) -> dict[str, object]:
    return {
        "weekdays": sorted(rule.weekdays),
        "starts": rule.starts,
        "ends": rule.ends,
        "first_on": rule.first_on,
        "last_on": rule.last_on,
        "every": rule.every,
        "nth": rule.nth,
        "excluded": sorted(day.isoformat() for day in rule.excluded),
    }


def lay_out(event: Event, *, today: date | None = None) -> bool:
    """Make the dates that the rules of the event give up to the horizon, take away those that they give no more; whether a row
    was made or went. Dates that somebody changed apart are left, but for those of a day taken out of the rule."""
    until = horizon(today or timezone.localdate())
    touched = False
    for pattern in event.patterns.all():
        rule = rule_of(pattern)
        wanted = {day: rule.span(day, event.tz) for day in rule.days(until if rule.last_on is None else rule.last_on)}
        held = {timing.rule_day: timing for timing in pattern.timings.all()}
        made = []
        for day, (starts, ends) in wanted.items():
            timing = held.pop(day, None)
            if timing is None:
                made.append(
                    Timing(event=event, pattern=pattern, day=day, rule_day=day, starts_at=starts, ends_at=ends,
                           all_day=rule.starts is None)
                )  # fmt: skip
            elif not timing.is_changed and (timing.starts_at, timing.ends_at) != (starts, ends):
                timing.day, timing.starts_at, timing.ends_at, timing.all_day = day, starts, ends, rule.starts is None
                timing.save()
                touched = True
        gone = [timing.pk for day, timing in held.items() if not timing.is_changed or day in rule.excluded]
        Timing.objects.bulk_create(made)
        Timing.objects.filter(pk__in=gone).delete()
        touched = touched or bool(made or gone)
    frame(event)
    return touched


def frame(event: Event) -> None:
    """`first_at` and `last_at`, from the rows; without a last one where a rule goes on or appointments are taken."""
    ends = event.timings.aggregate(first=Min("starts_at"), last=Max("ends_at"))
    endless = event.by_appointment or event.patterns.filter(last_on=None).exists()
    event.first_at, event.last_at = ends["first"], None if endless else ends["last"]
    Event.objects.filter(pk=event.pk).update(
        first_at=event.first_at,
        last_at=event.last_at,
        by_appointment=event.by_appointment,
        available_from=event.available_from,
        available_until=event.available_until,
    )
