"""A month of the agenda as a grid of weeks."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.agenda.enums import Attendance
from maillage.agenda.models import Event, Timing
from maillage.agenda.models.events import page_path
from maillage.agenda.queries.filters import at_midnight, next_month
from maillage.agenda.queries.programme import Programme
from maillage.core.mail import absolute_url
from maillage.networks.models import Network

_COLUMNS = (
    "pk", "title", "slug", "status", "attendance", "commune__name", "last_at", "network__host", "network_id", "zone",
)  # fmt: skip
SHOWN = 4  # Events written in the square of a day; the others are one link away.
SPREAD_DAYS = 7  # A date longer than this is told under the grid, not in each of its days.


@dataclass(frozen=True)
class Entry:
    """An event on a day of its place; `at`, by the clock there, None when it goes on from the day before or lasts the whole day."""

    title: str
    url: str
    at: datetime | None
    is_cancelled: bool


@dataclass(frozen=True)
class Lasting:
    """One told under the grid: where, and the day of its last moment."""

    title: str
    url: str
    place: str
    until: date


@dataclass
class Day:
    day: date
    is_of_month: bool
    is_today: bool
    entries: list[Entry] = field(default_factory=list)

    @property
    def shown(self) -> list[Entry]:
        return self.entries[:SHOWN]

    @property
    def more(self) -> int:
        return max(0, len(self.entries) - SHOWN)


@dataclass(frozen=True)
class Month:
    """`weeks` begin on Monday; `long` are the events that take place day after day."""

    first: date
    weeks: list[list[Day]]
    long: list[Lasting]

    @property
    def days(self) -> list[Day]:
        """Those of the month on which there is something, in order: the same for a phone."""
        return [day for week in self.weeks for day in week if day.is_of_month and day.entries]


def month_of(found: Programme) -> Month:
    """Two queries, whatever the number of events."""
    here = found.filters.network
    first = found.filters.month or found.filters.today.replace(day=1)
    start, end = at_midnight(first), at_midnight(next_month(first))
    events: dict[int, tuple[Any, ...]] = {
        pk: tuple(facts) for pk, *facts in Event.objects.filter(pk__in=found.ids).values_list(*_COLUMNS)
    }
    often = {row.pk for row in found.rows if row.is_long}
    timings = Timing.objects.overlapping(start, end).filter(event__in=list(events)).order_by("starts_at", "pk")
    by_day: dict[date, list[Entry]] = defaultdict(list)
    long: dict[int, Lasting] = {}
    for pk, starts, ends, all_day, cancelled in timings.values_list(
        "event", "starts_at", "ends_at", "all_day", "is_cancelled"
    ):
        title, slug, status, attendance, commune, last_at, host, network_id, zone = events[pk]
        url = page_path(slug) if network_id == here.pk else absolute_url(Network(host=host), page_path(slug))
        if pk in often or ends - starts > timedelta(days=SPREAD_DAYS):
            place = _("en ligne") if attendance == Attendance.ONLINE else commune or ""
            long[pk] = Lasting(title, url, place, _last_day(last_at, ZoneInfo(zone)))
            continue
        local = starts.astimezone(ZoneInfo(zone))
        day, last = local.date(), _last_day(ends, ZoneInfo(zone))
        if ends - starts < timedelta(hours=12):
            last = day  # One that ends in the small hours is of its evening.
        while day <= last:
            at = local if day == local.date() and not all_day else None
            by_day[day].append(Entry(title, url, at, cancelled or status == "cancelled"))
            day += timedelta(days=1)
    return Month(first, list(_weeks(first, by_day)), sorted(long.values(), key=lambda each: (each.until, each.title)))


def _last_day(ends: datetime, zone: ZoneInfo) -> date:
    """The end of a whole day is the midnight after it."""
    return (ends - timedelta(microseconds=1)).astimezone(zone).date()


def _weeks(first: date, by_day: dict[date, list[Entry]]) -> Any:
    today, following = timezone.localdate(), next_month(first)
    monday = first - timedelta(days=first.weekday())
    while monday < following:
        week = [monday + timedelta(days=number) for number in range(7)]
        yield [
            Day(day, first <= day < following, day == today, by_day[day] if first <= day < following else [])
            for day in week
        ]
        monday += timedelta(days=7)
