"""People who look after a sheet."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.core.models import Dated
from maillage.core.viewer import Viewer
from maillage.directory.enums import MemberRole
from maillage.directory.models.actors import Actor


class ActorMemberQuerySet(models.QuerySet["ActorMember"]):
    def responsible(self) -> "ActorMemberQuerySet":
        """Those who answer for a sheet: an account closed or put to sleep answers for nothing."""
        return self.filter(role=MemberRole.ADMIN, user__is_active=True, user__erased_at=None)

    def visible_to(self, viewer: Viewer) -> "ActorMemberQuerySet":
        """All of the network's sheets for its team; else those of the sheets that one looks after."""
        if viewer.runs_network:
            return self.filter(actor__listings__network=viewer.network_id)
        return self.filter(actor__members__user=viewer.user_id) if viewer.is_authenticated else self.none()


class ActorMember(Dated):
    """A representative of an actor."""

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="members")
    user = models.ForeignKey(User, models.CASCADE, related_name="actor_memberships")
    role = models.CharField(_("rôle"), max_length=10, choices=MemberRole.choices, default=MemberRole.EDITOR)

    objects = ActorMemberQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "user"], name="actor_member_once")]

    def __str__(self) -> str:
        return f"{self.user_id} – {self.actor_id}"
