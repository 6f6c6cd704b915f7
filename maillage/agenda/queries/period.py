"""The events of a period with their next date and what the filters ask of them, read at once and kept while they are true.

An event is told once, at its first date of the period. A period is 400 days at most, a region announces some 900 events a year.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, DateTimeField, Max, Min, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from maillage.agenda.enums import Attendance, EventState, Price
from maillage.agenda.models import Event, Timing
from maillage.agenda.queries.filters import FACETS, OLDEST, Filters, at_midnight
from maillage.agenda.registry import EVENT
from maillage.networks.models import Network
from maillage.sharing.queries import is_taken
from maillage.territories.enums import METROPOLE
from maillage.topics.enums import Vocabulary
from maillage.topics.models import Term

TERMS = {"action": Vocabulary.ACTION_KIND, "theme": Vocabulary.THEME, "public": Vocabulary.AUDIENCE}
LONG = timedelta(days=3)  # A date longer than this can be seen tomorrow as well.
OFTEN = 6  # Dates, at four a week or more: an exhibition that opens day after day is a long one too.
_COLUMNS = (
    "pk", "commune__department__code", "latitude", "longitude", "price", "age_min", "age_max", "attendance", "place_access",
    "cycles", "by_appointment", "available_from", "available_until", "featured_at", "title_key", "first_at", "network_id",
    "zone",
)  # fmt: skip


@dataclass
class Row:
    """An event of the period: `starts_at` and `ends_at` frame its first date there that is not cancelled, if any (None: by
    appointment), `dates` is how many of these it has there, `until` the end of the last one; `first_at` is when the event itself
    began. `facts` maps a facet to the values it has."""

    pk: int
    title_key: str
    starts_at: datetime | None
    ends_at: datetime | None
    dates: int
    point: tuple[float, float] | None
    facts: dict[str, frozenset[str]]
    ages: list[tuple[int, int]]
    is_free: bool
    is_featured: bool
    first_at: datetime | None = None
    until: datetime | None = None
    zone: str = METROPOLE
    distance: float | None = None

    @property
    def by_the_clock(self) -> datetime | None:
        """When it begins by the clock of its place, naive; None by appointment."""
        if self.starts_at is None:
            return None
        return self.starts_at.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)

    @property
    def is_off(self) -> bool:
        """Whether all its dates of the period are cancelled."""
        return self.starts_at is not None and not self.dates

    @property
    def is_long(self) -> bool:
        """Whether it is no matter of one day: one long date, or dates day after day."""
        if self.starts_at is None or self.ends_at is None:
            return False
        if self.ends_at - self.starts_at > LONG:
            return True
        weeks = ((self.until or self.ends_at) - self.starts_at) / timedelta(days=7)
        return self.dates >= OFTEN and self.dates >= 4 * weeks


@dataclass(frozen=True)
class _Kept:
    """The rows of a period as of a version of the network; true until the next of its dates is over, or begins for what is
    past."""

    version: int
    until: datetime
    rows: list[Row]


_MOST_KEPT = 32  # Periods, in a process: two a network, some 500 rows each.
_kept: dict[tuple[int, bool, date], _Kept] = {}


def rows_in(filters: Filters, window: tuple[datetime, datetime], terms_of: dict[str, list[Term]]) -> list[Row]:
    """The rows of the period, nobody's to change: several requests read the same ones. `terms_of`: the network's, by vocabulary.

    Kept in the process for whoever asks for all that is to come or past: until an act of the network, until a date is over, and for
    the day. Not inside a transaction, whose writings may come to nothing; nor for one organiser, of which there are many.
    """
    now = timezone.now()
    is_common = (filters.is_past or filters.starts_now) and not filters.organiser
    if connection.in_atomic_block or not is_common:
        return list(_rows_of(filters, window, terms_of))
    network = filters.network
    key = (network.pk, filters.is_past, filters.today)
    found = _kept.get(key)
    if found is None or found.version != network.content_version or found.until <= now:
        found = _Kept(
            network.content_version, _true_until(filters, window, now), list(_rows_of(filters, window, terms_of))
        )
        _kept.pop(key, None)
        while len(_kept) >= _MOST_KEPT:
            _kept.pop(next(iter(_kept), key), None)  # The one read longest ago; another request may take it first.
        _kept[key] = found
    return found.rows


def _true_until(filters: Filters, window: tuple[datetime, datetime], now: datetime) -> datetime:
    """When a row of the period may become another by the clock alone: a date ends, or begins where the past is told."""
    column, since = ("starts_at", window[1]) if filters.is_past else ("ends_at", window[0])
    dates = Timing.objects.filter(_of(filters.network), event__state=EventState.PUBLISHED, **{f"{column}__gt": since})
    soonest = dates.order_by(column).values_list(column, flat=True).first()
    midnight = at_midnight(filters.today + timedelta(days=1))
    return min(soonest, midnight) if soonest else midnight


def rows_of(keys: Iterable[int]) -> list[Row]:
    """These events with their next date, else their last one: for cards outside the agenda itself. In the order of dates, two
    queries."""
    now, wanted = timezone.now(), list(keys)
    timings = Timing.objects.filter(event__in=wanted).order_by()
    coming = (
        timings.filter(ends_at__gt=now)
        .values("event")
        .annotate(
            first=_unless_cancelled(Min, "starts_at"),
            sooner=_unless_cancelled(Min, "ends_at"),
            number=Count("pk", filter=_HOLDS),
        )
    )
    dates = {row["event"]: (row["first"], row["sooner"], row["number"]) for row in coming}
    for row in (
        timings.exclude(event__in=list(dates)).values("event").annotate(first=Max("starts_at"), last=Max("ends_at"))
    ):
        dates[row["event"]] = (row["first"], row["last"], 1)
    rows = [Row(pk, "", *dates.get(pk, (None, None, 0)), None, {}, [], False, False) for pk in wanted]
    return sorted(rows, key=lambda row: (row.starts_at is None, row.starts_at or now, row.pk))


def batches(keys: list[int], size: int = 900) -> Iterator[list[int]]:
    """As many as a query of either database may name."""
    return (keys[start : start + size] for start in range(0, len(keys), size))


def _rows_of(filters: Filters, window: tuple[datetime, datetime], terms_of: dict[str, list[Term]]) -> Iterator[Row]:
    """The events of the period: a query for the dates, two for each thousand events. Those by appointment are asked for beside
    the others: by dates or by appointment in one condition, the database would read all that ever took place."""
    facet_of = {term.pk: (name, term.slug) for name, vocabulary in TERMS.items() for term in terms_of[vocabulary]}
    ages_of = {
        term.pk: (term.age_min or 0, OLDEST if term.age_max is None else term.age_max)
        for term in terms_of[Vocabulary.AUDIENCE]
        if term.age_min is not None or term.age_max is not None
    }
    shown = Event.objects.told_in(filters.network)
    if filters.organiser:
        by_actor = Q(organisers__actor__slug=filters.organiser, organisers__withdrawn_at=None)
        shown = shown.filter(by_actor | Q(venue__slug=filters.organiser)).distinct()
    dates = _dates_in(filters, window)
    dated = {pk: told for pk, *told in dates}
    asked: list[Any] = [shown.filter(pk__in=some).order_by().values_list(*_COLUMNS) for some in batches(sorted(dated))]
    if not filters.is_past:
        start, end = (timezone.localtime(at).date() for at in window)
        free: Any = shown.filter(Q(available_from=None) | Q(available_from__lt=end), by_appointment=True)
        free = free.filter(Q(available_until=None) | Q(available_until__gte=start)).order_by().values_list(*_COLUMNS)
        asked = [asked[0].union(free, all=True), *asked[1:]] if asked else [free]
    found = {event[0]: event for events in asked for event in events}
    terms: dict[int, list[int]] = defaultdict(list)
    for some in batches(sorted(found)):
        for pk, term in Event.terms.through.objects.filter(event__in=some).values_list("event_id", "term_id"):
            terms[pk].append(term)
    for pk, event in sorted(found.items()):
        yield _row(event, terms[pk], dated.get(pk, [None, None, 0, None]), ages_of, facet_of, filters.network.pk)


def _of(network: Network) -> Q:
    """The dates of its events, and of those it took from others."""
    own = Q(event__network=network)
    return own | Q(is_taken(network, EVENT, "event_id")) if network.has_guests else own


_HOLDS = Q(is_cancelled=False)


def _unless_cancelled(aggregate: type[Min | Max], column: str) -> Coalesce:
    return Coalesce(aggregate(column, filter=_HOLDS), aggregate(column), output_field=DateTimeField())


def _dates_in(
    filters: Filters, window: tuple[datetime, datetime]
) -> list[tuple[int, datetime, datetime, int, datetime]]:
    """Of each event with a date in the period: beginning and end of the first one (the last, of what is past), how many, and
    the end of the last; cancelled ones are told only where there is no other."""
    not_over = Q(event__last_at__gt=window[0]) | Q(event__last_at=None)  # The others are not looked into.
    timings = Timing.objects.overlapping(*window).filter(
        not_over, _of(filters.network), event__state=EventState.PUBLISHED
    )
    rows = (
        timings.order_by()
        .values("event")
        .annotate(
            first=_unless_cancelled(Min, "starts_at"),
            sooner=_unless_cancelled(Min, "ends_at"),
            last=_unless_cancelled(Max, "ends_at"),
            number=Count("pk", filter=_HOLDS),
        )
    )
    return [
        (
            row["event"],
            row["first"],
            row["last"] if filters.is_past else row["sooner"],
            row["number"],
            row["last"],
        )
        for row in rows
    ]


def _row(
    event: tuple[Any, ...],
    terms: list[int],
    dates: list[Any],
    ages_of: dict[int, tuple[int, int]],
    facet_of: dict[int, tuple[str, str]],
    here: int,
) -> Row:
    """What is put forward in another network is not so `here`."""
    (
        pk, department, latitude, longitude, price, age_min, age_max, attendance, access, cycles, _by, _from, _until, featured,
        key, first_at, network_id, zone,
    ) = event  # fmt: skip
    facts: dict[str, set[str]] = {name: set() for name in FACETS}
    for term in terms:
        if term in facet_of:
            name, slug = facet_of[term]
            facts[name].add(slug)
    if department:
        facts["departement"].add(department)
    facts["acces"].update(access)
    facts["niveau"].update(cycles)
    facts["lieu"].update([Attendance.ONSITE, Attendance.ONLINE] if attendance == Attendance.MIXED else [attendance])
    facts["lieu"].add(attendance)
    return Row(
        pk=pk,
        title_key=key,
        starts_at=dates[0],
        ends_at=dates[1],
        dates=dates[2],
        point=(latitude, longitude) if latitude is not None and attendance != Attendance.ONLINE else None,
        facts={name: frozenset(values) for name, values in facts.items()},
        ages=_ages(age_min, age_max, [ages_of[term] for term in terms if term in ages_of]),
        is_free=price == Price.FREE,
        is_featured=featured is not None and network_id == here,
        first_at=first_at,
        until=dates[3],
        zone=zone,
    )


def _ages(low: int | None, high: int | None, of_audiences: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those told of the event, else those of its audiences."""
    if low is not None or high is not None:
        return [(low or 0, OLDEST if high is None else high)]
    return of_audiences
