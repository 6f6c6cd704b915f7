"""What answers the filters of the catalogue, and the counts of its facets.

Values within a facet add up (or), facets narrow each other (and); each is counted as if it were not used. All are counted over the
columns of the catalogue (`columns`), narrowed to what words, numbers, dates and places leave.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain, compress
from operator import and_
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from maillage.catalogue.engine.halves import Span, half_at, half_of
from maillage.catalogue.enums import FORM_OF, Form, Kind, Price
from maillage.catalogue.models import Module, Resource
from maillage.catalogue.queries.availability import free_in
from maillage.catalogue.queries.columns import ALL_OF, LENGTHS, LISTS, PLAIN, SEVERAL, TERMS, Columns, columns_of
from maillage.catalogue.queries.documents import KIND
from maillage.catalogue.queries.filters import FACETS, Filters
from maillage.catalogue.queries.lending import Terms, terms_of_many
from maillage.core.geo import distance_km
from maillage.directory.enums import LANGUAGES
from maillage.networks.queries import departments_of, vocabularies
from maillage.search.queries import Matched, matching_ids

_LOANS = [kind for kind, form in FORM_OF.items() if form == Form.LOAN]


@dataclass(frozen=True)
class FacetValue:
    value: str
    label: Any
    count: int
    selected: bool


@dataclass(frozen=True)
class Facet:
    name: str
    label: Any
    values: list[FacetValue]

    @property
    def selected(self) -> list[FacetValue]:
        return [value for value in self.values if value.selected]


class Selection:
    """The answer to filters, whoever asks; everything is computed on demand."""

    def __init__(self, filters: Filters, matched: Matched | None = None) -> None:
        self.filters = filters
        self.matched = matched

    @property
    def corrected(self) -> str:
        return self.matched.corrected if self.matched else ""

    @cached_property
    def count(self) -> int:
        return len(self.keys)

    @cached_property
    def keys(self) -> list[int]:
        """In the order asked for."""
        return self._kept(self._passing_all, self._columns.pks)

    @property
    def latest(self) -> list[int]:
        """The newest first, whatever the order asked for."""
        found = Resource.objects.filter(pk__in=self.keys).order_by("-published_at", "-pk")
        return list(found.values_list("pk", flat=True))

    # --- places ---------------------------------------------------------------------------------------------------------

    @cached_property
    def points(self) -> Mapping[int, tuple[float, float]]:
        """Of what is fetched or comes: its own point, else the middle of its commune, else of its actor's. Where an actor is to the
        metre is its sheet's to tell."""
        placed = self._base_everywhere.exclude(kind__in=[kind for kind in Kind if FORM_OF[kind] == Form.DOCUMENT])
        latitude = Coalesce("latitude", "commune__latitude", "actor__commune__latitude")
        longitude = Coalesce("longitude", "commune__longitude", "actor__commune__longitude")
        rows = placed.annotate(at_latitude=latitude, at_longitude=longitude).exclude(at_latitude=None)
        return {
            pk: (north, east) for pk, north, east in rows.order_by().values_list("pk", "at_latitude", "at_longitude")
        }

    @cached_property
    def distances(self) -> Mapping[int, float]:
        """In km, of what is within the radius."""
        if self.filters.near is None:
            return {}
        north, east = self.filters.near
        away = {pk: distance_km(north, east, *point) for pk, point in self.points.items()}
        return {pk: km for pk, km in away.items() if km <= self.filters.radius}

    @cached_property
    def coming(self) -> Mapping[int, str]:
        """What comes, and says that it serves where one is, however far it lives: with the name of that commune."""
        place = self.filters.near_commune
        if self.filters.near is None or place is None:
            return {}
        served = [place.pk, place.department_id, place.epci_id, place.region_id]
        visits = self._base_everywhere.filter(kind__in=[kind for kind in Kind if FORM_OF[kind] == Form.VISIT])
        found = visits.filter(
            pk__in=Resource.zone.through.objects.filter(territory__in=[key for key in served if key]).values("resource")
        )
        return dict.fromkeys(found.order_by().values_list("pk", flat=True), place.name)

    # --- narrowing ------------------------------------------------------------------------------------------------------

    @cached_property
    def _base_everywhere(self) -> Any:
        """All but the facets, the place and the dates."""
        filters = self.filters
        found: Any = Resource.objects.filter(network=filters.network).shown()
        if filters.actor:
            found = found.filter(actor__slug=filters.actor)
        if "gratuit" in filters.switches:
            found = found.filter(price=Price.FREE)
        if (surface := filters.numbers.get("surface")) is not None:
            parts = Module.objects.filter(resource=OuterRef("pk"), surface__lte=surface)
            found = found.filter(Q(surface__lte=surface) | Q(Exists(parts)))
        if (height := filters.numbers.get("hauteur")) is not None:
            found = found.filter(height__lte=height)
        if (group := filters.numbers.get("groupe")) is not None:
            least = Q(group_min=None) | Q(group_min__lte=group)
            found = found.filter(least, Q(group_max__gte=group) | Q(group_max=None, group_min__isnull=False))
        if (age := filters.numbers.get("age")) is not None:
            found = found.filter(Q(age_min__lte=age), Q(age_max=None) | Q(age_max__gte=age))
        if self.matched is not None:
            found = found.filter(pk__in=[*self.matched.ids, *self.matched.others])
        return found

    @cached_property
    def _base(self) -> Any:
        found = self._base_everywhere
        if self.filters.near is not None:
            found = found.filter(pk__in=[*self.distances, *self.coming])
        if self.filters.first is not None and self.filters.last is not None:
            found = found.filter(pk__in=self._free_on_dates(found, self.filters.first, self.filters.last))
        if "cesoir" in self.filters.switches:
            found = found.filter(pk__in=self._tonight(found))
        return found

    def _free_on_dates(self, found: Any, first: date, last: date) -> set[int]:
        """What someone who asks for these days would obtain, transport, set-up and buffer included, on the terms of its lender; what
        comes on wheels is asked of its lender, who says when."""
        vehicles = found.filter(kind=Kind.VEHICLE).order_by().values_list("pk", flat=True)
        asked = dict.fromkeys(vehicles, (half_of(first), half_of(last, afternoon=True)))
        asked |= self._spans(found, lambda terms: terms.use_of(first, last, self.filters.today))
        return free_in(asked)

    def _tonight(self, found: Any) -> set[int]:
        """What can be used before the day ends: a document or an address that answers, a copy free until tomorrow evening at least of a
        lender that is open now and asks for no notice."""
        given = (
            Q(files__latest__isnull=False)
            | Q(links__failing_since=None, links__isnull=False)
            | (~Q(website="") & Q(website_failing_since=None))
        )
        documents = [kind for kind in Kind if FORM_OF[kind] == Form.DOCUMENT]
        usable = set(found.filter(given, kind__in=documents).exclude(price=Price.PAID).values_list("pk", flat=True))
        now = half_at(timezone.now(), timezone.get_current_timezone())
        return usable | free_in(self._spans(found, lambda terms: terms.tonight(now)))

    def _spans(self, found: Any, use: Callable[[Terms], Span | None]) -> dict[int, tuple[int, int]]:
        """Of what is lent, the half-days that a copy would be taken for the use that its terms allow; without those that do not."""
        lent = list(found.filter(kind__in=_LOANS).order_by().only("pk", "actor"))
        terms = terms_of_many(self.filters.network, lent)
        # Those who say nothing of their own share one object of terms.
        uses = {id(each): use(each) for each in {id(each): each for each in terms.values()}.values()}
        spans = {each.pk: uses[id(terms[each.pk])] for each in lent}
        return {pk: (span.taken_first, span.taken_last) for pk, span in spans.items() if span is not None}

    @property
    def _is_whole(self) -> bool:
        """Whether nothing but the facets narrows the catalogue."""
        filters = self.filters
        asked = (filters.actor, filters.switches & {"gratuit", "cesoir"}, filters.numbers, filters.near, filters.first)
        return self.matched is None and not any(asked)

    @cached_property
    def _columns(self) -> Columns:
        """Of what the facets narrow, in the order asked for."""
        whole = columns_of(self.filters.network, by_title=self.filters.order == "titre", terms_of=self._terms)
        if self._is_whole:
            return whole
        keys = set(self._base.order_by().values_list("pk", flat=True))
        ranks = [rank for rank, pk in enumerate(whole.pks) if pk in keys]
        if self.filters.order == "distance":
            ranks.sort(key=lambda rank: (self.distances.get(whole.pks[rank], 1e9), whole.pks[rank]))
        return whole.only(ranks)

    def _passing(self, name: str) -> list[bool] | None:
        """What every facet but that one lets through, None for all."""
        kept: list[bool] | None = None
        for each, values in self._chosen.items():
            if each != name:
                column, wanted = self._columns.values[each], frozenset(values)
                if each in ALL_OF:
                    passing = [wanted.issubset(held) for held in column]
                elif each in SEVERAL:
                    passing = [not wanted.isdisjoint(held) for held in column]
                else:
                    passing = [held in wanted for held in column]
                kept = passing if kept is None else list(map(and_, kept, passing))
        return kept

    @staticmethod
    def _kept(passing: list[bool] | None, column: list[Any]) -> list[Any]:
        return column if passing is None else list(compress(column, passing))

    @cached_property
    def _chosen(self) -> dict[str, list[str]]:
        chosen = {
            name: [value for value in values if value in self._known(name)] for name, values in self.filters.chosen.items()
        }  # fmt: skip
        return {name: values for name, values in chosen.items() if values}

    # --- facets ---------------------------------------------------------------------------------------------------------

    @cached_property
    def facets(self) -> list[Facet]:
        """Those with something to choose."""
        found = [self._facet(name) for name in FACETS]
        return [facet for facet in found if len(facet.values) > 1 or facet.selected]

    def _facet(self, name: str) -> Facet:
        counts, chosen = self._counts(name), self._chosen.get(name, [])
        values = [
            FacetValue(value, label, counts.get(value, 0), value in chosen)
            for value, label in self._known(name).items()
            if counts.get(value) or value in chosen
        ]
        return Facet(name, FACETS[name], values)

    def _counts(self, name: str) -> Mapping[str, int]:
        passing = self._passing(name) if name in self._chosen and name not in ALL_OF else self._passing_all
        column = self._kept(passing, self._columns.values[name])
        return Counter(chain.from_iterable(column) if name in SEVERAL else column)

    @cached_property
    def _passing_all(self) -> list[bool] | None:
        return self._passing("")

    def chips(self) -> list[tuple[str, FacetValue]]:
        return [(facet.name, value) for facet in self.facets for value in facet.selected]

    def _known(self, name: str) -> dict[str, Any]:
        if name in TERMS:
            return {term.slug: term.label for term in self._terms[TERMS[name]]}
        if name == "forme":
            return {form.value: form.label.capitalize() for form in Form}
        if name == "departement":
            return {place.code: place.name for place in departments_of(self.filters.network)}
        if name == "duree":
            return {value: label for value, (label, _over, _most) in LENGTHS.items()}
        if name == "langue":
            return dict(LANGUAGES)
        choices: Any = LISTS[name][1] if name in LISTS else PLAIN[name][1]
        return {str(value): value.label for value in choices}

    @cached_property
    def _terms(self) -> dict[str, list[Any]]:
        return vocabularies(self.filters.network)


def select(filters: Filters) -> Selection:
    matched = matching_ids(filters.network, KIND, filters.q, public=True) if filters.q else None
    return Selection(filters, matched)
