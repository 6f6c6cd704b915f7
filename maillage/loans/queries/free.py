"""When a resource is free, as a month of half-days that people read."""

from dataclasses import dataclass
from datetime import date, timedelta

from maillage.catalogue.models import Resource
from maillage.catalogue.queries.availability import sets_free
from maillage.catalogue.queries.halves import half_of
from maillage.catalogue.queries.lending import Terms

WEEKS = 5


@dataclass(frozen=True)
class FreeDay:
    """How many whole ones are free in the morning and in the afternoon; None when nothing is fetched nor brought back then."""

    day: date
    morning: int | None
    afternoon: int | None
    is_past: bool

    @property
    def state(self) -> str:
        known = [each for each in (self.morning, self.afternoon) if each is not None]
        if self.is_past or not known:
            return "closed"
        return "free" if min(known) else ("partly" if max(known) else "taken")


def free_weeks(resource: Resource, terms: Terms, around: date, today: date) -> list[list[FreeDay]]:
    """Five weeks from the Monday of that of `around`, in a handful of queries."""
    monday = around - timedelta(days=around.weekday())
    first = half_of(monday)
    counts = sets_free(resource, first, first + 14 * WEEKS - 1)
    weeks = []
    for week in range(WEEKS):
        days = []
        for number in range(7):
            at = 14 * week + 2 * number
            day = monday + timedelta(days=7 * week + number)
            told = [counts[at + half] if terms.is_open(first + at + half) else None for half in (0, 1)]
            days.append(FreeDay(day, told[0], told[1], day < today))
        weeks.append(days)
    return weeks
