"""What the search knows of a letter: its own words, never those of contents that may be hidden one day."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from maillage.core.dates import date_format
from maillage.core.richtext import as_text
from maillage.newsletters.enums import BlockKind
from maillage.newsletters.models import Block, Letter
from maillage.search.registry import SearchDocument

KIND = "letter"


def documents(letters: QuerySet[Letter] | None = None) -> Iterator[SearchDocument]:
    chosen: Any = Letter.objects.all() if letters is None else letters
    texts = Prefetch("blocks", Block.objects.filter(kind=BlockKind.TEXT), to_attr="texts")
    for letter in chosen.published().prefetch_related(texts).order_by("pk").iterator(chunk_size=200):
        words = as_text(letter.intro)
        at = timezone.localtime(letter.started_at)
        yield SearchDocument(
            kind=KIND,
            object_id=letter.pk,
            network_id=letter.network_id,
            title=letter.subject,
            url=letter.get_absolute_url(),
            subtitle=date_format(at, "j F Y"),
            text=" ".join([words, *(as_text(block.text) for block in letter.texts), as_text(letter.closing)]),
            excerpt=words[:300],
            boost=0.6,
            on=at.date(),
        )
