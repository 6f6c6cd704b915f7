"""People who look after a sheet."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.core.models import Dated
from maillage.directory.enums import MemberRole
from maillage.directory.models.actors import Actor


class ActorMember(Dated):
    """A representative of an actor."""

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="members")
    user = models.ForeignKey(User, models.CASCADE, related_name="actor_memberships")
    role = models.CharField(_("rôle"), max_length=10, choices=MemberRole.choices, default=MemberRole.EDITOR)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "user"], name="actor_member_once")]

    def __str__(self) -> str:
        return f"{self.user_id} – {self.actor_id}"
