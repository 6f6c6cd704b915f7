"""All communes in memory, by name, postal code and INSEE code: what look-up and resolution read.

About 42,000 names, built in half a second, kept per process and thrown away when the territories change.
"""

import threading
from array import array
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from sys import intern
from typing import Any

from django.db import connection
from django.db.models import Subquery

from maillage.territories.models import FormerCommune, PostalCode, Release, Territory


@dataclass(frozen=True, slots=True)
class Known:
    """A current commune as kept in memory."""

    pk: int
    code: str
    name: str
    key: str
    department: str
    department_name: str
    population: int
    latitude: float | None
    longitude: float | None
    postal_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A name of a commune: its own, or a former one."""

    key: str
    commune: Known
    former: str = ""


class CommuneIndex:
    def __init__(self, communes: list[Known], former: list[tuple[str, str, str, int]]) -> None:
        """`former`: (old code, old name, its key, key of the current commune)."""
        self.by_pk = {commune.pk: commune for commune in communes}
        self.by_code = {commune.code: commune for commune in communes}
        self.names = [Named(commune.key, commune) for commune in communes]
        self.former_codes: dict[str, Known] = {}
        for code, name, key, current in former:
            if current in self.by_pk:
                commune = self.by_pk[current]
                self.names.append(Named(key, commune, name))
                if code not in self.by_code:
                    self.former_codes[code] = commune
        self.keys = [named.key for named in self.names]
        self.by_initial: dict[str, array[int]] = defaultdict(lambda: array("I"))
        for rank, key in enumerate(self.keys):
            self.by_initial[key[:1]].append(rank)
        self.by_postal: dict[str, list[Known]] = defaultdict(list)
        for commune in communes:
            for postal_code in commune.postal_codes:
                self.by_postal[postal_code].append(commune)
        self.numbers = sorted({*self.by_postal, *self.by_code})
        self.postal_numbers = sorted(self.by_postal)
        self._former_names: dict[int, list[Named]] = defaultdict(list)
        for named in self.names:
            if named.former:
                self._former_names[named.commune.pk].append(named)
        # Every name from each of its words on, « marcel » finds « st marcel »; packed: rank × 2, plus 1 for a whole name.
        starts = [
            (named.key[place:], rank * 2 + (place == 0))
            for rank, named in enumerate(self.names)
            for place in _starts(named.key)
        ]
        starts.sort()
        self._starts = [start[0] for start in starts]
        self._ranks = array("I", (start[1] for start in starts))

    def names_of(self, commune: Known) -> list[Named]:
        return [Named(commune.key, commune), *self._former_names.get(commune.pk, ())]

    def named(self, key: str) -> list[Named]:
        """The names that are `key`."""
        return [named for named, whole in self._between(key, key + "\0") if whole]

    def beginning(self, prefix: str) -> list[tuple[Named, bool]]:
        """The names of which a word begins by `prefix`, and whether it is the first one."""
        return self._between(prefix, prefix + "\uffff")

    def _between(self, lowest: str, highest: str) -> list[tuple[Named, bool]]:
        first, last = bisect_left(self._starts, lowest), bisect_left(self._starts, highest)
        return [(self.names[packed >> 1], bool(packed & 1)) for packed in self._ranks[first:last]]

    def numbered(self, prefix: str) -> list[Known]:
        """The communes of which a postal code, or the INSEE code, begins by `prefix`."""
        first, last = bisect_left(self.numbers, prefix), bisect_left(self.numbers, prefix + "\uffff")
        found: dict[int, Known] = {}
        for number in self.numbers[first:last]:
            for commune in self.by_postal.get(number, ()):
                found.setdefault(commune.pk, commune)
            if number in self.by_code:
                found.setdefault(self.by_code[number].pk, self.by_code[number])
        return list(found.values())


def _starts(key: str) -> list[int]:
    return [0, *(place + 1 for place, sign in enumerate(key) if sign == " " and len(key) - place > 3)]


def build_index() -> CommuneIndex:
    """Read everything anew: three queries."""
    postal_codes: dict[int, list[str]] = defaultdict(list)
    for code, commune in PostalCode.objects.order_by("code").values_list("code", "commune_id"):
        postal_codes[commune].append(code)
    rows = Territory.objects.communes().order_by("code").values_list(
        "pk", "code", "name", "name_key", "department__code", "department__name", "population", "latitude", "longitude"
    )  # fmt: skip
    communes = [
        Known(
            pk,
            code,
            name,
            key,
            intern(dep or ""),
            intern(dep_name or ""),
            people or 0,
            lat,
            lon,
            tuple(postal_codes.get(pk, ())),
        )
        for pk, code, name, key, dep, dep_name, people, lat, lon in rows
    ]
    former = FormerCommune.objects.order_by("pk").values_list("code", "name", "name_key", "current_id")
    return CommuneIndex(communes, list(former))


_lock = threading.Lock()
_kept: tuple[Any, CommuneIndex] | None = None


def commune_index() -> CommuneIndex:
    """The index of the present territories: one short query when it is already there.

    What a transaction has not committed yet is never kept for others.
    """
    global _kept
    stamp = _stamp()
    kept = _kept
    if kept is not None and kept[0] == stamp:
        return kept[1]
    if connection.in_atomic_block:
        return build_index()
    with _lock:
        if _kept is None or _kept[0] != stamp:
            _kept = (stamp, build_index())
        return _kept[1]


def _stamp() -> Any:
    """What differs when territories differ: the last row and the last load."""
    loaded = Release.objects.order_by("-loaded_at").values("loaded_at")[:1]
    last = Territory.objects.order_by("-pk").annotate(loaded=Subquery(loaded))
    return last.values_list("pk", "slug", "name", "loaded").first()
