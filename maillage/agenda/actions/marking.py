"""Telling the network that an event changed, in the order of commits, and keeping the search index true."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from maillage.agenda.models import Event, EventTombstone
from maillage.agenda.queries.documents import KIND, documents
from maillage.agenda.queries.pictures import is_taken
from maillage.agenda.registry import EVENT
from maillage.agenda.signals import changed
from maillage.core import images
from maillage.networks.models import Network
from maillage.search.actions import index, remove
from maillage.sharing.actions import changed_at_home


def hold(event_ids: Iterable[int], network: Network | None) -> None:
    """First in the transaction of an action: lock the network, then these events, always in that order and by key."""
    if not connection.features.has_select_for_update:
        return
    if network is not None:
        list(Network.objects.filter(pk=network.pk).select_for_update().values_list("pk", flat=True))
    events = Event.objects.filter(pk__in=list(event_ids)).order_by("pk")
    list(events.select_for_update().values_list("pk", flat=True))


def mark_changed(event_ids: Iterable[int], *, were_shown: Iterable[int] = ()) -> None:
    """Give these events the next revision of their network, index them, and leave a tombstone of those that everyone read and
    reads no more. Last in the transaction of an action. One under embargo was read by nobody, unless it is among those that
    `were_shown` before."""
    ids, read = list(event_ids), set(were_shown)
    by_network: dict[int, list[int]] = defaultdict(list)
    for pk, network_id in Event.objects.filter(pk__in=ids).values_list("pk", "network_id"):
        by_network[network_id].append(pk)
    for network_id in sorted(by_network):
        revision = Network(pk=network_id).touch()
        here = Event.objects.filter(pk__in=by_network[network_id])
        here.update(revision=revision)
        shown = set(here.shown().values_list("pk", flat=True))
        EventTombstone.objects.filter(network=network_id, event_id__in=shown).delete()
        known = here.filter(published_at__isnull=False).exclude(pk__in=shown)
        known = known.filter(Q(publish_at=None) | Q(publish_at__lte=timezone.now()) | Q(pk__in=read))
        bury(network_id, list(known.values_list("pk", "slug")), revision)
    index(documents(Event.objects.filter(pk__in=ids)))
    changed_at_home(EVENT, ids)
    changed.send(sender=Event, keys=ids)


def refresh(keys: Iterable[int], left: Iterable[Network]) -> None:
    """What the search of every network knows of these events, and of the networks of `left` no more."""
    keys = list(keys)
    for network in left:
        remove(KIND, keys, network)
    index(documents(Event.objects.filter(pk__in=keys)))


def bury(network_id: int, gone: Iterable[tuple[int, str]], revision: int) -> None:
    """Leave a tombstone of each (key, slug)."""
    EventTombstone.objects.bulk_create(
        [EventTombstone(network_id=network_id, event_id=pk, slug=slug, revision=revision) for pk, slug in gone],
        update_conflicts=True,
        unique_fields=["network", "event_id"],
        update_fields=["slug", "revision", "at"],
    )


def forget(event: Event) -> None:
    """Before its row goes."""
    if event.published_at is not None:
        bury(event.network_id, [(event.pk, event.slug)], Network(pk=event.network_id).touch())
    remove(KIND, event.pk)


def withdraw_picture(event: Event) -> None:
    """Under a name that nobody was told, within the transaction that hides the event."""
    old = event.image.name or ""
    if not old or (new := images.renamed(old)) == old:
        return
    event.image = new
    Event.objects.filter(pk=event.pk).update(image=new)

    def forget_former() -> None:
        if not is_taken(old):
            images.forget(old)

    transaction.on_commit(forget_former, robust=True)
