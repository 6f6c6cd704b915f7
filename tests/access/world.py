"""Two networks and a person of each role, on which every line of the access table is tried."""

from types import SimpleNamespace
from typing import Any

from maillage.accounts.models import Role, User
from maillage.core.viewer import RoleKind
from maillage.networks.models import Network
from tests.access.table import tables

_KINDS = {
    "member": RoleKind.MEMBER,
    "representative": RoleKind.MEMBER,
    "animator": RoleKind.ANIMATOR,
    "region_officer": RoleKind.REGION_OFFICER,
    "pole_member": RoleKind.POLE_MEMBER,
    "network_admin": RoleKind.NETWORK_ADMIN,
    "platform_admin": RoleKind.PLATFORM_ADMIN,
}


def _verified(user: Any) -> None:
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


class World(SimpleNamespace):
    """What the tables share: a name is given once, so that no table takes the place of what another prepared."""

    def __setattr__(self, name: str, value: Any) -> None:
        if hasattr(self, name):
            raise AttributeError(f"world.{name} is already what another table prepared")
        super().__setattr__(name, value)


def made_world() -> World:
    """`network`, `other_network`, `users[role]`, and what the `prepare` of each table adds."""
    network = Network.objects.create(name="Réseau A", slug="a", host="a.exemple.test")
    other = Network.objects.create(name="Réseau B", slug="b", host="b.exemple.test")
    users: dict[str, Any] = {"anonymous": None}
    for role, kind in _KINDS.items():
        users[role] = User.objects.create_user(f"{role}@exemple.test", name=role.replace("_", " ").title())
        Role.objects.create(user=users[role], kind=kind, network=None if kind == RoleKind.PLATFORM_ADMIN else network)
    users["other_network"] = User.objects.create_user("other@exemple.test", name="Ailleurs")
    for kind in (RoleKind.ANIMATOR, RoleKind.NETWORK_ADMIN):
        Role.objects.create(user=users["other_network"], kind=kind, network=other)
    for user in users.values():
        if user is not None:
            _verified(user)
    made = World(network=network, other_network=other, users=users)
    for table in tables():
        if hasattr(table, "prepare"):
            table.prepare(made)
    return made
