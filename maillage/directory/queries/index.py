"""The actors of a network sorted by facet, in memory: counts and pages of ids without a query.

Each process keeps one index per network. Facts are bit sets over ordinals (`queries.bits`); counting a facet value is an
intersection. At 100,000 actors a set weighs 12 kB: communes and EPCI are too many for that (36,000 sets), who is in each is
kept as it is. When the network's `content_version` has moved, only listings whose `revision` is newer are read again:
revisions grow in the order of commits (see `models.Listing`), so nothing is missed.
"""

import threading
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress, islice
from math import cos, isnan, nan, radians
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from maillage.core.geo import distance_km
from maillage.directory.enums import ListingState, Nature, PositionQuality
from maillage.directory.models import Actor, CharterVersion, Listing, Qualification, Signature
from maillage.directory.queries import bits
from maillage.directory.queries.homes import keeps_home_private, told_point
from maillage.directory.queries.ordinals import Names, Ordering
from maillage.networks.models import Network

Fact = tuple[str, Any]
_CHUNK, _FEW = 2_000, 500
NEVER, WITHDRAWN = 0, -1  # Of the charter, in place of a major version.
_NAMELESS = "\0"  # Not yet in the order of names: no key of a name is this.
_PLACES = {"commune": 6, "epci": 8}  # Columns of the places of which there are too many for a set each.

_COLUMNS = (
    "actor_id", "state", "changed_since_cleared", "actor__name_key", "actor__kind", "actor__family_id",
    "actor__commune_id", "actor__commune__department_id", "actor__commune__epci_id", "actor__latitude",
    "actor__longitude", "actor__archived_at", "actor__place_access", "actor__source", "actor__completeness",
    "actor__confirmed_at", "actor__created_at", "actor__update_rhythm", "actor__position_quality", "actor__updated_at",
    "actor__contact_is_public",
)  # fmt: skip


def completeness_band(percent: int) -> str:
    return "faible" if percent < 40 else "moyenne" if percent < 70 else "bonne"


