"""Half-days as whole numbers: `2 × day.toordinal()` for a morning, one more for an afternoon.

A half-day is of the calendar, not of the clock: nothing here moves when summer time begins or ends.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

NOON = 13  # Before one in the afternoon, local time, is still the morning.
OF_A_WEEK = 14


def half_of(day: date, *, afternoon: bool = False) -> int:
    return 2 * day.toordinal() + afternoon


def half_at(moment: datetime, zone: ZoneInfo) -> int:
    """The half-day of an instant, by the clock of `zone`."""
    local = moment.astimezone(zone)
    return half_of(local.date(), afternoon=local.hour >= NOON)


def day_of(half: int) -> date:
    return date.fromordinal(half // 2)


def is_afternoon(half: int) -> bool:
    return half % 2 == 1


def week_half(half: int) -> int:
    """Its rank in the week: 0 for a Monday morning, 13 for a Sunday afternoon."""
    return 2 * day_of(half).weekday() + half % 2


@dataclass(frozen=True)
class Span:
    """Half-days of a use, first and last included, and around it those that the copies are not free: `before` (transport to
    the borrower, then set-up) and `after` (transport back, then buffer)."""

    first: int
    last: int
    transport: int = 0
    setup: int = 0
    buffer: int = 0

    def __post_init__(self) -> None:
        if self.last < self.first or min(self.transport, self.setup, self.buffer) < 0:
            raise ValueError("a span ends after it begins, and nothing in it lasts less than nothing")

    @property
    def taken_first(self) -> int:
        return self.first - self.setup - self.transport

    @property
    def taken_last(self) -> int:
        return self.last + self.transport + self.buffer

    @property
    def days(self) -> int:
        """How many days the use touches."""
        return self.last // 2 - self.first // 2 + 1

    def part_of(self, half: int) -> str:
        """What a copy does then: a value of `enums.Part`."""
        if self.first <= half <= self.last:
            return "use"
        if half < self.first:
            return "setup" if half >= self.first - self.setup else "transport"
        return "transport" if half <= self.last + self.transport else "buffer"
