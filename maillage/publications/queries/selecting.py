"""What answers the filters of a list of publications, and the counts of its facets.

Values within a facet add up (or), facets narrow each other (and); each is counted as if it were not used, by one GROUP BY.
"""

from dataclasses import dataclass
from functools import cached_property, reduce
from hashlib import blake2s
from operator import or_
from typing import Any

from django.core.cache import caches
from django.db import connection
from django.db.models import Case, Count, Exists, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce, ExtractYear

from maillage.core.text import whole_number
from maillage.networks.queries import departments_of, vocabularies
from maillage.publications.enums import AnnouncementType, Kind, Section
from maillage.publications.models import Credit, Publication, Reading
from maillage.publications.queries.documents import KIND_OF, KINDS
from maillage.publications.queries.filters import FACETS, Filters
from maillage.search.queries import Matched, matching_ids
from maillage.territories.enums import TerritoryKind
from maillage.topics.enums import Vocabulary

TERMS = {"theme": Vocabulary.THEME, "public": Vocabulary.AUDIENCE}
FEATURED = 3  # Put first where nothing is asked for.
_KINDS = {"nature": ("kind", (Kind.ARTICLE, Kind.PORTRAIT)), "type": ("announcement", tuple(AnnouncementType))}


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
    """The answer to filters, whoever asks; everything is computed on demand. `outgoing` leaves out what is over even where it
    is asked for: it never leaves the site."""

    def __init__(self, filters: Filters, matched: Matched | None = None, *, outgoing: bool = False) -> None:
        self.filters = filters
        self.matched = matched
        self.outgoing = outgoing

    @property
    def corrected(self) -> str:
        return self.matched.corrected if self.matched else ""

    @property
    def count(self) -> int:
        return self._tally[0]

    @property
    def found(self) -> Any:
        """In the order asked for."""
        return self._ordered(self._without(""))

    def latest(self, number: int) -> list[int]:
        """The newest first, whatever the order asked for."""
        return list(self._without("").last_appeared(self.filters.network, number))

    def page(self, start: int, stop: int) -> list[Publication]:
        """Ready to be made cards, in the order asked for: the ids of these alone are read, then their rows."""
        order, featured = self.filters.order, self.featured
        if order == "lu":
            wanted = list(self.found.values_list("pk", flat=True)[start:stop])
        else:
            others = self._without("").exclude(pk__in=featured) if featured else self._without("")
            ids = others.last_appeared(self.filters.network, max(stop - len(featured), 0), first=order == "ancien")
            wanted = [*featured, *ids][start:stop]
        rows = {each.pk: each for each in Publication.objects.filter(pk__in=wanted).for_cards()}
        return [rows[pk] for pk in wanted if pk in rows]

    @cached_property
    def featured(self) -> list[int]:
        """Those that head the list of articles while nothing is asked for."""
        filters = self.filters
        if filters.section != Section.ARTICLES or not filters.is_empty or filters.order != Filters.order:
            return []
        chosen = self._base.filter(featured_at__isnull=False, network=filters.network).order_by("-featured_at", "-pk")
        return list(chosen.values_list("pk", flat=True)[:FEATURED])

    def _ordered(self, found: Any) -> Any:
        if self.filters.order == "ancien":
            return found.order_by("appeared", "pk")
        if self.filters.order == "lu":
            read = Reading.objects.filter(publication=OuterRef("pk")).order_by().values("publication")
            times = Coalesce(Subquery(read.annotate(times=Sum("count")).values("times")), 0)
            return found.annotate(times=times).order_by("-times", "-appeared", "-pk")
        if self.featured:
            rank = Case(*(When(pk=pk, then=n) for n, pk in enumerate(self.featured)), default=FEATURED)
            return found.order_by(rank, "-appeared", "-pk")
        return found.order_by("-appeared", "-pk")

    # --- narrowing -----------------------------------------------------------------------------------------------------

    @cached_property
    def _base(self) -> Any:
        """All but the facets: words, the actor who signs, announcements still open."""
        filters = self.filters
        found: Any = Publication.objects.told_in(filters.network).with_appeared()
        if filters.section:
            found = found.in_section(filters.section)
        if self.outgoing or not filters.over:
            found = found.open_on(filters.today)
        if filters.actor:
            signed = Credit.objects.accepted().filter(actor__slug=filters.actor, publication=OuterRef("pk"))
            found = found.filter(Exists(signed))
        if self.matched is not None:
            found = found.filter(pk__in=[*self.matched.ids, *self.matched.others])
        return found

    def _without(self, name: str) -> Any:
        """Narrowed by every facet but that one."""
        found = self._base
        for each, values in self._chosen.items():
            if each != name:
                found = found.filter(self._condition(each, values))
        return found

    def _condition(self, name: str, values: list[str]) -> Any:
        if name in TERMS:
            chosen = [pk for pk, slug in self._slugs[name].items() if slug in values]
            return Exists(Publication.terms.through.objects.filter(publication=OuterRef("pk"), term__in=chosen))
        if name == "departement":
            inside = Q(territory__kind=TerritoryKind.DEPARTMENT, territory__code__in=values)
            inside |= Q(territory__department__code__in=values)
            return Exists(Publication.places.through.objects.filter(inside, publication=OuterRef("pk")))
        if name == "annee":
            # One by one: a year alone is a stretch of dates, which the index of dates answers.
            return reduce(or_, (Q(appeared__year=int(value)) for value in values))
        return Q(**{f"{_KINDS[name][0]}__in": values})

    @cached_property
    def _chosen(self) -> dict[str, list[str]]:
        chosen = {name: [value for value in values if value in self._known(name)] for name, values in
                  self.filters.chosen.items()}  # fmt: skip
        return {name: values for name, values in chosen.items() if values}

    # --- facets --------------------------------------------------------------------------------------------------------

    @cached_property
    def facets(self) -> list[Facet]:
        """Those with something to choose."""
        found = [self._facet(name) for name in self.filters.facets]
        return [facet for facet in found if len(facet.values) > 1 or facet.selected]

    def _facet(self, name: str) -> Facet:
        counts, chosen = self._tally[1][name], self._chosen.get(name, [])
        labels = (
            self._known(name) if name != "annee" else {each: each for each in sorted({*counts, *chosen}, reverse=True)}
        )
        values = [
            FacetValue(value, label, counts.get(value, 0), value in chosen)
            for value, label in labels.items()
            if counts.get(value) or value in chosen
        ]
        return Facet(name, FACETS[name], values)

    @cached_property
    def _tally(self) -> tuple[int, dict[str, dict[str, int]]]:
        """How many answer, and the counts of each facet. Counting looks at all that ever appeared, which no act changes: kept like
        a page, until the network's version moves. Not inside a transaction, whose writings may come to nothing."""
        filters, asked = self.filters, self.filters.canonical()
        asked.pop("tri", None)
        version = (filters.network.pk, filters.network.content_version, filters.today)
        parts = ("publications.tally", *version, self.outgoing, filters.section, asked.urlencode())
        key = blake2s(repr(parts).encode(), digest_size=16).hexdigest()
        kept = None if connection.in_atomic_block else caches["pages"].get(key)
        if kept is None:
            kept = self._without("").count(), {name: self._counts(name) for name in filters.facets}
            if not connection.in_atomic_block:
                caches["pages"].set(key, kept)
        return kept

    def _counts(self, name: str) -> dict[str, int]:
        found = self._without(name)
        rows: Any
        links: Any
        if name in TERMS:
            links = Publication.terms.through.objects.filter(
                publication__in=found.values("pk"), term__in=self._slugs[name]
            )
            rows = links.values_list("term").annotate(number=Count("pk"))
            return {self._slugs[name][pk]: number for pk, number in rows}
        if name == "departement":
            links = Publication.places.through.objects.filter(publication__in=found.values("pk"))
            code = Case(
                When(territory__kind=TerritoryKind.DEPARTMENT, then="territory__code"),
                default="territory__department__code",
            )
            rows = links.annotate(inside=code).exclude(inside=None)
            return dict(rows.values_list("inside").annotate(number=Count("publication", distinct=True)))
        if name == "annee":
            rows = found.order_by().annotate(year=ExtractYear("appeared")).values_list("year")
            return {str(year): number for year, number in rows.annotate(number=Count("pk")) if year}
        rows = found.order_by().values_list(_KINDS[name][0])
        return dict(rows.annotate(number=Count("pk")))

    def chips(self) -> list[tuple[str, FacetValue]]:
        """What is chosen, in the order of the facets; nothing is counted for it."""
        return [
            (name, FacetValue(value, label, 0, selected=True))
            for name in self.filters.facets
            if (chosen := self._chosen.get(name))
            for value, label in self._known(name).items()
            if value in chosen
        ]

    def _known(self, name: str) -> dict[str, Any]:
        if name in TERMS:
            return {term.slug: term.label for term in self._terms[TERMS[name]]}
        if name == "departement":
            return self._departments
        if name == "annee":
            asked = self.filters.chosen.get(name, [])
            return {
                value: value for value in asked if (year := whole_number(value)) is not None and 1900 <= year <= 2200
            }
        return {str(value): value.label.capitalize() for value in _KINDS[name][1]}

    @cached_property
    def _departments(self) -> dict[str, Any]:
        return {place.code: place.name for place in departments_of(self.filters.network)}

    @cached_property
    def _terms(self) -> dict[str, list[Any]]:
        return vocabularies(self.filters.network)

    @cached_property
    def _slugs(self) -> dict[str, dict[int, str]]:
        return {name: {term.pk: term.slug for term in self._terms[vocabulary]} for name, vocabulary in TERMS.items()}


def select(filters: Filters, *, outgoing: bool = False) -> Selection:
    kinds = (KIND_OF[Section(filters.section)],) if filters.section else KINDS
    matched = matching_ids(filters.network, kinds, filters.q, public=True) if filters.q else None
    return Selection(filters, matched, outgoing=outgoing)
