"""The public list of a network as programs follow it: in the order of ids, with what changed and what left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from maillage.directory.enums import ListingState
from maillage.directory.models import Actor, Listing, Tombstone


@dataclass(frozen=True)
class Since:
    """What counts as changed: after a revision of the network, or from a moment on; neither asks for everything."""

    revision: int | None = None
    moment: datetime | None = None

    @property
    def is_everything(self) -> bool:
        return self.revision is None and self.moment is None

    def narrow(self, rows: QuerySet[Any], moment_field: str) -> QuerySet[Any]:
        if self.revision is not None:
            return rows.filter(revision__gt=self.revision)
        return rows if self.moment is None else rows.filter(**{f"{moment_field}__gte": self.moment})


def published_ids(network_id: int, since: Since, *, after: int = 0) -> QuerySet[Any, int]:
    """Ids of the published, not archived actors above `after`, in order."""
    listed = Listing.objects.filter(
        network=network_id, state=ListingState.PUBLISHED, actor__archived_at=None, actor__gt=after
    )
    return since.narrow(listed, "updated_at").order_by("actor").values_list("actor", flat=True)


def tombstones(network_id: int, since: Since, *, after: int = 0, last: int | None = None) -> list[Tombstone]:
    """Those whose actor's id is in ]after, last], so that a walk meets each once."""
    buried = since.narrow(Tombstone.objects.filter(network=network_id, actor_id__gt=after), "at")
    if last is not None:
        buried = buried.filter(actor_id__lte=last)
    return list(buried.order_by("actor_id"))


def tombstone_of(network_id: int | None, actor_id: int) -> Tombstone | None:
    return Tombstone.objects.filter(network=network_id, actor_id=actor_id).first()


def updated_at(network_id: int | None, ids: Iterable[int]) -> dict[int, datetime]:
    """When each actor, or its listing in the network, last changed."""
    listings = Listing.objects.filter(network=network_id, actor__in=list(ids))
    return dict(listings.values_list("actor_id", "updated_at"))


def in_order(actors: QuerySet[Actor], ids: list[int]) -> list[Actor]:
    """Those of `actors` whose id is in `ids`, in that order."""
    found = {actor.pk: actor for actor in actors.filter(pk__in=ids)}
    return [found[pk] for pk in ids if pk in found]
