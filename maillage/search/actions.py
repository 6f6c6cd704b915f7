"""Writing the index: called inside the transaction of the act that changed the object, so both are there or neither.

Upper apps call these from their own actions, whose rule has been asked: the index has no right of its own.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from maillage.core import jobs
from maillage.core.models import Job
from maillage.core.text import folded
from maillage.networks.models import Network
from maillage.search.engine.analyser import spelled, stems
from maillage.search.engine.words import STOP_WORDS
from maillage.search.models import Document
from maillage.search.queries.expressions import scopes_of
from maillage.search.queries.narrowing import place_sets, theme_sets
from maillage.search.registry import SearchDocument, SearchSource, sources

BATCH = 1000
MOST_STEMS = 5000  # Of a text: what follows is not searched.
MOST_WORDS = 300  # Distinct words of a document given to the vocabulary.
_UPDATED = [
    "is_public", "title", "subtitle", "excerpt", "url", "boost", "on", "since", "ends_on", "latitude", "longitude", "scope", "title_key",
    "title_stems", "subtitle_stems", "text_stems", "words", "revision", "updated_at",
]  # fmt: skip


def index(documents: Iterable[SearchDocument]) -> int:
    """Make the documents findable as they are now, in the place of what was known of them; how many there were.

    Each batch is one transaction of its own unless the caller holds one. The networks are touched, so that their cached
    pages and kept vocabularies follow.
    """
    total = 0
    for batch in _batches(documents):
        with transaction.atomic():
            revisions = _revisions(document.network_id for document in batch)
            # The same object twice in a batch: the last word counts, and one statement may not write a row twice.
            last = {(each.network_id, each.kind, each.object_id): each for each in batch}
            Document.objects.bulk_create(
                [_row(document, revisions[document.network_id]) for document in last.values()],
                update_conflicts=True,
                unique_fields=["network", "kind", "object_id"],
                update_fields=_UPDATED,
            )
        total += len(last)
    return total


def remove(kind: str | Sequence[str], object_ids: int | Iterable[int], network: Network | None = None) -> int:
    """Forget objects of a kind (or of several, whose objects are of one table) in one network, or in all; how many documents
    went."""
    kinds = [kind] if isinstance(kind, str) else kind
    wanted = [object_ids] if isinstance(object_ids, int) else list(object_ids)
    gone = 0
    with transaction.atomic():
        for start in range(0, len(wanted), BATCH):
            rows = Document.objects.filter(kind__in=kinds, object_id__in=wanted[start : start + BATCH])
            if network is not None:
                rows = rows.filter(network=network)
            _revisions(rows.order_by().values_list("network_id", flat=True).distinct())
            gone += rows.delete()[0]
    return gone


def rebuild(kinds: Sequence[str] = ()) -> dict[str, int]:
    """Read every source again (of `kinds`, or all) and drop what it no longer gives, kinds that are none any more included; documents
    by kind.

    Searches go on meanwhile: rows are replaced one batch at a time, then those not seen are removed.
    """
    counts = {source.kind: _rebuild(source) for source in sources() if not kinds or source.kind in kinds}
    if not kinds:
        _drop(Document.objects.exclude(kind__in=list(counts)))
    return counts


@jobs.task()
def rebuild_everything(_job: Job) -> None:
    """Asked for by a migration that changes what the index holds of each document."""
    rebuild()


@jobs.task()
def rebuild_with_days(_job: Job) -> None:
    """The same, under a name that the program before knows not: its worker, still at work while an instance is brought up to date, would
    write what it knew."""
    rebuild()


def _rebuild(source: SearchSource) -> int:
    started = timezone.now()
    count = index(source.documents())
    _drop(Document.objects.filter(kind=source.kind, updated_at__lt=started))
    return count


def _drop(stale: "QuerySet[Document]") -> None:
    while ids := list(stale.values_list("object_id", flat=True)[:BATCH]):
        # A document seen in one network and gone from another: only the rows not seen go.
        with transaction.atomic():
            rows = stale.filter(object_id__in=ids)
            _revisions(rows.order_by().values_list("network_id", flat=True).distinct())
            rows.delete()


def _revisions(network_ids: Iterable[int]) -> dict[int, int]:
    """The new version of each network; locked in the order of ids, so that two writers cannot wait for each other."""
    return {pk: Network(pk=pk).touch() for pk in sorted(set(network_ids))}


def _batches(documents: Iterable[SearchDocument]) -> Iterator[list[SearchDocument]]:
    remaining = iter(documents)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _row(document: SearchDocument, revision: int) -> Document:
    title, subtitle = spelled(document.title), spelled(document.subtitle)
    text = spelled(document.text)[:MOST_STEMS]
    written = dict.fromkeys(
        word for part in (title, subtitle, text) for word, folded_word in part if _counts(folded_word)
    )
    return Document(
        network_id=document.network_id,
        kind=document.kind,
        object_id=document.object_id,
        is_public=document.is_public,
        title=_cut(document.title),
        subtitle=_cut(document.subtitle),
        excerpt=_cut(document.excerpt or document.text),
        url=document.url,
        boost=document.boost,
        on=document.on,
        since=document.since,
        ends_on=document.ends_on,
        latitude=document.latitude,
        longitude=document.longitude,
        scope=scopes_of(
            document.network_id,
            document.kind,
            is_public=document.is_public,
            others=dict.fromkeys([*theme_sets(document.themes), *place_sets(document.places)]),
        ),
        title_key=folded(document.title)[:300],
        title_stems=" ".join(stems(title)),
        subtitle_stems=" ".join(stems(subtitle)),
        text_stems=" ".join(stems(text)),
        words=" ".join(list(written)[:MOST_WORDS]),
        revision=revision,
        updated_at=timezone.now(),
    )


def _counts(word: str) -> bool:
    return len(word) > 1 and word not in STOP_WORDS


def _cut(text: str) -> str:
    """At most 300 characters, cut on a word; NUL has no place in a text of PostgreSQL."""
    text = " ".join(text.replace("\x00", " ").split())
    return text if len(text) <= 300 else text[:299].rsplit(" ", 1)[0][:299] + "…"
