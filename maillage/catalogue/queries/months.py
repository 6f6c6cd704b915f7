"""When copies are free, month by month, for anyone: how many, never who has the others."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from maillage.catalogue.engine.halves import half_at, half_of
from maillage.catalogue.models import Module, Resource
from maillage.catalogue.queries.availability import shelves_of
from maillage.catalogue.queries.lending import Terms, terms_of

AHEAD_MONTHS = 36


@dataclass(frozen=True)
class Half:
    """`free` whole ones; `is_open`: things are fetched and brought back then; `is_over`: that time is past."""

    free: int
    is_open: bool
    is_over: bool


@dataclass(frozen=True)
class Day:
    day: date
    is_of_month: bool
    is_today: bool
    halves: tuple[Half, Half]

    @property
    def morning(self) -> Half:
        return self.halves[0]

    @property
    def afternoon(self) -> Half:
        return self.halves[1]


@dataclass(frozen=True)
class Calendar:
    """`total` whole ones, or copies of `module`, that may be promised; `before` and `after` the first days of the months around, None
    at the ends. `modules`: those that are lent apart."""

    month: date
    weeks: list[list[Day]]
    total: int
    before: date | None
    after: date | None
    modules: list[Module]
    module: int | None


def calendar_of(
    resource: Resource, month: date | None = None, *, module: int | None = None, terms: Terms | None = None
) -> Calendar:
    """A month of a resource, this month without one; of one of its modules alone. The same queries whatever is booked."""
    today = timezone.localdate()
    here = today.replace(day=1)
    first = min(max((month or today).replace(day=1), here), _shifted(here, AHEAD_MONTHS))
    last = first.replace(day=monthrange(first.year, first.month)[1])
    start, end = first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())
    begins, ends = half_of(start), half_of(end, afternoon=True)
    terms = terms or terms_of(resource)
    modules = list(resource.modules.all())
    module = module if any(each.pk == module for each in modules) else None
    shelves = [each for each in shelves_of(resource, begins, ends).values() if module in (None, each.module)]
    free = [min(counts) for counts in zip(*(each.free_by_half(begins, ends) for each in shelves), strict=True)]
    now = half_at(timezone.now(), timezone.get_current_timezone())

    def half(at: int) -> Half:
        return Half(free[at - begins], terms.is_open(at), at < now)

    days = [start + timedelta(days=rank) for rank in range((end - start).days + 1)]
    told = [
        Day(day, day.month == first.month, day == today, (half(half_of(day)), half(half_of(day) + 1))) for day in days
    ]
    return Calendar(
        month=first,
        weeks=[told[rank : rank + 7] for rank in range(0, len(told), 7)],
        total=min((len(each.copies) for each in shelves), default=0),
        before=_shifted(first, -1) if first > here else None,
        after=_shifted(first, 1) if first < _shifted(here, AHEAD_MONTHS) else None,
        modules=modules,
        module=module,
    )


def _shifted(first: date, months: int) -> date:
    rank = first.year * 12 + first.month - 1 + months
    return date(rank // 12, rank % 12 + 1, 1)
