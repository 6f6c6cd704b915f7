"""What answers the filters of the agenda: the events of a period narrowed in memory, in order, and counts by facet."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.utils import timezone

from maillage.agenda.enums import Attendance
from maillage.agenda.queries.documents import KIND
from maillage.agenda.queries.filters import ALL_OF, CHILDREN, FACETS, Filters
from maillage.agenda.queries.period import TERMS, Row, rows_in
from maillage.core.geo import distance_km
from maillage.directory.enums import PlaceAccess
from maillage.networks.queries import departments_of, vocabularies
from maillage.search.queries import Matched, matching_ids
from maillage.topics.enums import SchoolCycle


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
        fitting = [row for row in rows_in(self.filters, self.window, self._terms) if self._fits(row)]
        near = self.filters.near
        return fitting if near is None else list(self._within_reach(fitting, near))

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
        return filters.age is None or _meet(row.ages, (filters.age, filters.age))

    def _within_reach(self, rows: Iterable[Row], near: tuple[float, float]) -> Iterator[Row]:
        """Those near the place asked for, with their distance to it."""
        for row in rows:
            if row.point is not None:
                distance = distance_km(*near, *row.point)
                if distance <= self.filters.radius:
                    yield replace(row, distance=distance)

    @cached_property
    def _worded(self) -> set[int]:
        return {*self.matched.ids, *self.matched.others} if self.matched is not None else set()

    def _failed(self, row: Row) -> list[str]:
        """The facets whose choices the row does not meet."""
        return [
            name
            for name, values in self._chosen.items()
            if not (values <= row.facts[name] if name in ALL_OF else values & row.facts[name])
        ]

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
        return sorted(
            rows, key=lambda row: (row.starts_at is None, self.is_under_way(row), row.by_the_clock, row.title_key)
        )

    # --- facets --------------------------------------------------------------------------------------------------------

    @cached_property
    def facets(self) -> list[Facet]:
        """Each counted as if it were not used, but that of needs, to which each value adds; those with something to choose."""
        counts: dict[str, dict[str, int]] = {name: defaultdict(int) for name in FACETS}
        for row in self._base:
            failed = self._failed(row)
            if len(failed) > 1:
                continue
            for name in failed or FACETS:
                if failed and name in ALL_OF:
                    continue
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


def programme(filters: Filters) -> Programme:
    matched = matching_ids(filters.network, KIND, filters.q, public=True) if filters.q else None
    return Programme(filters, matched)


def _meet(ages: list[tuple[int, int]], wanted: tuple[int, int]) -> bool:
    """Whether an event is for some of the ages wanted; one of which nothing was told is not."""
    return any(low <= wanted[1] and wanted[0] <= high for low, high in ages)
