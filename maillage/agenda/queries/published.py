"""Events as everyone reads them, for every output that is data: whole, in the order asked for, a few queries for each hundred."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from maillage.agenda.models import Event, EventTombstone, Organiser, Timing
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.directory.queries.published import Since
from maillage.networks.models import Network
from maillage.networks.queries import vocabularies
from maillage.topics.enums import Vocabulary

CHUNK = 100
Window = tuple[datetime, datetime]


@dataclass(frozen=True)
class Published:
    """`timings` in order; `terms` by vocabulary, those that the network uses under its names; `organisers` those whose sheet
    everyone reads, the leader first, and the one outside the directory under `event.organiser_name`."""

    event: Event
    timings: list[Timing]
    terms: dict[str, list[Any]]
    organisers: list[Actor]
    venue: Actor | None
    parent: Event | None

    @property
    def organiser_names(self) -> list[str]:
        names = [actor.name for actor in self.organisers]
        return list(dict.fromkeys(filter(None, [*names, self.event.organiser_name])))


def published(network: Network, ids: Iterable[int], *, window: Window | None = None) -> Iterator[Published]:
    """The events of `ids` that everyone reads, in that order, with their dates (in `window`); five queries for each hundred."""
    words = {term.pk: term for terms in vocabularies(network).values() for term in terms}
    rest = iter(ids)
    while chunk := list(islice(rest, CHUNK)):
        found = {event.pk: event for event in _read(network, chunk, window)}
        events: list[Any] = [found[pk] for pk in chunk if pk in found]
        actors = {each.actor_id for event in events for each in event.standing}
        actors |= {event.venue_id for event in events if event.venue_id}
        seen = {actor.pk: actor for actor in Actor.objects.visible_to(Viewer(network=network)).filter(pk__in=actors)}
        for event in events:
            yield Published(
                event,
                event.told,
                _terms(event, words),
                [seen[each.actor_id] for each in event.standing if each.actor_id in seen],
                seen.get(event.venue_id),
                event.parent if event.parent is not None and event.parent.is_shown else None,
            )


def _read(network: Network, ids: list[int], window: Window | None) -> QuerySet[Event]:
    timings = Timing.objects.all() if window is None else Timing.objects.overlapping(*window)
    return (
        Event.objects.filter(network=network, pk__in=ids)
        .shown()
        .select_related("commune__department__region", "parent")
        .prefetch_related(
            "terms",
            "identifiers",
            Prefetch("timings", timings.order_by("starts_at", "pk"), to_attr="told"),
            Prefetch("organisers", Organiser.objects.filter(withdrawn_at=None), to_attr="standing"),
        )
    )


def _terms(event: Event, words: dict[int, Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {vocabulary: [] for vocabulary in Vocabulary.values}
    for term in event.terms.all():
        if term.pk in words:
            found[term.vocabulary].append(words[term.pk])
    return found


def latest(network: Network, ids: Iterable[int], number: int) -> list[Any]:
    """Those of `ids` that appeared last, the newest first: `appeared_at` is when everyone could read them, `coming` their dates
    not over. Three queries."""
    events = Event.objects.told_in(network).filter(pk__in=list(ids))
    return list(
        events.annotate(appeared_at=Coalesce(Greatest("publish_at", "published_at"), "published_at"))
        .select_related("commune", "venue", "network")
        .prefetch_related(
            "terms", Prefetch("timings", Timing.objects.upcoming().order_by("starts_at"), to_attr="coming")
        )
        .order_by("-appeared_at", "-pk")[:number]
    )


# --- as programs follow it: in the order of ids, with what changed and what left


def published_ids(network_id: int, since: Since, *, after: int = 0) -> QuerySet[Event]:
    """The events of the network that everyone reads, above `after`, changed since; an embargo that ended is a change."""
    events = Event.objects.filter(network=network_id, pk__gt=after).shown().order_by("pk")
    if since.moment is not None and since.revision is None:
        return events.filter(Q(updated_at__gte=since.moment) | Q(publish_at__gte=since.moment))
    return since.narrow(events, "updated_at")


def tombstones(network_id: int, since: Since, *, after: int = 0, last: int | None = None) -> list[EventTombstone]:
    """Those whose event's id is in ]after, last], so that a walk meets each once."""
    buried = since.narrow(EventTombstone.objects.filter(network=network_id, event_id__gt=after), "at")
    if last is not None:
        buried = buried.filter(event_id__lte=last)
    return list(buried.order_by("event_id"))


def tombstone_of(network_id: int | None, event_id: int) -> EventTombstone | None:
    return EventTombstone.objects.filter(network=network_id, event_id=event_id).first()
