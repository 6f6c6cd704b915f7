"""Arithmetic of dates: what is typed by the clock of a place, and the moments that it means.

Plain functions without the database. A clock has hours that do not exist (the spring change) and hours that come twice (the
autumn change): a time in the gap means the moment at which it would have been without the change, one that comes twice means
its first occurrence; so an event of every Tuesday at 18:30 stays at 18:30 by the clock through both changes.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HORIZON_DAYS = 400  # How far ahead of today a rule without end has its dates made.
MOST_DATES = 1500  # Of one event: more is a mistake in its rules.
MOST_RULES = 30
OLDEST_DAYS = 3660  # Since when a rule without end may go on: ten years.
YEARS = range(1900, 2201)


@dataclass(frozen=True)
class Slot:
    """A date typed alone: beginning and end by the clock of the place, naive. `all_day`: whole days, the last included,
    the times then being of no account. `key` is that of the row it comes from."""

    starts: datetime
    ends: datetime
    all_day: bool = False
    key: int | None = None

    def span(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The moments, in UTC."""
        if self.all_day:
            return midnight(self.starts.date(), zone), midnight(self.ends.date() + timedelta(days=1), zone)
        return moment(self.starts, zone), moment(self.ends, zone)


@dataclass(frozen=True)
class Rule:
    """As `models.Pattern`: a rule that gives one date for each of its days."""

    weekdays: tuple[int, ...]
    starts: time | None
    ends: time | None
    first_on: date
    last_on: date | None = None
    every: int = 1
    nth: int | None = None
    excluded: frozenset[date] = frozenset()
    key: int | None = None

    def days(self, until: date) -> Iterator[date]:
        """The days on which it takes place, in order, from `first_on` to `last_on` or `until`, whichever is sooner."""
        last = until if self.last_on is None else min(self.last_on, until)
        monday = self.first_on - timedelta(days=self.first_on.weekday())
        day = self.first_on
        while day <= last:
            if day.weekday() in self.weekdays and day not in self.excluded and self._is_of_the_rhythm(day, monday):
                yield day
            day += timedelta(days=1)

    def _is_of_the_rhythm(self, day: date, monday: date) -> bool:
        if self.nth is None:
            return ((day - monday).days // 7) % self.every == 0
        if self.nth < 0:
            return day.day > calendar.monthrange(day.year, day.month)[1] - 7
        return (day.day - 1) // 7 + 1 == self.nth

    def span(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The moments of one of its days, in UTC; an end not after the beginning is of the next day."""
        if self.starts is None or self.ends is None:
            return midnight(day, zone), midnight(day + timedelta(days=1), zone)
        after = day if self.ends > self.starts else day + timedelta(days=1)
        starts, ends = (
            moment(datetime.combine(day, self.starts), zone),
            moment(datetime.combine(after, self.ends), zone),
        )
        return starts, max(ends, starts + timedelta(minutes=1))  # Both in the hour that the change takes away.


@dataclass(frozen=True)
class Schedule:
    """All the dates of an event as they are typed."""

    slots: tuple[Slot, ...] = ()
    rules: tuple[Rule, ...] = ()
    by_appointment: bool = False
    available_from: date | None = None
    available_until: date | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.slots or self.rules or self.by_appointment)


@dataclass(frozen=True)
class Doubt:
    """Something allowed and unlikely: said to who typed it, who may keep it. `name` is what it is about."""

    name: str
    kind: str
    values: dict[str, object] = field(default_factory=dict)


def moment(local: datetime, zone: ZoneInfo) -> datetime:
    """The moment of a naive time by the clock of `zone`, in UTC."""
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return moment(datetime.combine(day, time()), zone)


def horizon(today: date) -> date:
    return today + timedelta(days=HORIZON_DAYS)


def shifted(schedule: Schedule, days: int) -> Schedule:
    """The same dates `days` later; a multiple of seven keeps the days of the week. Keys are forgotten."""
    by = timedelta(days=days)
    return Schedule(
        tuple(Slot(slot.starts + by, slot.ends + by, slot.all_day) for slot in schedule.slots),
        tuple(
            Rule(
                rule.weekdays, rule.starts, rule.ends, rule.first_on + by,
                None if rule.last_on is None else rule.last_on + by, rule.every, rule.nth,
                frozenset(day + by for day in rule.excluded),
            )
            for rule in schedule.rules
        ),
        schedule.by_appointment,
        None if schedule.available_from is None else schedule.available_from + by,
        None if schedule.available_until is None else schedule.available_until + by,
    )  # fmt: skip
