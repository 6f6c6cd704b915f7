"""Two networks and a person of each role, on which every line of the access table is tried."""

from collections.abc import Iterator
from copy import deepcopy
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

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


@pytest.fixture(scope="module")
def _world(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """Made once for a file, in a transaction that is never committed: each test undoes what it did to it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield _made()
        transaction.set_rollback(True)


@pytest.fixture
def world(_world: SimpleNamespace, db: None) -> SimpleNamespace:
    """`world.network`, `world.other_network`, `world.users[role]`, and what the `prepare` of each table adds."""
    return deepcopy(_world)


def _made() -> SimpleNamespace:
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
    made = SimpleNamespace(network=network, other_network=other, users=users)
    for table in tables():
        if hasattr(table, "prepare"):
            table.prepare(made)
    return made
