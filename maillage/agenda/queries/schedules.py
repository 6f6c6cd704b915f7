"""The dates of an event as it holds them, as they are typed, and what is wrong or unlikely in those typed."""

from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.agenda.models import Event, Pattern, Timing
from maillage.agenda.queries.calendar import (
    MOST_DATES,
    MOST_RULES,
    OLDEST_DAYS,
    YEARS,
    Rule,
    Schedule,
    Slot,
    horizon,
)
from maillage.agenda.validators import LONGEST_DAYS
from maillage.core.dates import date_format

LONG_DAYS = 548  # Eighteen months: longer is more often a typing error than an exhibition.
FAR_DAYS = 730
EVENING = time(6)  # An end so early, after the beginning, is of the night that follows.


def schedule_of(event: Event) -> Schedule:
    """What `set_schedule` would make again; two queries, or those prefetched."""
    return Schedule(
        tuple(slot_of(timing, event) for timing in event.timings.all() if timing.pattern_id is None),
        tuple(rule_of(pattern) for pattern in event.patterns.all()),
        event.by_appointment,
        event.available_from,
        event.available_until,
    )


def slot_of(timing: Timing, event: Event) -> Slot:
    starts, ends = (at.astimezone(event.tz).replace(tzinfo=None) for at in (timing.starts_at, timing.ends_at))
    if timing.all_day:
        ends -= timedelta(days=1)
    return Slot(starts, ends, timing.all_day, timing.pk)


def slot_values(slot: Slot) -> dict[str, Any]:
    """A date as its row shows it."""
    first, last = slot.starts.date(), slot.ends.date()
    overnight = not slot.all_day and last == first + timedelta(days=1) and slot.ends.time() <= EVENING
    overnight = overnight and slot.ends.time() <= slot.starts.time()
    return {
        "key": slot.key,
        "day": first,
        "until": None if last == first or overnight else last,
        "starts": None if slot.all_day else slot.starts.time(),
        "ends": None if slot.all_day else slot.ends.time(),
    }


def fields_of(timing: Timing, event: Event) -> dict[str, Any]:
    """What the form of one date shows, and sends back when nothing was changed."""
    held = slot_values(slot_of(timing, event)) | {"is_cancelled": timing.is_cancelled, "note": timing.note}
    return {name: value for name, value in held.items() if name != "key"}


def rule_of(pattern: Pattern) -> Rule:
    return Rule(
        tuple(sorted(pattern.weekdays)),
        pattern.starts,
        pattern.ends,
        pattern.first_on,
        pattern.last_on,
        pattern.every,
        pattern.nth,
        frozenset(date.fromisoformat(day) for day in pattern.excluded),
        pattern.pk,
    )


def faults(schedule: Schedule) -> Iterable[str]:
    """What cannot be, as sentences. What would take long to count is refused before it is counted."""
    if any(day.year not in YEARS for day in _bounds(schedule)):
        yield _("Une date est hors du calendrier : vérifiez son année.")
        return
    if len(schedule.rules) > MOST_RULES:
        yield _("Un événement a %d répétitions au plus.") % MOST_RULES
        return
    for slot in schedule.slots:
        if slot.ends.date() < slot.starts.date() or (not slot.all_day and slot.ends <= slot.starts):
            yield _("La fin doit venir après le début : %s.") % date_format(slot.starts, "l j F Y")
        elif (slot.ends - slot.starts).days > LONGEST_DAYS:
            yield _("Une même date dure trois ans au plus.")
    until = horizon(timezone.localdate())
    count = len(schedule.slots)
    for rule in schedule.rules:
        if wrong := _wrong_bounds(rule):
            yield wrong
            continue
        days = sum(1 for _day in rule.days(rule.last_on or max(until, rule.first_on + timedelta(days=366))))
        if not days:
            yield _("Cette répétition ne donne aucune date : vérifiez ses jours, ses bornes et ses exceptions.")
        count += days
    if count > MOST_DATES:
        yield _("%(count)d dates : c'est plus que les %(most)d qu'un événement peut avoir.") % {
            "count": count,
            "most": MOST_DATES,
        }
    if schedule.available_from and schedule.available_until and schedule.available_until < schedule.available_from:
        yield _("La période des rendez-vous finit avant de commencer.")


def _wrong_bounds(rule: Rule) -> str:
    """What is wrong in the first and last day of a rule; "" for nothing."""
    if rule.last_on is None:
        since = timezone.localdate() - rule.first_on
        return _("Une répétition sans fin commence il y a dix ans au plus.") if since.days > OLDEST_DAYS else ""
    if rule.last_on < rule.first_on:
        return _("La répétition finit avant de commencer.")
    return (
        _("Une répétition avec une fin dure trois ans au plus.")
        if (rule.last_on - rule.first_on).days > LONGEST_DAYS
        else ""
    )


def _bounds(schedule: Schedule) -> Iterator[date]:
    for slot in schedule.slots:
        yield from (slot.starts.date(), slot.ends.date())
    for rule in schedule.rules:
        yield from (rule.first_on, rule.last_on or rule.first_on)
    yield from filter(None, (schedule.available_from, schedule.available_until))


def doubts(schedule: Schedule, *, before: Schedule | None = None) -> Iterable[str]:
    """What is allowed and unlikely, as sentences for who typed it; what `before` had already is not told again."""
    today = timezone.localdate()
    known = set() if before is None else {(slot.starts, slot.ends) for slot in before.slots}
    for slot in schedule.slots:
        if (slot.starts, slot.ends) in known:
            continue
        day = date_format(slot.starts, "l j F Y")
        if slot.ends.date() < today:
            yield _("Le %(day)s est déjà passé.") % {"day": day}
        elif (slot.starts.date() - today).days > FAR_DAYS:
            yield _("Le %(day)s est dans plus de deux ans.") % {"day": day}
        if (slot.ends - slot.starts).days > LONG_DAYS:
            yield _("La date qui commence le %(day)s dure plus de dix-huit mois.") % {"day": day}
    rules_before = set() if before is None else {(rule.first_on, rule.last_on) for rule in before.rules}
    for rule in schedule.rules:
        if (rule.first_on, rule.last_on) in rules_before:
            continue
        if rule.last_on is not None and rule.last_on < today:
            yield _("La répétition finit le %(day)s : c'est déjà passé.") % {
                "day": date_format(rule.last_on, "l j F Y")
            }
        if rule.last_on is not None and (rule.last_on - rule.first_on).days > LONG_DAYS:
            yield _("La répétition dure plus de dix-huit mois.")
