"""Reads of what networks share: for the lists of the apps above, the team, its queue."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Value
from django.urls import reverse

from maillage.core.viewer import Viewer
from maillage.networks.models import Network
from maillage.networks.queries import partners_of
from maillage.sharing.enums import ShareState
from maillage.sharing.models import Share
from maillage.sharing.registry import ShareableKind, kind_named


def taken_by(network: Network, kind: str) -> "QuerySet[Any]":
    """The keys of the contents of others that a network tells among its own: to narrow a query by, not to read."""
    return Share.objects.accepted().filter(host=network, kind=kind).values("object_id")


def is_taken(network: Network, kind: str, key: str = "pk") -> Exists:
    """The same of each row, whose content `key` names: where few rows are read, for `taken_by` reads all that was ever taken."""
    return Exists(Share.objects.accepted().filter(host=network, kind=kind, object_id=OuterRef(key)))


def hosts_of(kind: str, keys: Iterable[int]) -> dict[int, list[Network]]:
    """For each content, the networks where it is told besides its own; one query."""
    found: dict[int, list[Network]] = defaultdict(list)
    for share in (
        Share.objects.accepted().filter(kind=kind, object_id__in=list(keys)).select_related("host").order_by("host")
    ):
        found[share.object_id].append(share.host)
    return found


def page_of_share(share: Share) -> str:
    """For the teams of both networks."""
    return reverse("sharing:share_show", args=[share.pk])


def content_of(share: Share) -> Any:
    """The content, whoever asks; None when it is there no more."""
    kind = kind_named(share.kind)
    try:
        return QuerySet(kind.model).select_related("network").get(pk=share.object_id) if kind is not None else None
    except ObjectDoesNotExist:
        return None


@dataclass(frozen=True)
class Side:
    """A network where a content may be told, with the last share of it there, if any."""

    network: Network
    share: Share | None

    @property
    def is_free(self) -> bool:
        return self.share is None or not self.share.is_standing


def sides_of(kind: ShareableKind, content: Any) -> list[Side]:
    """Every network to which a content may be proposed, or was; two queries."""
    last: dict[int, Share] = {}
    for share in (
        Share.objects.about(kind.name, content.pk).select_related("host", "decided_by").order_by("created_at", "pk")
    ):
        last[share.host_id] = share
    networks = {network.pk: network for network in partners_of(content.network)}
    networks |= {share.host_id: share.host for share in last.values()}
    sides = [Side(network, last.get(pk)) for pk, network in networks.items()]
    return sorted(sides, key=lambda side: (side.network.name, side.network.pk))


def shares_of(viewer: Viewer, *, ours: bool, state: str = "") -> "QuerySet[Share]":
    """What goes from the viewer's network (`ours`) or what comes to it, the last first."""
    found = Share.objects.visible_to(viewer).select_related("home", "host")
    found = found.filter(home=viewer.network_id) if ours else found.filter(host=viewer.network_id)
    return found.filter(state=state) if state else found


def waiting_shares(viewer: Viewer) -> "QuerySet[Any]":
    """What other networks propose, for the queue of the team that holds it: `since`, and no département."""
    waiting = Share.objects.visible_to(viewer).filter(host=viewer.network_id, state=ShareState.PROPOSED)
    return waiting.annotate(since=F("created_at"), department=Value("", CharField()))
