"""What answers the filters of the agenda: the events of a period with their next date, counts by facet, days of a month.

The rows of the period are read once, in a constant number of queries, and narrowed in memory: a period is 400 days at most,
a region announces some 900 events a year. An event is told once, at its first date of the period.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, DateTimeField, Max, Min, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from maillage.agenda.enums import Attendance, EventState, Price, SchoolCycle
from maillage.agenda.models import Event, Timing
from maillage.agenda.queries.documents import KIND
from maillage.agenda.queries.filters import CHILDREN, FACETS, OLDEST, Filters
from maillage.agenda.registry import EVENT
from maillage.core.geo import distance_km
from maillage.directory.enums import PlaceAccess
from maillage.networks.models import Network
from maillage.networks.queries import departments_of, vocabularies
from maillage.search.queries import Matched, matching_ids
from maillage.sharing.queries import taken_by
from maillage.topics.enums import Vocabulary

TERMS = {"action": Vocabulary.ACTION_KIND, "theme": Vocabulary.THEME, "public": Vocabulary.AUDIENCE}
LONG = timedelta(days=3)  # A date longer than this can be seen tomorrow as well.
OFTEN = 6  # Dates, at four a week or more: an exhibition that opens day after day is a long one too.
_COLUMNS = (
    "pk", "commune__department__code", "latitude", "longitude", "price", "age_min", "age_max", "attendance", "place_access",
    "cycles", "by_appointment", "available_from", "available_until", "featured_at", "title_key", "first_at", "network_id",
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
    distance: float | None = None

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
class FacetValue:
    value: str
    label: Any
    count: int
    selected: bool
    hue: int | None = None
    shape: str = ""


@dataclass(frozen=True)
class Facet:
    name: str
    label: Any
    values: list[FacetValue]

    @property
    def selected(self) -> list[FacetValue]:
        return [value for value in self.values if value.selected]


class Programme:
    """The answer to filters; everything is computed on demand. `matched` is what the words asked for find (None: no words)."""

    def __init__(self, filters: Filters, matched: Matched | None = None) -> None:
        self.filters = filters
        self.matched = matched
        self.window = filters.window()
        self._terms = vocabularies(filters.network)
        self._labels = {name: self._known(name) for name in FACETS}

    @property
    def corrected(self) -> str:
        return self.matched.corrected if self.matched else ""

    @cached_property
    def rows(self) -> list[Row]:
        """What answers, in the order asked for."""
        return self._sorted(row for row in self._base if not self._failed(row))

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def ids(self) -> list[int]:
        return [row.pk for row in self.rows]

    def points(self) -> list[tuple[int, float, float]]:
        return [(row.pk, *row.point) for row in self.rows if row.point is not None]

    def is_under_way(self, row: Row) -> bool:
        """Whether it is a long one that began before the period: told after those that begin in it."""
        return row.is_long and row.first_at is not None and row.first_at < self.window[0]

    def mark_of(self, row: Row) -> tuple[int, str]:
        """Hue and shape of its first type of action, as its card has them."""
        for slug, (_label, hue, shape) in self._labels["action"].items():
            if slug in row.facts["action"]:
                return hue or 1, shape
        return 1, "circle"

    # --- narrowing -----------------------------------------------------------------------------------------------------

    @cached_property
    def _base(self) -> list[Row]:
        """All but the facets: period, words, place, switches, age, organiser."""
        found = _rows_of(self.filters, self.window, self._ages_of_terms(), self._slugs_of_terms())
        return [row for row in found if self._fits(row)]

    def _fits(self, row: Row) -> bool:
        filters = self.filters
        if self.matched is not None and row.pk not in self._worded:
            return False
        if "gratuit" in filters.switches and not row.is_free:
            return False
        if "une" in filters.switches and not row.is_featured:
            return False
        if "longue" in filters.switches and not row.is_long:
            return False
        if "enfants" in filters.switches and not _meet(row.ages, CHILDREN):
            return False
        if filters.age is not None and not _meet(row.ages, (filters.age, filters.age)):
            return False
        if filters.near is not None:
            if row.point is None:
                return False
            row.distance = distance_km(*filters.near, *row.point)
            return row.distance <= filters.radius
        return True

    @cached_property
    def _worded(self) -> set[int]:
        return {*self.matched.ids, *self.matched.others} if self.matched is not None else set()

    def _failed(self, row: Row) -> list[str]:
        """The facets whose choices the row does not meet."""
        return [name for name, values in self._chosen.items() if not row.facts[name] & values]

    @cached_property
    def _chosen(self) -> dict[str, frozenset[str]]:
        chosen = {name: frozenset(values) & self._labels[name].keys() for name, values in self.filters.chosen.items()}
        return {name: values for name, values in chosen.items() if values}

    def _sorted(self, rows: Iterable[Row]) -> list[Row]:
        filters, now = self.filters, timezone.now()
        if filters.order == "distance":
            return sorted(rows, key=lambda row: (row.distance or 0.0, row.title_key))
        if filters.order == "pertinence" and self.matched is not None:
            rank = {pk: number for number, pk in enumerate(self.matched.ids)}
            return sorted(rows, key=lambda row: (rank.get(row.pk, len(rank)), row.title_key))
        if filters.is_past:
            return sorted(rows, key=lambda row: (row.ends_at or now, row.pk), reverse=True)
        far = now + timedelta(days=10_000)
        return sorted(
            rows, key=lambda row: (row.starts_at is None, self.is_under_way(row), row.starts_at or far, row.title_key)
        )

    # --- facets --------------------------------------------------------------------------------------------------------

    @cached_property
    def facets(self) -> list[Facet]:
        """Each counted as if it were not used; those with something to choose."""
        counts: dict[str, dict[str, int]] = {name: defaultdict(int) for name in FACETS}
        for row in self._base:
            failed = self._failed(row)
            if len(failed) > 1:
                continue
            for name in failed or FACETS:
                for value in row.facts[name]:
                    counts[name][value] += 1
        found = [self._facet(name, counts[name]) for name in FACETS]
        return [facet for facet in found if len(facet.values) > 1 or facet.selected]

    def _facet(self, name: str, counts: dict[str, int]) -> Facet:
        chosen = self._chosen.get(name, frozenset())
        values = [
            FacetValue(value, label, counts.get(value, 0), value in chosen, hue, shape)
            for value, (label, hue, shape) in self._labels[name].items()
            if counts.get(value) or value in chosen
        ]
        return Facet(name, FACETS[name], values)

    def chips(self) -> list[tuple[str, FacetValue]]:
        return [(facet.name, value) for facet in self.facets for value in facet.selected]

    def _known(self, name: str) -> dict[str, tuple[Any, int | None, str]]:
        if name in TERMS:
            return {term.slug: (term.label, term.hue, term.shape) for term in self._terms[TERMS[name]]}
        if name == "departement":
            return {place.code: (place.name, None, "") for place in departments_of(self.filters.network)}
        choices: Any = {"acces": PlaceAccess, "niveau": SchoolCycle, "lieu": Attendance}[name].choices
        return {value: (label, None, "") for value, label in choices}

    def _ages_of_terms(self) -> dict[int, tuple[int, int]]:
        return {
            term.pk: (term.age_min or 0, OLDEST if term.age_max is None else term.age_max)
            for term in self._terms[Vocabulary.AUDIENCE]
            if term.age_min is not None or term.age_max is not None
        }

    def _slugs_of_terms(self) -> dict[int, tuple[str, str]]:
        return {term.pk: (name, term.slug) for name, vocabulary in TERMS.items() for term in self._terms[vocabulary]}


def programme(filters: Filters) -> Programme:
    matched = matching_ids(filters.network, KIND, filters.q, public=True) if filters.q else None
    return Programme(filters, matched)


def rows_of(keys: Iterable[int]) -> list[Row]:
    """These events with their next date, else their last one: for cards outside the agenda itself. In the order of dates, two
    queries."""
    now, wanted = timezone.now(), list(keys)
    timings = Timing.objects.filter(event__in=wanted).order_by()
    coming = (
        timings.filter(ends_at__gt=now)
        .values("event")
        .annotate(first=_kept(Min, "starts_at"), sooner=_kept(Min, "ends_at"), number=Count("pk", filter=_HOLDS))
    )
    dates = {row["event"]: (row["first"], row["sooner"], row["number"]) for row in coming}
    for row in (
        timings.exclude(event__in=list(dates)).values("event").annotate(first=Max("starts_at"), last=Max("ends_at"))
    ):
        dates[row["event"]] = (row["first"], row["last"], 1)
    rows = [Row(pk, "", *dates.get(pk, (None, None, 0)), None, {}, [], False, False) for pk in wanted]
    return sorted(rows, key=lambda row: (row.starts_at is None, row.starts_at or now, row.pk))


def _meet(ages: list[tuple[int, int]], wanted: tuple[int, int]) -> bool:
    """Whether an event is for some of the ages wanted; one of which nothing was told is not."""
    return any(low <= wanted[1] and wanted[0] <= high for low, high in ages)


def _rows_of(
    filters: Filters,
    window: tuple[datetime, datetime],
    ages_of: dict[int, tuple[int, int]],
    facet_of: dict[int, tuple[str, str]],
) -> Iterator[Row]:
    """The events of the period, in three queries."""
    shown = Event.objects.told_in(filters.network)
    if filters.organiser:
        by_actor = Q(organisers__actor__slug=filters.organiser, organisers__withdrawn_at=None)
        shown = shown.filter(by_actor | Q(venue__slug=filters.organiser)).distinct()
    dates = _dates_in(filters, window)
    start, end = (timezone.localtime(at).date() for at in window)
    appointments = Q(by_appointment=True)
    appointments &= Q(available_from=None) | Q(available_from__lt=end)
    appointments &= Q(available_until=None) | Q(available_until__gte=start)
    dated = {pk: told for pk, *told in dates}
    wanted = Q(pk__in=list(dated)) if len(dated) < 500 else _frame(window)
    events = list(shown.filter(wanted | appointments).order_by("pk").values_list(*_COLUMNS))
    keys = [event[0] for event in events]
    terms: dict[int, list[int]] = defaultdict(list)
    links = Event.terms.through.objects.filter(event__in=shown.filter(wanted | appointments).values("pk"))
    for pk, term in links.values_list("event_id", "term_id"):
        terms[pk].append(term)
    for pk, event in zip(keys, events, strict=True):
        if pk in dated or (event[10] and not filters.is_past):
            yield _row(event, terms[pk], dated.get(pk, [None, None, 0, None]), ages_of, facet_of, filters.network.pk)


def _of(network: Network) -> Q:
    """The dates of its events, and of those it took from others."""
    own = Q(event__network=network)
    return own | Q(event__in=taken_by(network, EVENT)) if network.has_guests else own


def _frame(window: tuple[datetime, datetime]) -> Q:
    return Q(first_at__lt=window[1]) & (Q(last_at__gt=window[0]) | Q(last_at=None))


_HOLDS = Q(is_cancelled=False)


def _kept(aggregate: type[Min | Max], column: str) -> Coalesce:
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
            first=_kept(Min, "starts_at"),
            sooner=_kept(Min, "ends_at"),
            last=_kept(Max, "ends_at"),
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
        key, first_at, network_id,
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
    )


def _ages(low: int | None, high: int | None, of_audiences: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those told of the event, else those of its audiences."""
    if low is not None or high is not None:
        return [(low or 0, OLDEST if high is None else high)]
    return of_audiences
