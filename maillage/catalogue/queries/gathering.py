"""Reads of collections."""

from typing import Any

from django.db.models import Count, QuerySet

from maillage.catalogue.models import Collection, CollectionItem, Resource
from maillage.catalogue.queries.reading import cards
from maillage.core.viewer import Viewer


def rows_of(found: "QuerySet[Collection]") -> Any:
    """Each with how many resources it names."""
    return found.annotate(size=Count("items")).select_related("author").order_by("-updated_at", "-pk")


def own_collections(viewer: Viewer) -> "QuerySet[Collection]":
    return Collection.objects.written_by(viewer).order_by("title", "pk")


def items_of(collection: Collection) -> list[Any]:
    """In order; `card` is what everyone finds of it, None for a stub: `told` is then its name, unless the team took it out."""
    items: list[Any] = list(CollectionItem.objects.filter(collection=collection).select_related("resource"))
    keys = [item.resource_id for item in items if item.resource_id]
    stubs = set(Resource.objects.filter(pk__in=keys).stubs().values_list("pk", flat=True))
    shown = {card.pk: card for card in cards(keys)}
    for item in items:
        item.card = shown.get(item.resource_id)
        known = item.resource is None or item.resource_id in stubs
        item.told = item.title if known else ""
        item.stub_url = item.resource.get_absolute_url() if item.resource is not None and known else ""
    return items
