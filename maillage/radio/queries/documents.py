"""What the search knows of an episode."""

from collections.abc import Iterator
from itertools import islice

from django.db.models import QuerySet
from django.utils import timezone

from maillage.core.dates import date_format
from maillage.core.richtext import as_text
from maillage.radio.enums import EpisodeState
from maillage.radio.models import Episode
from maillage.search.registry import SearchDocument

KIND = "emission"
_BATCH = 500


def documents(episodes: QuerySet[Episode] | None = None) -> Iterator[SearchDocument]:
    """Those of some episodes, or of all; a constant number of queries for each five hundred. What is not published is found by the
    team alone, by its title."""
    chosen = Episode.objects.all() if episodes is None else episodes
    rows = chosen.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=_BATCH)
    while batch := list(islice(rows, _BATCH)):
        found = Episode.objects.filter(pk__in=batch).select_related("show", "network")
        for episode in found.prefetch_related("items__departments").order_by("pk"):
            yield _document(episode)


def _document(episode: Episode) -> SearchDocument:
    items = list(episode.items.all())
    at = episode.published_at or episode.on_air_at or episode.planned_at
    day = timezone.localtime(at).date() if at is not None else None
    shown = episode.is_shown
    state = "" if episode.state == EpisodeState.PUBLISHED else str(episode.get_state_display())
    said = [episode.summary, as_text(episode.notes), *(item.title for item in items), episode.transcript[:20_000]]
    return SearchDocument(
        kind=KIND,
        object_id=episode.pk,
        network_id=episode.network_id,
        title=episode.title,
        url=episode.get_absolute_url(),
        subtitle=" · ".join(filter(None, [episode.show.name, date_format(day, "j F Y") if day else "", state])),
        text=" ".join(part for part in said if part),
        excerpt=episode.summary,
        is_public=shown,
        on=day,
        places=tuple(dict.fromkeys(place.code for item in items for place in item.departments.all())),
    )
