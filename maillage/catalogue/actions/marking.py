"""Telling the network that resources changed, in the order of commits, and keeping the search index true."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection
from django.utils import timezone

from maillage.catalogue.enums import State
from maillage.catalogue.models import Copy, Resource, ResourceTombstone
from maillage.catalogue.queries.documents import KIND, documents
from maillage.catalogue.signals import stock_changed
from maillage.networks.models import Network
from maillage.search.actions import index, remove


def hold(network: Network | None, *keys: int) -> None:
    """First in the transaction of an action: lock the network, then the resources by key, always in that order."""
    if not connection.features.has_select_for_update:
        return
    if network is not None:
        list(Network.objects.filter(pk=network.pk).select_for_update().values_list("pk", flat=True))
    if keys:
        found = Resource.objects.filter(pk__in=keys).order_by("pk")
        list(found.select_for_update().values_list("pk", flat=True))


def mark_changed(*keys: int) -> None:
    """Give them the next revision of their network, index them, and leave a tombstone of those that everyone found and finds no
    more. Last in the transaction of an action."""
    by_network: dict[int, list[int]] = defaultdict(list)
    for pk, network_id in Resource.objects.filter(pk__in=keys).values_list("pk", "network"):
        by_network[network_id].append(pk)
    for network_id in sorted(by_network):
        revision = Network(pk=network_id).touch()
        here = Resource.objects.filter(pk__in=by_network[network_id])
        # What is told beside its fields changes it too: those who harvest ask by that date, and so does `reporting`.
        here.update(revision=revision, updated_at=timezone.now())
        shown = list(here.shown().values_list("pk", flat=True))
        ResourceTombstone.objects.filter(network=network_id, resource_id__in=shown).delete()
        gone = here.filter(published_at__isnull=False).exclude(pk__in=shown)
        bury(network_id, list(gone.values_list("pk", "uid", "slug")), revision)
    drafts = Resource.objects.filter(pk__in=keys, state=State.DRAFT).values_list("pk", flat=True)
    remove(KIND, list(drafts))
    index(documents(Resource.objects.filter(pk__in=keys)))


def follow_actors(*actors: int) -> None:
    """They came into the public list of a network, or left it: what they offer is found there, or is found no more."""
    published = Resource.objects.filter(actor__in=actors, state=State.PUBLISHED, published_at__isnull=False)
    keys = set(published.values_list("pk", flat=True))
    shown = set(published.offered().values_list("pk", flat=True)) if keys else set()
    buried = set(ResourceTombstone.objects.filter(resource_id__in=keys).values_list("resource_id", flat=True))
    moved = sorted(pk for pk in keys if (pk in shown) == (pk in buried))
    if moved:
        mark_changed(*moved)
        for resource in (
            Resource.objects.filter(pk__in=shown.intersection(moved)).select_related("network").order_by("pk")
        ):
            stock_changed.send(sender=Copy, resource=resource)


def bury(network_id: int, gone: Iterable[tuple[int, str, str]], revision: int) -> None:
    """Leave a tombstone of each (key, uid, slug)."""
    ResourceTombstone.objects.bulk_create(
        [
            ResourceTombstone(network_id=network_id, resource_id=pk, uid=uid, slug=slug, revision=revision)
            for pk, uid, slug in gone
        ],
        update_conflicts=True,
        unique_fields=["network", "resource_id"],
        update_fields=["slug", "revision", "at"],
    )


def forget(resource: Resource) -> None:
    """Before its row goes."""
    if resource.published_at is not None:
        revision = Network(pk=resource.network_id).touch()
        bury(resource.network_id, [(resource.pk, resource.uid, resource.slug)], revision)
    remove(KIND, resource.pk)
