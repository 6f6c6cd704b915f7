"""How many of the documents found are of each kind, theme, département and part of time.

What each document is of is kept by the process and followed by revisions, like the index of the directory (decision 0005):
many documents share one profile, so counting very many costs a look-up each, and the facets are told from the profiles.
"""

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from maillage.networks.models import Network
from maillage.search.models import Document
from maillage.search.queries.narrowing import Narrowing, when


@dataclass(frozen=True, slots=True)
class Profile:
    kind: str
    themes: tuple[int, ...]
    departments: tuple[str, ...]
    when: str


@dataclass(slots=True)
class Counts:
    """`total` documents are of every facet; each facet is counted as if it were not used."""

    total: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    themes: Counter[int] = field(default_factory=Counter)
    departments: Counter[str] = field(default_factory=Counter)
    when: Counter[str] = field(default_factory=Counter)


class Profiles:
    """Of the documents of a network; those of removed documents stay, and nothing asks for them."""

    def __init__(self) -> None:
        self._now = Day(date.min)
        self._version = -1
        self._lock = threading.Lock()

    def follow(self, network_id: int, version: int, today: date) -> "Day":
        with self._lock:
            if version > self._version or today != self._now.day:
                rows = Document.objects.filter(network=network_id)
                if today == self._now.day:
                    self._now.read(rows.filter(revision__gt=self._version))
                else:
                    # Another day: every part of time has moved. Whoever counts meanwhile goes on with the day before.
                    fresh = Day(today)
                    fresh.read(rows)
                    self._now = fresh
                self._version = version
            return self._now


class Day:
    """`of`: by document, the rank of its profile among those `known`. Few profiles, numbers alone to count."""

    def __init__(self, day: date) -> None:
        self.day = day
        self.of: dict[int, int] = {}
        self.known: list[Profile] = []
        self._ranks: dict[tuple[str, str, str], int] = {}

    def read(self, rows: QuerySet[Document]) -> None:
        found = rows.values_list("pk", "kind", "scope", "on").iterator(chunk_size=2000)
        for pk, kind, scope, on in found:
            # A commune and an intercommunalité are narrowed to by the database; without them few profiles differ.
            sets = " ".join(
                each for each in scope.split(" ") if each[:2] == "0t" or (each[:2] == "0p" and len(each) < 6)
            )
            key = (kind, sets, when(on, self.day))
            rank = self._ranks.get(key)
            if rank is None:
                self.known.append(_profile(*key))
                rank = self._ranks[key] = len(self.known) - 1
            self.of[pk] = rank

    def get(self, pk: int) -> Profile | None:
        rank = self.of.get(pk)
        return None if rank is None else self.known[rank]


def _profile(kind: str, sets: str, part: str) -> Profile:
    told = sets.split()
    return Profile(
        kind,
        tuple(int(each[2:]) for each in told if each.startswith("0t")),
        tuple(each[2:].upper() for each in told if each.startswith("0p")),
        part,
    )


_kept: dict[int, Profiles] = {}


def profiles_of(network: Network) -> Day:
    """Inside a transaction they are read anew and thrown away: what is not committed is not kept."""
    profiles = Profiles() if connection.in_atomic_block else _kept.setdefault(network.pk, Profiles())
    return profiles.follow(network.pk, network.content_version, timezone.localdate())


def answers(profile: Profile, narrowing: Narrowing) -> list[bool]:
    """Whether it is of the kinds, themes, départements and parts of time asked for."""
    return [
        not narrowing.kinds or profile.kind in narrowing.kinds,
        not narrowing.themes or not set(narrowing.themes).isdisjoint(profile.themes),
        not narrowing.departments or not set(narrowing.departments).isdisjoint(profile.departments),
        not narrowing.when or profile.when in narrowing.when,
    ]


def counted(ids: Sequence[int], narrowing: Narrowing, profiles: Day) -> Counts:
    """`ids`: the documents that answer the words."""
    counts = Counts()
    for rank, number in Counter(map(profiles.of.get, ids)).items():
        if rank is None:  # Written meanwhile.
            continue
        profile = profiles.known[rank]
        held = answers(profile, narrowing)
        missed = held.count(False)
        if missed > 1:
            continue
        counts.total += number * (missed == 0)
        if missed == 0 or not held[0]:
            counts.kinds[profile.kind] += number
        if missed == 0 or not held[1]:
            for theme in profile.themes:
                counts.themes[theme] += number
        if missed == 0 or not held[2]:
            for code in profile.departments:
                counts.departments[code] += number
        if missed == 0 or not held[3]:
            counts.when[profile.when] += number
    return counts
