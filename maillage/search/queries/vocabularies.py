"""The words in use in each network, kept by the process and followed by revisions, like the index of the directory."""

import math
import threading
import time
from collections.abc import Sequence

from django.db import connection
from django.db.models import Q

from maillage.networks.models import Network
from maillage.search.engine.spelling import Vocabulary
from maillage.search.models import Document

KEPT_SECONDS = 3600
_FEW = 900  # Ids named one by one.


class _Kept:
    """A vocabulary with the version of the network it was read at. Words of changed documents are added, never taken
    away: it is read anew after an hour, or when a tenth of it is additions."""

    def __init__(self) -> None:
        self.vocabulary = Vocabulary()
        self.version = -1
        self.read_at = -math.inf
        self.documents = 0
        self.added = 0
        self.lock = threading.Lock()

    def follow(self, network_id: int, version: int, *, public: bool) -> None:
        with self.lock:
            late = time.monotonic() - self.read_at > KEPT_SECONDS or self.added * 10 > self.documents + 100
            if version <= self.version and not late:
                return
            rows = Document.objects.filter(network=network_id)
            if public:
                rows = rows.filter(is_public=True)
            if late:
                fresh, self.added = Vocabulary(), 0
                self.documents = fresh.add(rows.values_list("words", flat=True).iterator(chunk_size=2000))
                self.vocabulary, self.read_at = fresh, time.monotonic()
            else:
                changed = rows.filter(revision__gt=self.version).values_list("words", flat=True)
                self.added += self.vocabulary.add(changed.iterator(chunk_size=2000))
            self.version = version


_kept: dict[tuple[int, bool], _Kept] = {}


class _Objects:
    """Which object a document is of, to answer with very many of them: looking each up costs more than the search.

    A document keeps its object, and ids are not used again: what is gone does no harm here.
    """

    def __init__(self) -> None:
        self.of: dict[int, int] = {}
        self.lock = threading.Lock()

    def read(self, missing: Sequence[int]) -> None:
        """Those asked for, never those after the last known: what another transaction writes may appear with an earlier id."""
        with self.lock:
            wanted = Q(pk__in=missing) if len(missing) <= _FEW else Q(pk__gte=min(missing))
            self.of.update(Document.objects.filter(wanted).values_list("pk", "object_id").iterator())


_objects = _Objects()


def objects_of(ids: Sequence[int]) -> list[int]:
    """The object of each document, in order. Inside a transaction they are read anew: what is not committed is not kept."""
    kept = _Objects() if connection.in_atomic_block else _objects
    found = list(map(kept.of.get, ids))
    if None in found:
        kept.read([pk for pk in ids if pk not in kept.of])
        found = list(map(kept.of.get, ids))
    return [each for each in found if each is not None]


def vocabulary_of(network: Network, *, public: bool) -> Vocabulary:
    """The words of what is public, or of everything: a correction must not tell a word of a hidden document.

    Inside a transaction a fresh one is read and thrown away: what is not committed must not stay in the shared one.
    """
    if connection.in_atomic_block:
        kept = _Kept()
        kept.follow(network.pk, network.content_version, public=public)
        return kept.vocabulary
    kept = _kept.setdefault((network.pk, public), _Kept())
    kept.follow(network.pk, network.content_version, public=public)
    return kept.vocabulary
