"""Small worlds for the tests of the communities, made by the real actions."""

from types import SimpleNamespace
from typing import Any

from maillage.accounts.models import User
from maillage.communities import actions
from maillage.communities.actions.running import enter
from maillage.communities.enums import MemberRole
from maillage.communities.models import Community
from maillage.core.viewer import RoleKind, Viewer
from maillage.networks.models import Network
from tests.factories.directory import make_network
from tests.factories.publications import make_person

CHARTER = "<p>On s'écoute, on cite ses sources.</p>"


def make_community(
    network: Network,
    name: str = "Ciel nocturne",
    *,
    animators: list[User] | None = None,
    charter: str = "",
    **fields: Any,
) -> Community:
    """An open one unless told otherwise (`access`), without animators unless given."""
    fields = {"name": name, "summary": "Observer, raconter, éteindre.", "access": "open", **fields}
    by = Viewer.as_system(network, "tests")
    return actions.create_community(by=by, fields=fields, charter=charter, animators=animators)


def join(community: Community, *viewers: Viewer, animates: bool = False) -> None:
    for each in viewers:
        enter(community, each.user, role=MemberRole.ANIMATOR if animates else MemberRole.MEMBER)


def make_community_world() -> SimpleNamespace:
    """A network, Nadia who animates, Omar a member, Zoé a stranger, Camille of the team."""
    network = make_network(host="testserver")
    return SimpleNamespace(
        network=network,
        nadia=make_person(network, "Nadia Ferrand"),
        omar=make_person(network, "Omar Saidi"),
        zoe=make_person(network, "Zoé Blanc"),
        team=make_person(network, "Camille Rey", RoleKind.ANIMATOR),
        visitor=Viewer(network=network),
    )
