"""Closed lists of the accounts."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from maillage.core.viewer import RoleKind


class TokenScope(models.TextChoices):
    READ = "read", _("lire ce que je peux lire")
    WRITE = "write", _("modifier ce que je peux modifier")
    EXPORT = "export", _("exporter des listes entières")


INVITED_KINDS = [
    RoleKind.MEMBER,
    RoleKind.ANIMATOR,
    RoleKind.REGION_OFFICER,
    RoleKind.POLE_MEMBER,
    RoleKind.NETWORK_ADMIN,
]
"""Roles that the administrators of a network give."""

SECOND_FACTOR_KINDS = [RoleKind.ANIMATOR, RoleKind.NETWORK_ADMIN, RoleKind.PLATFORM_ADMIN]
"""Roles that only count, outside the demonstration, for someone whose account has a second factor."""


class AbsenceStep(models.TextChoices):
    """What the next night does about an account that nobody opens."""

    SOON = "soon", _("sera prévenue")
    WARN = "warn", _("à prévenir")
    WAIT = "wait", _("prévenue")
    REMIND = "remind", _("à rappeler")
    ERASE = "erase", _("à supprimer")
    CANCEL = "cancel", _("revenue")
