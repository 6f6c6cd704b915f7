"""People and the sheets they look after."""

from dataclasses import dataclass
from typing import Any

from maillage.core.viewer import Viewer
from maillage.directory.enums import ListingState, MemberRole
from maillage.directory.models import Actor, ActorInvitation, ActorMember, Listing
from maillage.networks.models import Network


@dataclass(frozen=True)
class OwnSheet:
    actor: Actor
    role: Any
    is_public: bool


def own_sheets(viewer: Viewer) -> list[OwnSheet]:
    """The sheets of the network that `viewer` looks after, by name: three queries."""
    memberships = {held.actor_id: held for held in ActorMember.objects.filter(user=viewer.user_id)}
    actors = Actor.objects.visible_to(viewer).filter(pk__in=memberships).select_related("family", "commune").distinct()
    published = set(
        Listing.objects.filter(
            network=viewer.network_id, actor__in=memberships, state=ListingState.PUBLISHED
        ).values_list("actor_id", flat=True)
    )
    return [
        OwnSheet(
            actor, MemberRole(memberships[actor.pk].role).label, actor.pk in published and actor.archived_at is None
        )
        for actor in actors
    ]


def invitation_opened_by(network: Network | None, pk: int, token: str) -> ActorInvitation | None:
    """The invitation of a link, on the host of its own network."""
    found = (
        ActorInvitation.objects.select_related("actor", "network", "invited_by").filter(pk=pk, network=network).first()
    )
    return found if found is not None and found.is_opened_by(token) else None
