"""The actors of a network sorted by facet, in memory: counts and pages of ids without a query.

Each process keeps one index per network. Facts are bit sets over ordinals (`queries.bits`); counting a facet value is an
intersection. Communes are too many for that (35,000 sets): who is in each is kept as it is. When the network's `content_version` has moved, only listings whose `revision` is newer are read again:
revisions grow in the order of commits (see `models.Listing`), so nothing is missed. At 100,000 actors a set weighs 12 kB.
"""

import threading
from array import array
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress, islice
from math import cos, radians
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from maillage.core.geo import distance_km
from maillage.directory.enums import ListingState, Nature, PositionQuality
from maillage.directory.models import Actor, Listing, Qualification
from maillage.directory.queries import bits
from maillage.directory.queries.homes import keeps_home_private, told_point
from maillage.networks.models import Network

Fact = tuple[str, Any]
_CHUNK, _FEW = 5_000, 500

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
    """See the module. `public` holds what everyone may see in lists: published and not archived."""

    def __init__(self, network_id: int) -> None:
        self.network_id = network_id
        self.version = -1
        self.ids: list[int] = []
        self.ordinal_of: dict[int, int] = {}
        self.points: list[tuple[float, float] | None] = []
        self.values = {"updated": array("d"), "completeness": array("d")}
        self.stale_on = array("l")  # Days, as `date.toordinal` counts them.
        self.masks: dict[Fact, int] = {}
        self.by_dimension: dict[str, set[Any]] = defaultdict(set)
        self.commune_of: list[int | None] = []
        self._in_commune: dict[int, set[int]] = defaultdict(set)
        self._facts: list[tuple[Fact, ...]] = []
        self._shared: dict[Fact, Fact] = {}  # One object for each fact, however many actors have it.
        self._keys: list[str] = []
        self._order: list[tuple[str, int]] = []  # (name key, ordinal), sorted
        self._stale: tuple[int, int] | None = None
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
        if dimension == "commune":
            return bits.of(self._in_commune.get(value, ()), self.size)
        return self.masks.get((dimension, value), 0)

    @property
    def communes(self) -> list[int]:
        """Ids of the communes where an actor is."""
        return [pk for pk, ordinals in self._in_commune.items() if ordinals]

    def communes_of(self, mask: int) -> set[int]:
        """Ids of the communes where an actor of `mask` is."""
        return {pk for pk in compress(self.commune_of, bits.flags(mask, self.size)) if pk is not None}

    def stale(self) -> int:
        """Actors unconfirmed for longer than their rhythm, as of today."""
        today = timezone.localdate().toordinal()
        if self._stale is None or self._stale[0] != today:
            late = (ordinal for ordinal, day in enumerate(self.stale_on) if day < today)
            self._stale = (today, bits.of(late, self.size))
        return self._stale[1]

    def fresh(self) -> int:
        """Actors that someone confirmed, less long ago than their rhythm."""
        return self.mask("confirmed", True) & ~self.stale()

    def near(self, latitude: float, longitude: float, kilometres: float, among: int) -> int:
        """Those of `among` within a radius; a point on the rim is in."""
        margin = kilometres / 111.0 + 0.01  # Degrees; the arithmetic of the sphere is for those of the square alone.
        wide = margin / max(cos(radians(min(abs(latitude) + margin, 90.0))), 0.001)
        inside = (
            ordinal
            for ordinal, point in compress(enumerate(self.points), bits.flags(among, self.size))
            if point is not None
            and abs(point[0] - latitude) <= margin
            and (abs(point[1] - longitude) <= wide or wide > 90)
            and distance_km(latitude, longitude, *point) <= kilometres
        )
        return bits.of(inside, self.size)

    def of_ids(self, actor_ids: Iterable[int]) -> int:
        known = self.ordinal_of
        return bits.of((known[pk] for pk in actor_ids if pk in known), self.size)

    # --- order ----------------------------------------------------------------------------------------------------------

    def by_name(self, mask: int) -> Iterator[int]:
        """Ordinals of `mask` in the order of names."""
        if mask.bit_count() * 20 < self.size:
            return iter(sorted(bits.members(mask, self.size), key=lambda ordinal: (self._keys[ordinal], ordinal)))
        present = bits.flags(mask, self.size)
        return (ordinal for _, ordinal in self._order if present[ordinal])

    def newest_first(self, mask: int) -> Iterator[int]:
        ids = self.ids
        return iter(sorted(bits.members(mask, self.size), key=lambda ordinal: -ids[ordinal]))

    def nearest_first(self, mask: int, latitude: float, longitude: float) -> Iterator[int]:
        def away(ordinal: int) -> tuple[float, str]:
            point = self.points[ordinal]
            distance = distance_km(latitude, longitude, *point) if point else float("inf")
            return distance, self._keys[ordinal]

        return iter(sorted(bits.members(mask, self.size), key=away))

    def named_like(self, words: Sequence[str]) -> int:
        """Actors whose name holds every folded word, even inside a word."""
        first, *others = words or [""]
        held = (n for n, key in enumerate(self._keys) if first in key and all(word in key for word in others))
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
            # By chunks, each with its terms and circles: what is read is heavier than what is kept of it.
            rows = changed.order_by("actor_id").values_list(*_COLUMNS).iterator(chunk_size=_CHUNK)
            moved: list[tuple[int, str]] = []
            while chunk := list(islice(rows, _CHUNK)):
                moved += self._load(chunk)
            self._reorder(moved)
            self._forget()
            self.version = version

    def _forget(self) -> None:
        """Drop the actors that the network lists no more: once the changed ones are read, they alone make the difference."""
        listed = Listing.objects.filter(network=self.network_id)
        if listed.count() == self.listed.bit_count():
            return
        present = set(listed.values_list("actor_id", flat=True))
        for actor_id, ordinal in self.ordinal_of.items():
            if actor_id not in present:
                for fact in self._facts[ordinal]:
                    self.masks[fact] &= ~(1 << ordinal)
                self._facts[ordinal] = ()
                self._settle(ordinal, None)

    def _settle(self, ordinal: int, commune: int | None) -> None:
        if (before := self.commune_of[ordinal]) is not None:
            self._in_commune[before].discard(ordinal)
        if commune is not None:
            self._in_commune[commune].add(ordinal)
        self.commune_of[ordinal] = commune

    def _load(self, rows: Sequence[tuple[Any, ...]]) -> list[tuple[int, str]]:
        """Take rows in, ordered by actor; answer the ordinals whose name changed, with the new one."""
        terms, circles = self._terms(rows), self._circles(rows)
        cleared: dict[Fact, list[int]] = defaultdict(list)
        gained: dict[Fact, list[int]] = defaultdict(list)
        moved = []
        for row in rows:
            ordinal = self.ordinal_of.get(row[0])
            if ordinal is None:
                ordinal = self._append(row[0])
            for fact in self._facts[ordinal]:
                cleared[fact].append(ordinal)
            facts = self._facts_of(row, terms.get(row[0], ()), circles.get(row[0], {}))
            for fact in facts:
                gained[fact].append(ordinal)
            self._facts[ordinal] = facts
            self._settle(ordinal, row[6])
            if self._keys[ordinal] != row[3]:
                moved.append((ordinal, row[3]))
            # A point that contradicts the commune waits to be placed by hand: it is on no map meanwhile.
            placed = row[9] is not None and row[18] != PositionQuality.TO_PLACE
            home = keeps_home_private(row[4], row[20])
            self.points[ordinal] = told_point(row[9], row[10], private=home) if placed else None
            self.values["completeness"][ordinal] = row[14]
            self.values["updated"][ordinal] = row[19].timestamp()
            self.stale_on[ordinal] = (row[15] or row[16]).date().toordinal() + 30 * row[17]
        for fact, ordinals in cleared.items():
            self.masks[fact] &= ~bits.of(ordinals, self.size)
        for fact, ordinals in gained.items():
            self.masks[fact] = self.masks.get(fact, 0) | bits.of(ordinals, self.size)
            self.by_dimension[fact[0]].add(fact[1])
        self._stale = None
        return moved

    def _append(self, actor_id: int) -> int:
        ordinal = self.size
        self.ids.append(actor_id)
        self.ordinal_of[actor_id] = ordinal
        self.points.append(None)
        self.values["completeness"].append(0)
        self.values["updated"].append(0.0)
        self.stale_on.append(0)
        self._facts.append(())
        self.commune_of.append(None)
        self._keys.append("")
        insort(self._order, ("", ordinal))
        return ordinal

    def _reorder(self, moved: list[tuple[int, str]]) -> None:
        if len(moved) > 50:
            for ordinal, key in moved:
                self._keys[ordinal] = key
            self._order = sorted((key, ordinal) for ordinal, key in enumerate(self._keys))
            return
        for ordinal, key in moved:
            del self._order[bisect_left(self._order, (self._keys[ordinal], ordinal))]
            self._keys[ordinal] = key
            insort(self._order, (key, ordinal))

    def _facts_of(self, row: tuple[Any, ...], terms: Iterable[int], circles: dict[str, int]) -> tuple[Fact, ...]:
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
        facts += [
            (dimension, value)
            for dimension, value in (("family", row[5]), ("department", row[7]), ("epci", row[8]))
            if value is not None
        ]
        facts += [("term", term) for term in terms]
        facts += [("access", code) for code in row[12]]
        return tuple(self._shared.setdefault(fact, fact) for fact in facts)

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
