"""Telling every network that lists an actor that it changed, in the order of commits, and keeping the search index true."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from maillage.core.viewer import Viewer
from maillage.directory.enums import ListingState
from maillage.directory.models import Actor, Listing, Tombstone
from maillage.directory.queries.documents import documents
from maillage.networks.models import Network
from maillage.search.actions import index

_gathered: ContextVar[dict[int | None, set[int]] | None] = ContextVar("gathered", default=None)


@contextmanager
def marked_together() -> Iterator[None]:
    """Hundreds of actions in one transaction: the actors they change are marked once, at its end."""
    gathered: dict[int | None, set[int]] = defaultdict(set)
    with transaction.atomic():
        token = _gathered.set(gathered)
        try:
            yield
        finally:
            _gathered.reset(token)
        for network_id, ids in gathered.items():
            mark_changed(sorted(ids), only_in=network_id)


def hold(actor_ids: Iterable[int], *, by: Viewer, going: bool = False) -> None:
    """First in the transaction of an action: lock these actors, then the networks that list them and the viewer's.

    Always in that order and by key, so that two acts never wait for each other. Others may write rows that refer to these actors
    meanwhile, unless one of them is `going` away. SQLite has one writer at a time.
    """
    if not connection.features.has_select_for_update:
        return
    actors = Actor.objects.filter(pk__in=list(actor_ids))
    list(actors.select_for_update(no_key=not going).order_by("pk").values_list("pk", flat=True))
    listing = Listing.objects.filter(actor__in=actors).values("network")
    networks = Network.objects.filter(Q(pk__in=listing) | Q(pk=by.network_id))
    list(networks.select_for_update().order_by("pk").values_list("pk", flat=True))


def mark_changed(actor_ids: Iterable[int], *, only_in: int | None = None) -> None:
    """Give the listings of `actor_ids` the next revision of their network. Last in the transaction of an action.

    What is a network's own (state, circle) is told to it alone (`only_in`): others must not see that it moved.
    """
    ids = list(actor_ids)
    if (gathered := _gathered.get()) is not None:
        gathered[only_in].update(ids)
        return
    listings = Listing.objects.filter(actor__in=ids)
    if only_in is not None:
        listings = listings.filter(network=only_in)
    for network in Network.objects.filter(pk__in=listings.values("network")).order_by("pk"):
        version = network.touch()
        listings.filter(network=network).update(revision=version, updated_at=timezone.now())
    index(documents(listings))


def bury(network: Network, actor_id: int, slug: str, merged_into: int | None = None) -> None:
    """Leave a tombstone: the actor is no longer in the public list of `network`."""
    Tombstone.objects.update_or_create(
        network=network,
        actor_id=actor_id,
        defaults={"slug": slug, "merged_into": merged_into, "revision": network.touch(), "at": timezone.now()},
    )


def unbury(network: Network, actor_id: int) -> None:
    Tombstone.objects.filter(network=network, actor_id=actor_id).delete()


def published_in(*actor_ids: int) -> dict[int, set[int]]:
    """The networks in whose public list each actor is."""
    shown = Listing.objects.filter(actor__in=actor_ids, actor__archived_at=None, state=ListingState.PUBLISHED)
    found: dict[int, set[int]] = {pk: set() for pk in actor_ids}
    for actor_id, network_id in shown.values_list("actor_id", "network_id"):
        found[actor_id].add(network_id)
    return found


def tell_public_lists(before: Mapping[int, set[int]], *, slugs: Mapping[int, str], merged_into: int = 0) -> None:
    """After an act on several actors, `before` being `published_in` before it: those that left the list of a network have
    a tombstone there, those that came into it have none. One whose row is gone leads to `merged_into`, where that is seen.
    """
    after = published_in(*before)
    moved = set().union(*(before[pk] ^ after[pk] for pk in before))
    for network in Network.objects.filter(pk__in=moved).order_by("pk"):
        for pk in sorted(before):
            if network.pk in after[pk] - before[pk]:
                unbury(network, pk)
            elif network.pk in before[pk] - after[pk]:
                leads = merged_into and merged_into != pk and network.pk in after[merged_into]
                bury(network, pk, slugs[pk], merged_into=merged_into if leads else None)
