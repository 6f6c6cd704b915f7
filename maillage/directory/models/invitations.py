"""Invitations to look after a sheet, by those who are responsible for it or by the team."""

from django.db import models
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User, new_nonce
from maillage.core.models import Dated
from maillage.core.viewer import Viewer
from maillage.directory.enums import MemberRole
from maillage.directory.models.actors import Actor
from maillage.networks.models import Network


class ActorInvitationQuerySet(models.QuerySet["ActorInvitation"]):
    def open(self) -> "ActorInvitationQuerySet":
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())

    def visible_to(self, viewer: Viewer) -> "ActorInvitationQuerySet":
        """Those of the network for its team; those of the sheets that one is responsible for."""
        here = self.filter(network=viewer.network_id)
        if viewer.runs_network:
            return here
        if not viewer.is_authenticated:
            return self.none()
        return here.filter(actor__in=viewer.user.actor_memberships.filter(role=MemberRole.ADMIN).values("actor"))


class ActorInvitation(Dated):
    """As `accounts.Invitation`: the token is computed from `nonce` and the signing key, neither the database nor a queued
    message holds it apart; sending again changes the nonce, and the former link dies."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    actor = models.ForeignKey(Actor, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("adresse e-mail"), blank=True)
    role = models.CharField(_("rôle"), max_length=10, choices=MemberRole.choices, default=MemberRole.EDITOR)
    message = models.CharField(_("mot d'accueil"), max_length=500, blank=True)
    nonce = models.CharField(max_length=32, default=new_nonce)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ActorInvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "-pk"]

    def __str__(self) -> str:
        return self.actor.name

    @property
    def token(self) -> str:
        value = f"{self.pk}:{self.nonce}"
        return salted_hmac("maillage.actor_invitation", value, algorithm="sha256").hexdigest()

    def is_opened_by(self, token: str) -> bool:
        return constant_time_compare(self.token, token)

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.revoked_at is None and self.expires_at > timezone.now()
