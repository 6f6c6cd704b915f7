"""What the public hears and reads: programmes, their episodes, who and what was spoken of."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from maillage.agenda.models import Event
from maillage.core.mail import address_in
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.networks.models import Network
from maillage.publications.models import Publication
from maillage.radio.engine.reading import clock
from maillage.radio.enums import EpisodeState
from maillage.radio.models import Episode, Show

LATEST = 5


@dataclass(frozen=True)
class Mention:
    """Something spoken of that everyone may read now; `kind` is "event", "actor" or "publication"."""

    kind: str
    name: str
    url: str


def shows_of(viewer: Viewer) -> QuerySet[Show]:
    """Those that have something to hear first; `count` and `latest` are of what everyone hears."""
    heard: Any = Q(episodes__state=EpisodeState.PUBLISHED)
    found = Show.objects.visible_to(viewer).annotate(
        count=Count("episodes", filter=heard), latest=Max("episodes__published_at", filter=heard)
    )
    return found.order_by("-latest", "name", "pk")


def episodes_of(show: Show) -> QuerySet[Episode]:
    """Those that everyone hears, the latest first; without their long texts."""
    return show.episodes.filter(state=EpisodeState.PUBLISHED).defer("transcript", "notes").latest_first()


def latest_episodes(network: Network, limit: int = 6) -> QuerySet[Episode]:
    found = Episode.objects.filter(network=network).shown().select_related("show").defer("transcript", "notes")
    return found.latest_first()[:limit]


def mentions_of(episode: Episode) -> list[Mention]:
    """In the order of the items, each once; what everyone may not read now is left out. Five queries at most."""
    anyone = Viewer(network=episode.network)
    items = list(episode.items.prefetch_related("heard"))
    events = _seen(Event.objects.told_in(episode.network).select_related("network"), {item.event_id for item in items})
    texts = _seen(
        Publication.objects.told_in(episode.network).select_related("network"), {item.publication_id for item in items}
    )
    keys = {heard.actor_id for item in items for heard in item.heard.all()} | {item.actor_id for item in items}
    actors = _seen(Actor.objects.visible_to(anyone).current(), keys)
    found: dict[tuple[str, int | None], Mention] = {}
    for item in items:
        for kind, key, rows in (("event", item.event_id, events), ("publication", item.publication_id, texts)):
            if key in rows:
                found.setdefault((kind, key), _mention(episode.network, kind, rows[key]))
        for key in [item.actor_id, *(heard.actor_id for heard in item.heard.all())]:
            if key in actors:
                found.setdefault(("actor", key), Mention("actor", str(actors[key]), actors[key].get_absolute_url()))
    return list(found.values())


def _seen(rows: Any, keys: Iterable[int | None]) -> dict[Any, Any]:
    wanted = [key for key in keys if key is not None]
    return {row.pk: row for row in rows.filter(pk__in=wanted)} if wanted else {}


def _mention(network: Network, kind: str, row: Any) -> Mention:
    return Mention(kind, str(row), address_in(network, row))


@dataclass(frozen=True)
class OnAir:
    """An episode in which an actor is heard, for its sheet."""

    title: str
    url: str
    show: str
    at: Any
    clock: str


def heard_of(viewer: Viewer, actor: Actor) -> list[OnAir]:
    """The latest that everyone hears; one query."""
    found = Episode.objects.filter(network=viewer.network_id).shown().filter(items__heard__actor=actor)
    rows = found.distinct().order_by("-published_at", "-pk").values(
        "pk", "title", "slug", "published_at", "duration", "show__name", "show__slug"
    )  # fmt: skip
    return [
        OnAir(
            row["title"],
            _address(row["show__slug"], row["slug"]),
            row["show__name"],
            row["published_at"],
            clock(row["duration"]),
        )
        for row in rows[:LATEST]
    ]


def _address(show: str, slug: str) -> str:
    return Episode(show=Show(slug=show), slug=slug).get_absolute_url()
