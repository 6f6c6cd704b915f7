"""Telling every network that lists an actor that it changed, in the order of commits, and keeping the search index true."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction
from django.utils import timezone

from maillage.directory.models import Listing, Tombstone
from maillage.directory.queries.documents import documents
from maillage.networks.models import Network
from maillage.search.actions import index

_gathered: ContextVar[set[int] | None] = ContextVar("gathered", default=None)


@contextmanager
def marked_together() -> Iterator[None]:
    """Hundreds of actions in one transaction: the actors they change are marked once, at its end."""
    gathered: set[int] = set()
    with transaction.atomic():
        token = _gathered.set(gathered)
        try:
            yield
        finally:
            _gathered.reset(token)
        if gathered:
            mark_changed(sorted(gathered))


def mark_changed(actor_ids: Iterable[int]) -> None:
    """Give the listings of `actor_ids` the next revision of their network. Last in the transaction of an action."""
    ids = list(actor_ids)
    if (gathered := _gathered.get()) is not None:
        gathered.update(ids)
        return
    for network in Network.objects.filter(listings__actor__in=ids).distinct().order_by("pk"):
        version = network.touch()
        Listing.objects.filter(network=network, actor__in=ids).update(revision=version, updated_at=timezone.now())
    index(documents(ids))


def bury(network: Network, actor_id: int, slug: str, merged_into: int | None = None) -> None:
    """Leave a tombstone: the actor is no longer in the public list of `network`."""
    Tombstone.objects.update_or_create(
        network=network,
        actor_id=actor_id,
        defaults={"slug": slug, "merged_into": merged_into, "revision": network.touch(), "at": timezone.now()},
    )


def unbury(network: Network, actor_id: int) -> None:
    Tombstone.objects.filter(network=network, actor_id=actor_id).delete()
