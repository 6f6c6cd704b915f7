"""Who someone is in a network."""

from typing import Any

from maillage.accounts.models import Role
from maillage.core.viewer import RoleHeld, Viewer
from maillage.networks.models import Network


def viewer_for(user: Any, network: Network | None) -> Viewer:
    """The viewer of a signed-in or anonymous user in a network (one query when signed in)."""
    if user is None or not user.is_authenticated:
        return Viewer(network=network)
    held = Role.objects.held().in_network(network).filter(user=user).values_list("kind", "department")
    return Viewer(network=network, user=user, roles=frozenset(RoleHeld(kind, department) for kind, department in held))
