"""Who belongs to a community, asks to, or is invited; what is over stays as its history."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User, new_nonce
from maillage.communities.enums import STANDING, MemberRole, MemberState
from maillage.communities.models.communities import Community, CommunityCharter
from maillage.core.models import Dated

INVITED_DAYS = 30


class CommunityMemberQuerySet(models.QuerySet["CommunityMember"]):
    def standing(self) -> "CommunityMemberQuerySet":
        return self.filter(state__in=STANDING)

    def current(self) -> "CommunityMemberQuerySet":
        return self.filter(state=MemberState.MEMBER)

    def animating(self) -> "CommunityMemberQuerySet":
        """An account closed or put to sleep animates nothing."""
        return self.current().filter(role=MemberRole.ANIMATOR, user__is_active=True, user__erased_at=None)


class CommunityMember(Dated):
    """One row stands for a person in a community; those that ended stay. An invitation sent by e-mail has an `email` until
    somebody takes it; `nonce` makes its link. `charter_sha256` is the print of the text that was accepted."""

    community = models.ForeignKey(Community, models.CASCADE, related_name="members", verbose_name=_("communauté"))
    user = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="community_memberships", verbose_name=_("personne")
    )
    email = models.EmailField(_("adresse e-mail"), blank=True)
    role = models.CharField(_("rôle"), max_length=8, choices=MemberRole.choices, default=MemberRole.MEMBER)
    state = models.CharField(_("état"), max_length=8, choices=MemberState.choices)
    name_is_public = models.BooleanField(_("nom montré à tous"), default=False)
    words = models.CharField(_("mot"), max_length=500, blank=True)
    reason = models.CharField(_("explication"), max_length=500, blank=True)
    charter = models.ForeignKey(
        CommunityCharter, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("charte acceptée")
    )
    charter_sha256 = models.CharField(_("empreinte de la charte acceptée"), max_length=64, blank=True, editable=False)
    charter_accepted_at = models.DateTimeField(_("charte acceptée le"), null=True, blank=True)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    joined_at = models.DateTimeField(_("entrée le"), null=True, blank=True)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(_("fin le"), null=True, blank=True)
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)

    objects = CommunityMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("membre d'une communauté")
        ordering = ["pk"]
        indexes = [models.Index(fields=["community", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "user"],
                condition=Q(state__in=["asked", "invited", "member"]),
                name="community_member_stands_once",
            ),
            models.UniqueConstraint(
                fields=["community", "email"],
                condition=Q(state="invited") & ~Q(email=""),
                name="community_invited_once",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False) | Q(state__in=["invited", "refused", "removed"]),
                name="community_member_is_a_person",
            ),
        ]

    def __str__(self) -> str:
        """Without the address, which the journal must not keep."""
        return f"{self.user or '…'} – {self.community}"

    @property
    def is_animator(self) -> bool:
        return self.state == MemberState.MEMBER and self.role == MemberRole.ANIMATOR

    @property
    def token(self) -> str:
        digest = salted_hmac("maillage.communities.invitation", f"{self.pk}:{self.nonce}", algorithm="sha256")
        return f"{self.pk}-{digest.hexdigest()}"

    def is_opened_by(self, token: str) -> bool:
        return constant_time_compare(self.token, token)

    @property
    def is_open(self) -> bool:
        """An invitation that may still be taken."""
        age: Any = timezone.now() - self.created_at
        return self.state == MemberState.INVITED and age.days < INVITED_DAYS