class ActorIndex:
    """See the module. `public` holds what everyone may see in lists: published and not archived.

    Threads read while one takes changes in: what they take of ordinals is taken before `size`, which only grows.
    """

    def __init__(self, network_id: int) -> None:
        self.network_id = network_id
        self.version = -1
        self.ids: array[int] = array("q")
        self.ordinal_of: dict[int, int] = {}
        self.latitudes, self.longitudes = array("d"), array("d")  # Degrees; nan: on no map.
        self.values = {"updated": array("d"), "completeness": array("d")}
        self.stale_on = array("l")  # Days, as `date.toordinal` counts them.
        self.masks: dict[Fact, int] = {}
        self.place_of = {dimension: array("q") for dimension in _PLACES}  # Ids of territories; 0: nowhere.
        self._held: dict[str, dict[int, array[int]]] = {dimension: {} for dimension in _PLACES}
        self._keys: list[str] = []
        self._names: Names | None = None  # Made when first looked through.
        self._by_name = Ordering(self._keys.__getitem__)
        self._by_latitude = Ordering(self.latitudes.__getitem__)
        self._stale: tuple[int, int] | None = None
        self.charters: list[CharterVersion] = []  # The published texts, oldest first, without their words.
        self._lock = threading.RLock()

    @property
    def size(self) -> int:
        return len(self.ids)

    @property
    def public(self) -> int:
        return self.mask("public", True)

    @property
    def listed(self) -> int:
        """Every actor of the network, for those who run it."""
        return self.mask("listed", True)

    def mask(self, dimension: str, value: Any) -> int:
        if dimension in _PLACES:
            held = self._held[dimension].get(value, ())[:]
            return bits.of(held, self.size)
        return self.masks.get((dimension, value), 0)

    def values_of(self, dimension: str) -> set[Any]:
        """The values that an actor has: for a place, the ids of the territories where one is."""
        if dimension in _PLACES:
            return {value for value, ordinals in list(self._held[dimension].items()) if ordinals}
        return {value for known, value in self.masks if known == dimension}

    def communes_of(self, mask: int) -> set[int]:
        """Ids of the communes where an actor of `mask` is."""
        return set(compress(self.place_of["commune"], bits.flags(mask, self.size))) - {0}

    def point(self, ordinal: int) -> tuple[float, float] | None:
        """Latitude and longitude in degrees, of those who are on the map."""
        latitude = self.latitudes[ordinal]
        return None if isnan(latitude) else (latitude, self.longitudes[ordinal])

    def stale(self) -> int:
        """Actors unconfirmed for longer than their rhythm, as of today."""
        today = timezone.localdate().toordinal()
        kept = self._stale
        if kept is None or kept[0] != today:
            with self._lock:  # What is kept is of no older state than the index.
                late = (ordinal for ordinal, day in enumerate(self.stale_on) if day < today)
                kept = self._stale = (today, bits.of(late, self.size))
        return kept[1]

    def fresh(self) -> int:
        """Actors that someone confirmed, less long ago than their rhythm."""
        return self.mask("confirmed", True) & ~self.stale()

    def near(self, latitude: float, longitude: float, kilometres: float, among: int) -> int:
        """Those of `among` within a radius; a point on the rim is in."""
        margin = kilometres / 111.0 + 0.01  # Degrees; the arithmetic of the sphere is for those of the square alone.
        wide = margin / max(cos(radians(min(abs(latitude) + margin, 90.0))), 0.001)
        latitudes, longitudes = self.latitudes, self.longitudes
        beside = self._by_latitude.between(latitude - margin, latitude + margin)
        present = bits.flags(among, self.size)
        inside = (
            ordinal
            for ordinal in beside
            if present[ordinal]
            and (abs(longitudes[ordinal] - longitude) <= wide or wide > 90)
            and distance_km(latitude, longitude, latitudes[ordinal], longitudes[ordinal]) <= kilometres
        )
        return bits.of(inside, self.size)

    def of_ids(self, actor_ids: Iterable[int]) -> int:
        return bits.of([n for n in map(self.ordinal_of.get, actor_ids) if n is not None], self.size)

    # --- order ----------------------------------------------------------------------------------------------------------

    def by_name(self, mask: int) -> Iterator[int]:
        """Ordinals of `mask` in the order of names."""
        if mask.bit_count() * 20 < self.size:
            return iter(sorted(bits.members(mask, self.size), key=lambda ordinal: (self._keys[ordinal], ordinal)))
        named = self._by_name.ordinals
        present = bits.flags(mask, self.size)
        return (ordinal for ordinal in named if present[ordinal])

    def newest_first(self, mask: int) -> Iterator[int]:
        ids = self.ids
        return iter(sorted(bits.members(mask, self.size), key=lambda ordinal: -ids[ordinal]))

    def nearest_first(self, mask: int, latitude: float, longitude: float) -> Iterator[int]:
        def away(ordinal: int) -> tuple[float, str]:
            point = self.point(ordinal)
            distance = distance_km(latitude, longitude, *point) if point else float("inf")
            return distance, self._keys[ordinal]

        return iter(sorted(bits.members(mask, self.size), key=away))

    def named_like(self, words: Sequence[str]) -> int:
        """Actors whose name holds every folded word, even inside a word; none when what was asked folds to no word."""
        if not words:
            return 0
        rarest, *others = sorted(words, key=len, reverse=True)
        names = self._names
        if names is None:
            with self._lock:  # What is kept is of no older state than the index.
                names = self._names = Names(self._keys)
        held = names.holding(rarest)
        if others:
            held = (n for n in held if all(word in self._keys[n] for word in others))
        return bits.of(held, self.size)

    def by_value(self, mask: int, column: str, *, descending: bool) -> Iterator[int]:
        """Ordinals ordered by a kept column ("updated", "completeness"), then by name."""
        values = self.values[column]
        named = sorted(bits.members(mask, self.size), key=lambda ordinal: self._keys[ordinal])
        return iter(sorted(named, key=lambda ordinal: values[ordinal], reverse=descending))

    def page(self, ordinals: Iterator[int], offset: int, limit: int) -> list[int]:
        """Actor ids of one page of an order."""
        return [self.ids[ordinal] for ordinal in islice(ordinals, offset, offset + limit)]

    # --- content --------------------------------------------------------------------------------------------------------

    def refresh(self, version: int) -> None:
        """Read what changed up to `version` of the network (later changes, if read too, will be read again)."""
        with self._lock:
            if version <= self.version:
                return
            changed = Listing.objects.filter(network=self.network_id)
            if self.version >= 0:
                changed = changed.filter(revision__gt=self.version)
            published = CharterVersion.objects.filter(network=self.network_id).published()
            self.charters = list(published.defer("body").order_by("major", "minor"))
            # By chunks, each with its terms and circles: what is read is heavier than what is kept of it.
            rows = changed.order_by("actor_id").values_list(*_COLUMNS).iterator(chunk_size=_CHUNK)
            names: dict[int, str] = {}
            points: dict[int, tuple[float, float]] = {}
            while chunk := list(islice(rows, _CHUNK)):
                self._load(chunk, names, points)
            self._rename(names)
            self._move(points)
            self._forget()
            self._stale = None
            self.version = version

    def _forget(self) -> None:
        """Drop the actors that the network lists no more: once the changed ones are read, they alone make the difference."""
        listed = Listing.objects.filter(network=self.network_id)
        if listed.count() == self.listed.bit_count():
            return
        gone = self.listed & ~self.of_ids(listed.values_list("actor_id", flat=True).iterator())
        self.masks = self._masks_without(gone)
        for ordinal in bits.members(gone, self.size):
            self._settle(ordinal, dict.fromkeys(_PLACES, 0))

    def _masks_without(self, ordinals: int) -> dict[Fact, int]:
        others = ~ordinals
        return {fact: left for fact, mask in self.masks.items() if (left := mask & others)}

    def _settle(self, ordinal: int, places: dict[str, int]) -> None:
        for dimension, place in places.items():
            before, held = self.place_of[dimension][ordinal], self._held[dimension]
            if before == place:
                continue
            if before:
                held[before].remove(ordinal)
            if place:
                held.setdefault(place, array("I")).append(ordinal)
            self.place_of[dimension][ordinal] = place

    def _load(
        self, rows: Sequence[tuple[Any, ...]], names: dict[int, str], points: dict[int, tuple[float, float]]
    ) -> None:
        """Take rows in, ordered by actor; the names and points that changed are added to `names` and `points`, by ordinal."""
        terms, circles, signed = self._terms(rows), self._circles(rows), self._signed(rows)
        gained: dict[Fact, list[int]] = defaultdict(list)
        ordinals = [self.ordinal_of[row[0]] if row[0] in self.ordinal_of else self._append(row[0]) for row in rows]
        for ordinal, row in zip(ordinals, rows, strict=True):
            for fact in self._facts_of(row, terms.get(row[0], ()), circles.get(row[0], {})):
                gained[fact].append(ordinal)
            gained["charter", signed.get(row[0], NEVER)].append(ordinal)
            self._settle(ordinal, {dimension: row[column] or 0 for dimension, column in _PLACES.items()})
            if self._keys[ordinal] != row[3]:
                names[ordinal] = row[3]
            # A point that contradicts the commune waits to be placed by hand: it is on no map meanwhile.
            placed = row[9] is not None and row[18] != PositionQuality.TO_PLACE
            home = keeps_home_private(row[4], row[20])
            point = (told_point(row[9], row[10], private=home) if placed else None) or (nan, nan)
            if point != self.point(ordinal):
                points[ordinal] = point
            self.values["completeness"][ordinal] = row[14]
            self.values["updated"][ordinal] = row[19].timestamp()
            self.stale_on[ordinal] = (row[15] or row[16]).date().toordinal() + 30 * row[17]
        masks = self._masks_without(bits.of(ordinals, self.size))
        for fact, having in gained.items():
            masks[fact] = masks.get(fact, 0) | bits.of(having, self.size)
        self.masks = masks

    def _append(self, actor_id: int) -> int:
        ordinal = self.size
        self.ids.append(actor_id)
        self.ordinal_of[actor_id] = ordinal
        self.latitudes.append(nan)
        self.longitudes.append(nan)
        self.values["completeness"].append(0)
        self.values["updated"].append(0.0)
        self.stale_on.append(0)
        for places in self.place_of.values():
            places.append(0)
        self._keys.append(_NAMELESS)
        return ordinal

    def _rename(self, names: dict[int, str]) -> None:
        self._by_name.drop([ordinal for ordinal in names if self._keys[ordinal] != _NAMELESS])
        for ordinal, name in names.items():
            self._keys[ordinal] = name
        self._by_name.add(names)
        if names:
            self._names = None

    def _move(self, points: dict[int, tuple[float, float]]) -> None:
        self._by_latitude.drop([ordinal for ordinal in points if self.point(ordinal)])
        for ordinal, point in points.items():
            self.latitudes[ordinal], self.longitudes[ordinal] = point
        self._by_latitude.add([ordinal for ordinal in points if self.point(ordinal)])

    @staticmethod
    def _facts_of(row: tuple[Any, ...], terms: Iterable[int], circles: dict[str, int]) -> list[Fact]:
        archived = row[11] is not None
        facts: list[Fact] = [
            ("listed", True),
            ("state", row[1]),
            ("archive", archived),
            ("nature", row[4]),
            ("source", row[13]),
            ("completeness", completeness_band(row[14])),
            ("position", row[18]),
            ("circle", circles.get(Nature.ASSESSED, 0)),
            ("declared", circles.get(Nature.DECLARED, 0)),
        ]
        if row[1] == ListingState.PUBLISHED and not archived:
            facts.append(("public", True))
        if row[2]:
            facts.append(("elsewhere", True))
        if row[15] is not None:
            facts.append(("confirmed", True))
        facts += [(dimension, row[column]) for dimension, column in (("family", 5), ("department", 7)) if row[column]]
        facts += [("term", term) for term in terms]
        facts += [("access", code) for code in row[12]]
        return facts

    @staticmethod
    def _of(rows: Sequence[tuple[Any, ...]]) -> Q:
        """What belongs to the actors of these rows; of many, to all between the first and the last."""
        if len(rows) > _FEW:
            return Q(actor__gte=rows[0][0], actor__lte=rows[-1][0])
        return Q(actor__in=[row[0] for row in rows])

    def _terms(self, rows: Sequence[tuple[Any, ...]]) -> dict[int, list[int]]:
        links = Actor.terms.through.objects.filter(self._of(rows), actor__listings__network=self.network_id)
        terms = defaultdict(list)
        for actor, term in links.values_list("actor_id", "term_id"):
            terms[actor].append(term)
        return terms

    def _circles(self, rows: Sequence[tuple[Any, ...]]) -> dict[int, dict[str, int]]:
        held = Qualification.objects.filter(self._of(rows), network=self.network_id).in_force()
        circles: dict[int, dict[str, int]] = defaultdict(dict)
        for actor, nature, circle in held.values_list("actor_id", "nature", "circle"):
            circles[actor][nature] = circle
        return circles

    def _signed(self, rows: Sequence[tuple[Any, ...]]) -> dict[int, int]:
        """The highest major version of the charter of which each actor has a signature, `WITHDRAWN` when none stands."""
        found: dict[int, int] = {}
        signatures = Signature.objects.filter(self._of(rows), network=self.network_id)
        for actor, major, withdrawn_on in signatures.values_list("actor_id", "major", "withdrawn_on"):
            found[actor] = max(found.get(actor, WITHDRAWN), WITHDRAWN if withdrawn_on else major)
        return found


_indexes: dict[int, ActorIndex] = {}


def index_for(network: Network) -> ActorIndex:
    """The up-to-date index of a network, as of its `content_version` (read with the network, once per request).

    Inside a transaction a fresh index is built and thrown away: what is not committed must not stay in the shared one.
    """
    if connection.in_atomic_block:
        index = ActorIndex(network.pk)
        index.refresh(Network.objects.values_list("content_version", flat=True).get(pk=network.pk))
        return index
    index = _indexes.setdefault(network.pk, ActorIndex(network.pk))
    index.refresh(network.content_version)
    return index
