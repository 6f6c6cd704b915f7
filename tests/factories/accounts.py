"""People, roles and invitations, made with the real actions where there are any."""

from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.utils import timezone

from maillage.accounts.models import Invitation, Role, User
from maillage.accounts.queries import viewer_for
from maillage.core.viewer import RoleKind, Viewer
from maillage.networks.models import Network

_numbers = iter(range(1, 10**9))
PASSWORD = "quarante-deux coquelicots"


def make_user(email: str = "", *, password: str | None = PASSWORD, name: str = "", **fields: Any) -> User:
    """Someone whose address is proved."""
    number = next(_numbers)
    user = User.objects.create_user(
        email or f"personne{number}@exemple.test", password, name=name or f"Personne {number}", **fields
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def give_role(user: User, network: Network | None, kind: str = RoleKind.MEMBER, department: str = "") -> Role:
    return Role.objects.create(user=user, network=network, kind=kind, department=department)


def make_person(network: Network, kind: str = RoleKind.MEMBER, department: str = "", **fields: Any) -> User:
    """A user who holds a role in `network`."""
    user = make_user(**fields)
    give_role(user, network, kind, department)
    return user


def make_admin(network: Network, **fields: Any) -> User:
    return make_person(network, RoleKind.NETWORK_ADMIN, **fields)


def make_platform_admin(**fields: Any) -> User:
    user = make_user(**fields)
    give_role(user, None, RoleKind.PLATFORM_ADMIN)
    return user


def viewer(user: User, network: Network) -> Viewer:
    return viewer_for(user, network)


def make_invitation(network: Network, email: str = "", kind: str = RoleKind.ANIMATOR, **fields: Any) -> Invitation:
    number = next(_numbers)
    fields.setdefault("expires_at", timezone.now() + timedelta(days=14))
    return Invitation.objects.create(
        network=network, email=email or f"invite{number}@exemple.test", kind=kind, **fields
    )
