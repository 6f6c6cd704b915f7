"""Who is looking: one small value made at the edge, taken by rules, querysets and actions instead of `request`."""

from dataclasses import dataclass, replace
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class RoleKind(models.TextChoices):
    """What a person may be for a network; `PLATFORM_ADMIN` alone is held outside any network."""

    MEMBER = "member", _("Membre")
    ANIMATOR = "animator", _("Animateur ou animatrice")
    REGION_OFFICER = "region_officer", _("Agent de la Région")
    POLE_MEMBER = "pole_member", _("Membre du Pôle")
    NETWORK_ADMIN = "network_admin", _("Administrateur ou administratrice du réseau")
    PLATFORM_ADMIN = "platform_admin", _("Administrateur ou administratrice de la plateforme")


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """A role in the viewer's current network; `department` (INSEE code) narrows an animator to one département."""

    kind: str
    department: str = ""


@dataclass(frozen=True, slots=True)
class Viewer:
    """User or anonymous or API token, the current network, the roles held there.

    `network` is a `networks.Network` or None (instance without network); `scopes` is None outside the API, else the
    scopes of the token; `system` marks the program itself (imports, demonstration, command line), which may do anything.
    """

    network: Any = None
    user: Any = None
    roles: frozenset[RoleHeld] = frozenset()
    scopes: frozenset[str] | None = None
    system: str = ""

    @classmethod
    def as_system(cls, network: Any, reason: str) -> "Viewer":
        """The program acting by itself; `reason` is what the journal shows in place of a person."""
        return cls(network=network, system=reason)

    def in_network(self, network: Any) -> "Viewer":
        """The same viewer acting in another network, with the roles held here (the platform's administration)."""
        return replace(self, network=network)

    @property
    def network_id(self) -> int | None:
        return self.network.pk if self.network is not None else None

    @property
    def user_id(self) -> int | None:
        return self.user.pk if self.user is not None else None

    @property
    def is_authenticated(self) -> bool:
        return self.user is not None

    def holds(self, *kinds: str) -> bool:
        """Whether any role of `kinds` is held here; the platform administrator and the program hold all."""
        return bool(self.system) or any(
            role.kind in kinds or role.kind == RoleKind.PLATFORM_ADMIN for role in self.roles
        )

    @property
    def is_network_admin(self) -> bool:
        return self.holds(RoleKind.NETWORK_ADMIN)

    @property
    def is_platform_admin(self) -> bool:
        return self.holds(RoleKind.PLATFORM_ADMIN)

    @property
    def runs_network(self) -> bool:
        """Animator (of any département) or administrator: sees the working pages."""
        return self.holds(RoleKind.ANIMATOR, RoleKind.NETWORK_ADMIN)

    def animates(self, department: str) -> bool:
        """Whether the viewer animates `department` (INSEE code): administrators and unrestricted animators all."""
        return self.is_network_admin or any(
            role.kind == RoleKind.ANIMATOR and role.department in ("", department) for role in self.roles
        )
