"""Who is in the team of a network."""

from django.db.models import Q

from maillage.accounts.models import Role, User
from maillage.core.viewer import RoleKind
from maillage.networks.models import Network


def people_of(network: Network) -> list[User]:
    """Animators and administrators in activity, by name. One query."""
    held = Role.objects.in_network(network).filter(kind__in=[RoleKind.ANIMATOR, RoleKind.NETWORK_ADMIN])
    found = User.objects.filter(Q(pk__in=held.values("user")), is_active=True, erased_at=None)
    return sorted(found, key=lambda person: (str(person).casefold(), person.pk))
