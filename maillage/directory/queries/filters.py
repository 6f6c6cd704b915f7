"""What a list of actors is asked for, read from the address, and what it answers: page, count, facets, points.

Values within a facet add up (or), facets narrow each other (and); each facet is counted as if it were not used, so that
its other values show what they would bring. Unknown parameters and values are ignored.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any

from django.db import connection
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.core.text import folded, whole_number
from maillage.directory.enums import ActorKind, Circle, ListingState, MembershipState, PlaceAccess, PositionQuality
from maillage.directory.models import Calendar
from maillage.directory.queries import bits
from maillage.directory.queries.documents import KIND
from maillage.directory.queries.index import NEVER, WITHDRAWN, ActorIndex, index_for
from maillage.directory.registry import GRACE
from maillage.networks.models import Network
from maillage.networks.queries import vocabularies
from maillage.search.queries import Matched, matching_ids
from maillage.territories.models import Territory
from maillage.topics.enums import Vocabulary

Known = dict[str, tuple[int, Any, int | None, str]]

NONE = "aucune"
RADII = (5, 10, 20, 50, 100)
TERM_PARAMS = {"theme": Vocabulary.THEME, "public": Vocabulary.AUDIENCE, "action": Vocabulary.ACTION_KIND}
PLACES = ("departement", "epci", "commune")
ORDERS = ("nom", "recent", "distance", "pertinence")
WORK_ORDERS = (*ORDERS, "-nom", "maj", "-maj", "completude", "-completude")

LABELS: dict[str, Any] = {
    "famille": _("Famille"),
    "theme": _("Thématique"),
    "public": _("Public"),
    "action": _("Type d'action"),
    "departement": _("Département"),
    "epci": _("Intercommunalité"),
    "commune": _("Commune"),
    "acces": _("Accessibilité"),
    "nature": _("Nature"),
    "cercle": _("Cercle évalué"),
    "declare": _("Cercle déclaré"),
    "etat": _("État"),
    "source": _("Source"),
    "completude": _("Complétude"),
    "fraicheur": _("Fraîcheur"),
    "position": _("Position"),
    "archive": _("Archivage"),
    "ailleurs": _("Modifiée ailleurs"),
    "charte": _("Charte"),
}
_CLOSED: dict[str, tuple[str, list[tuple[Any, Any]]]] = {
    # parameter: (dimension of the index, [(value, label)])
    "acces": ("access", list(PlaceAccess.choices)),
    "nature": ("nature", list(ActorKind.choices)),
    "cercle": ("circle", [*Circle.choices, (0, _("Sans cercle"))]),
    "declare": ("declared", [*Circle.choices, (0, _("Non déclaré"))]),
    "etat": ("state", list(ListingState.choices)),
    "completude": (
        "completeness",
        [("faible", _("moins de 40 %")), ("moyenne", _("40 à 69 %")), ("bonne", _("70 % et plus"))],
    ),
    "position": ("position", list(PositionQuality.choices)),
}
PUBLIC_PARAMS = ("famille", "theme", "public", "action", *PLACES, "acces", "nature")
WORK_PARAMS = (
    "cercle", "declare", "etat", "source", "completude", "fraicheur", "position", "archive", "ailleurs", "charte",
)  # fmt: skip


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


@dataclass
class Filters:
    """The parsed address. `chosen` maps a parameter to its values; `near` is a point in degrees with its name."""

    network: Network
    work: bool = False
    q: str = ""
    chosen: dict[str, list[str]] = field(default_factory=dict)
    near: tuple[float, float] | None = None
    near_label: str = ""
    radius: int = 20
    order: str = "nom"
    view: str = "liste"

    @classmethod
    def from_params(cls, params: QueryDict, network: Network, *, work: bool = False) -> "Filters":
        filters = cls(network=network, work=work, q=params.get("q", "").replace("\x00", "").strip()[:200])
        for name in (*PUBLIC_PARAMS, *WORK_PARAMS) if work else PUBLIC_PARAMS:
            values = [value[:80] for value in params.getlist(name)[:50] if value]
            if values:
                filters.chosen[name] = list(dict.fromkeys(values))
        filters._read_place(params.get("pres", ""))
        radius = whole_number(params.get("rayon", ""))
        if radius in RADII:
            filters.radius = radius
        order = params.get("tri", "")
        if order in (WORK_ORDERS if work else ORDERS):
            filters.order = order
        elif filters.near:
            filters.order = "distance"
        elif filters.q:
            filters.order = "pertinence"
        if (filters.order == "distance" and not filters.near) or (filters.order == "pertinence" and not filters.q):
            filters.order = "nom"
        if params.get("vue") == "carte":
            filters.view = "carte"
        return filters

    def _read_place(self, text: str) -> None:
        if not text:
            return
        if "," in text:
            try:
                latitude, longitude = (float(part) for part in text.split(",", 1))
            except ValueError:
                return
            if -90 <= latitude <= 90 and -180 <= longitude <= 180:
                self.near, self.near_label = (latitude, longitude), str(_("ma position"))
            return
        commune = Territory.objects.communes().filter(code=text[:5]).first()
        if commune is not None and commune.latitude is not None and commune.longitude is not None:
            self.near, self.near_label = (commune.latitude, commune.longitude), commune.name

    @property
    def is_empty(self) -> bool:
        return not (self.q or self.chosen or self.near)


class Selection:
    """The answer of an index to filters; everything is computed on demand. `matched` is what the words asked for find
    (None: no words), `named` the set of those whose name holds them, which come after the best."""

    def __init__(
        self,
        index: ActorIndex,
        filters: Filters,
        matched: Matched | None = None,
        named: int = 0,
    ) -> None:
        self.index = index
        self.filters = filters
        self.matched = matched
        self._worded = index.of_ids(chain(matched.ids, matched.others)) | named if matched else 0
        self._terms = vocabularies(filters.network)
        self._values = {name: self._known(name) for name in LABELS}
        self._base = self._narrowed_base()
        self._chosen = {name: mask for name in filters.chosen if (mask := self._union(name)) is not None}

    @property
    def corrected(self) -> str:
        """The text understood when it is not the one given, else ""."""
        return self.matched.corrected if self.matched else ""

    # --- what is in ----------------------------------------------------------------------------------------------------

    @cached_property
    def mask(self) -> int:
        return self._without(())

    @property
    def count(self) -> int:
        return self.mask.bit_count()

    def page_ids(self, offset: int = 0, limit: int = 24) -> list[int]:
        """Actor ids of a page, in the order asked for."""
        return self.index.page(self._ordered(), offset, limit)

    def points(self) -> list[tuple[int, float, float]]:
        """(actor id, latitude, longitude) of those placed on the map."""
        index = self.index
        return [
            (index.ids[n], *point) for n in bits.members(self.mask, index.size) if (point := index.point(n)) is not None
        ]

    def places_by_family(self) -> Iterator[tuple[float, float, int | None]]:
        """Latitude, longitude and family of those placed on the map, one family after the other."""
        index, left = self.index, self.mask
        for family in (*sorted(index.values_of("family")), None):
            mask = left if family is None else left & index.mask("family", family)
            left &= ~mask
            for n in bits.members(mask, index.size):
                if (point := index.point(n)) is not None:
                    yield *point, family

    def _ordered(self) -> Iterator[int]:
        index, filters = self.index, self.filters
        if filters.order == "distance" and filters.near:
            return index.nearest_first(self.mask, *filters.near)
        if filters.order == "pertinence" and self.matched is not None:
            best = self.matched.ids
            found = (n for pk in best if (n := index.ordinal_of.get(pk)) is not None and self.mask >> n & 1)
            return chain(found, index.by_name(self.mask & ~index.of_ids(best)))
        if filters.order == "recent":
            return index.newest_first(self.mask)
        column = {"maj": "updated", "completude": "completeness"}.get(filters.order.lstrip("-"))
        if column:
            return index.by_value(self.mask, column, descending=filters.order.startswith("-"))
        if filters.order == "-nom":
            return iter(list(index.by_name(self.mask))[::-1])
        return index.by_name(self.mask)

    def _narrowed_base(self) -> int:
        index, filters = self.index, self.filters
        base = index.listed if filters.work else index.public
        if filters.work and "archive" not in filters.chosen:
            base &= ~index.mask("archive", True)
        if self.matched is not None:
            base &= self._worded
        if filters.near:
            base = index.near(*filters.near, filters.radius, base)
        return base

    def _union(self, name: str) -> int | None:
        """Actors with any chosen value of a parameter; None when no chosen value is known."""
        known = self._values[name]
        masks = [known[value][0] for value in self.filters.chosen[name] if value in known]
        if not masks:
            return None
        union = 0
        for mask in masks:
            union |= mask
        return union

    def _without(self, names: tuple[str, ...]) -> int:
        mask = self._base
        for name, chosen in self._chosen.items():
            if name not in names:
                mask &= chosen
        return mask

    # --- facets --------------------------------------------------------------------------------------------------------

    @cached_property
    def every_facet(self) -> list[Facet]:
        """All facets in reading order, with the values that bring something."""
        names = PUBLIC_PARAMS + (WORK_PARAMS if self.filters.work else ())
        return [self._facet(name) for name in names]

    @property
    def facets(self) -> list[Facet]:
        """Facets with something to choose."""
        return [facet for facet in self.every_facet if len(facet.values) > 1 or facet.selected]

    def _facet(self, name: str) -> Facet:
        # The three places are one ladder: a step ignores the choices of the steps below it.
        ignored = PLACES[PLACES.index(name) :] if name in PLACES else (name,)
        others = self._without(ignored)
        chosen = self.filters.chosen.get(name, [])
        values = []
        for value, (mask, label, hue, shape) in self._values[name].items():
            count = (mask & others).bit_count()
            if count or value in chosen:
                values.append(FacetValue(value, label, count, value in chosen, hue, shape))
        return Facet(name, LABELS[name], values)

    def chips(self) -> list[tuple[str, FacetValue]]:
        """(parameter, value) of each choice in force."""
        return [(facet.name, value) for facet in self.facets for value in facet.selected]

    def _known(self, name: str) -> Known:
        """Value → (mask, label, hue, shape) of a parameter, in its own order."""
        index, mask = self.index, self.index.mask
        if name == "famille":
            known: Known = {
                term.slug: (mask("family", term.pk), term.label, term.hue, term.shape)
                for term in self._terms[Vocabulary.FAMILY]
            }
            if self.filters.work:
                missing = index.listed
                for pk in index.values_of("family"):
                    missing &= ~mask("family", pk)
                known[NONE] = (missing, _("Sans famille"), None, "")
            return known
        if name in TERM_PARAMS:
            return {
                term.slug: (mask("term", term.pk), term.label, term.hue, term.shape)
                for term in self._terms[TERM_PARAMS[name]]
            }
        if name in PLACES:
            return self._known_places(name)
        if not self.filters.work and name in WORK_PARAMS:
            return {}
        if name in _CLOSED:
            dimension, choices = _CLOSED[name]
            return {str(value): (mask(dimension, value), label, None, "") for value, label in choices}
        if name == "source":
            sources = sorted(index.values_of("source"))
            return {source or NONE: (mask("source", source), source or _("Saisie"), None, "") for source in sources}
        if name == "fraicheur":
            stale = index.stale()
            return {
                "perimee": (stale, _("à vérifier"), None, ""),
                "a-jour": (index.fresh(), _("à jour"), None, ""),
                "jamais": (index.listed & ~mask("confirmed", True), _("jamais confirmées"), None, ""),
            }
        if name == "charte":
            return self._known_charter()
        if name == "archive":
            return {
                "oui": (mask("archive", True), _("archivées"), None, ""),
                "non": (mask("archive", False), _("en activité"), None, ""),
            }
        return {"oui": (mask("elsewhere", True), _("à relire"), None, "")}

    def _known_charter(self) -> Known:
        """What each signature is worth today: nothing is written when one lapses."""
        index, today = self.index, timezone.localdate()
        calendar = Calendar(index.charters, int(self.filters.network.setting(GRACE.name)))
        held = dict.fromkeys(MembershipState, 0) if calendar.versions else {}
        for major in calendar.majors:
            held[calendar.worth(major, today)] |= index.mask("charter", major)
        if held:
            held[MembershipState.WITHDRAWN] = index.mask("charter", WITHDRAWN)
            held[MembershipState.NEVER] = index.mask("charter", NEVER)
        return {state.value: (mask, state.label, None, "") for state, mask in held.items()}

    def _known_places(self, name: str) -> Known:
        """Départements always; EPCI of the chosen départements; communes of the chosen EPCI."""
        dimension = {"departement": "department", "epci": "epci", "commune": "commune"}[name]
        chosen = self.filters.chosen
        if name != "departement" and not (chosen.get(name) or chosen.get(PLACES[PLACES.index(name) - 1])):
            return {}
        held = self.index.values_of(dimension)
        places = [place for pk in held if (place := self._places.get(pk))]
        if name == "epci" and chosen.get("departement"):
            above = {place.pk for place in self._places.values() if place.code in chosen["departement"]}
            places = [p for p in places if p.department_id in above or p.code in chosen.get(name, ())]
        if name == "commune" and chosen.get("epci"):
            above = {place.pk for place in self._places.values() if place.code in chosen["epci"]}
            places = [p for p in places if p.epci_id in above or p.code in chosen.get(name, ())]
        places.sort(key=lambda place: (place.code if name == "departement" else "", place.name_key))
        return {place.code: (self.index.mask(dimension, place.pk), place.name, None, "") for place in places}

    @cached_property
    def _places(self) -> dict[int, Territory]:
        wanted = [pk for dimension in ("department", "epci") for pk in self.index.values_of(dimension)]
        if self.filters.chosen.get("epci") or self.filters.chosen.get("commune"):
            wanted += self.index.values_of("commune")
        return places(self.index, wanted)


_places: dict[int, Territory] = {}


def places(index: ActorIndex, wanted: list[int]) -> dict[int, Territory]:
    """Territories by id, kept by the process (not inside a transaction): one query for those not yet known."""
    kept = _places if not connection.in_atomic_block else {}
    missing = [pk for pk in wanted if pk not in kept]
    if missing:
        few = len(missing) <= 900
        fresh = Territory.objects.filter(pk__in=missing) if few else Territory.objects.filter(pk__gte=min(missing))
        kept.update({territory.pk: territory for territory in fresh})
    return {pk: kept[pk] for pk in wanted if pk in kept}


def select(filters: Filters) -> Selection:
    """The actors of the filters' network that answer them."""
    index = index_for(filters.network)
    if not filters.q:
        return Selection(index, filters)
    named = index.named_like(folded(filters.q).split())
    found = matching_ids(filters.network, KIND, filters.q, public=not filters.work)
    if named and found.corrected:
        # A word that begins a name is being typed: what the search would put in its place is not what is meant.
        return Selection(index, filters, Matched(), named)
    return Selection(index, filters, found, named)
