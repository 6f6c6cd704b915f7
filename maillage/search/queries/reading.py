"""What the page of results is asked for, read from its address: words, kind, themes, territory, dates, a place to look from.

Unknown parameters and values are ignored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict

from maillage.networks.models import Network
from maillage.networks.queries import vocabularies
from maillage.search.queries.narrowing import Narrowing, Place, When
from maillage.search.registry import SearchSource, sources
from maillage.territories.enums import TerritoryKind
from maillage.territories.models import Territory
from maillage.topics.enums import Vocabulary
from maillage.topics.models import Term

LONGEST = 200
MOST_VALUES = 30
PLACES = ("commune", "epci")


@dataclass(frozen=True)
class Asked:
    """`sources`: the kinds there are; `nature`: the one named, or the one that several were; `places`: communes and
    intercommunalités chosen."""

    text: str
    sources: Sequence[SearchSource]
    nature: str = ""
    themes: Mapping[int, Term] = field(default_factory=dict)
    chosen_themes: tuple[int, ...] = ()
    departments: tuple[str, ...] = ()
    when: tuple[When, ...] = ()
    places: Sequence[Territory] = ()
    near: Territory | None = None

    @property
    def chosen(self) -> list[SearchSource]:
        return [each for each in self.sources if self.nature and self.nature in (each.kind, each.formerly)]

    @property
    def narrowing(self) -> Narrowing:
        return Narrowing(
            kinds=tuple(source.kind for source in self.chosen),
            themes=self.chosen_themes,
            departments=self.departments,
            when=self.when,
            places=tuple(place.code for place in self.places),
            near=_looked_from(self.near),
        )


def _looked_from(commune: Territory | None) -> Place | None:
    if commune is None or commune.latitude is None or commune.longitude is None:
        return None
    return Place(commune.latitude, commune.longitude, commune.department.code if commune.department else "")


def words_of_address(params: QueryDict) -> str:
    return params.get("q", "").replace("\x00", "").strip()[:LONGEST]


def asked_for(params: QueryDict, network: Network | None, near: Territory | None = None) -> Asked:
    kinds = sources()
    themes = {term.pk: term for term in vocabularies(network)[Vocabulary.THEME]}
    slugs = set(_values(params, "theme"))
    codes = [code for name in PLACES for code in _values(params, name)]
    parts = set(_values(params, "quand"))
    return Asked(
        text=words_of_address(params),
        sources=kinds,
        nature=params.get("nature", ""),
        themes=themes,
        chosen_themes=tuple(pk for pk, term in themes.items() if term.slug in slugs),
        departments=tuple(code.upper() for code in _values(params, "departement") if len(code) <= 3 and code.isalnum()),
        when=tuple(part for part in When if part.value in parts),
        places=list(
            Territory.objects.filter(code__in=codes, kind__in=[TerritoryKind.COMMUNE, TerritoryKind.EPCI]).order_by(
                "name"
            )
        )
        if codes
        else [],
        near=near,
    )


def _values(params: QueryDict, name: str) -> list[str]:
    return [value for value in params.getlist(name)[:MOST_VALUES] if value and len(value) <= 80 and "\x00" not in value]
