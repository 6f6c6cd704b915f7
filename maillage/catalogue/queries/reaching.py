"""Parts of what a viewer may see, by the doors of what they are parts of."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from maillage.catalogue.enums import BookingKind
from maillage.catalogue.models import (
    Booking,
    Closure,
    Collection,
    CollectionEditor,
    Component,
    Copy,
    FileVersion,
    LendingTerms,
    Resource,
    Use,
)
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.networks.models import Network


def pieces(viewer: Viewer, model: Any) -> "QuerySet[Any]":
    """Rows of a model whose `resource` the viewer sees."""
    return model.objects.filter(resource__in=Resource.objects.visible_to(viewer))


def components(viewer: Viewer) -> "QuerySet[Component]":
    visible = Component.objects.filter(kit__resource__in=Resource.objects.visible_to(viewer))
    return visible.select_related("kit__resource", "part")


def versions(viewer: Viewer) -> "QuerySet[FileVersion]":
    """But those found malicious, which nobody opens, and those withdrawn."""
    seen = Resource.objects.visible_to(viewer)
    visible = FileVersion.objects.filter(document__resource__in=seen, refusal="", withdrawn_at=None)
    return visible.select_related("document__resource")


def withdrawable(viewer: Viewer) -> "QuerySet[FileVersion]":
    """Those whose file is still there, malicious or not."""
    seen = Resource.objects.visible_to(viewer)
    found = FileVersion.objects.filter(document__resource__in=seen, withdrawn_at=None)
    return found.select_related("document__resource")


def uses_of(viewer: Viewer) -> "QuerySet[Use]":
    """The viewer's own."""
    own = Use.objects.filter(user=viewer.user_id, resource__in=Resource.objects.visible_to(viewer))
    return own.select_related("resource__actor")


def editors(viewer: Viewer) -> "QuerySet[CollectionEditor]":
    found = CollectionEditor.objects.filter(collection__in=Collection.objects.editable_by(viewer))
    return found.select_related("collection")


def listed_collections(network: Network | None) -> "QuerySet[Collection]":
    """Those that everyone finds."""
    return Collection.objects.filter(network=network).listed()


def closures(viewer: Viewer, actor: Actor | None = None) -> "QuerySet[Closure]":
    """Of the network; with `actor`, its own that are not over."""
    here = Closure.objects.filter(network=viewer.network_id).select_related("actor")
    return here if actor is None else here.filter(actor=actor, last_on__gte=timezone.localdate())


def terms_said(network: Network, actor: Actor, resource: Resource | None = None) -> LendingTerms | None:
    """What a lender said, or one of its resources; None when it said nothing."""
    one: dict[str, Any] = {"resource": resource} if resource is not None else {"actor": actor}
    return LendingTerms.objects.filter(network=network, **one).prefetch_related("families").first()


def upkeep_of(copy: Copy, since: int) -> "QuerySet[Booking]":
    coming = Booking.objects.filter(holds__copy=copy, kind=BookingKind.UPKEEP, last__gte=since)
    return coming.distinct().order_by("first")


def kit_of(copy: Copy) -> Component | None:
    """The kit that it lies in."""
    return Component.objects.filter(part=copy).select_related("kit").first()


def free_parts(viewer: Viewer, kit: Copy) -> dict[str, Copy]:
    """Copies of the same actor that lie in no kit and are none, by key."""
    seen = Resource.objects.visible_to(viewer).filter(actor=kit.resource.actor_id).exclude(pk=kit.resource_id)
    free = Copy.objects.filter(resource__in=seen, inside=None, components=None).exclude(pk=kit.pk)
    rows = free.select_related("resource__actor").order_by("resource__title_key", "label")[:300]
    return {str(copy.pk): copy for copy in rows}
