"""Claims: someone asks to look after the sheet of their actor, and shows why they may."""

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User, new_nonce
from maillage.core.models import Dated
from maillage.core.storage import WholeFiles
from maillage.core.viewer import Viewer
from maillage.directory.enums import ClaimState, ClaimWay, MemberRole, RefusalReason
from maillage.directory.models.actors import Actor
from maillage.directory.models.people import ActorMember
from maillage.networks.models import Network

OPEN_STATES = (ClaimState.WAITING, ClaimState.CONTESTED)
CODE_LIFE, CODE_TRIES = timedelta(minutes=15), 5


def private_storage() -> WholeFiles:
    """Outside every folder that a web server may serve: a checked view alone opens what is there."""
    return WholeFiles(location=settings.VAR / "claims", base_url=None, file_permissions_mode=0o600)


def random_name(claim: "Claim", name: str) -> str:
    """Nothing of the given name reaches the disk."""
    return f"{timezone.localdate():%Y-%m}/{secrets.token_hex(16)}"


class ClaimQuerySet(models.QuerySet["Claim"]):
    def open(self) -> "ClaimQuerySet":
        return self.filter(state__in=OPEN_STATES)

    def visible_to(self, viewer: Viewer) -> "ClaimQuerySet":
        """In the network: one's own, those on the sheets that one is responsible for, all for those who run it."""
        here = self.filter(network=viewer.network_id)
        if viewer.runs_network:
            return here
        if not viewer.is_authenticated:
            return self.none()
        administered = viewer.user.actor_memberships.filter(role=MemberRole.ADMIN)
        return here.filter(Q(user=viewer.user_id) | Q(actor__in=administered.values("actor")))

    def for_the_team(self) -> "ClaimQuerySet":
        """Those that the team decides: contested, past their term, or on a sheet that nobody is responsible for."""
        responsible = ActorMember.objects.responsible().filter(actor=OuterRef("actor"))
        waiting = Q(deadline__lte=timezone.now()) | ~Exists(responsible)
        return self.filter(Q(state=ClaimState.CONTESTED) | (Q(state=ClaimState.WAITING) & waiting))


class Claim(Dated):
    """A request to look after a sheet; one waits at a time for a person and an actor.

    `role` is the one given, `decided_by` stays empty when the proof alone decided; `escalated_at` says that the team
    was told that the term is past, `contested_at` that the refusal was contested, which is done once.
    """

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    actor = models.ForeignKey(Actor, models.CASCADE, related_name="claims")
    user = models.ForeignKey(User, models.CASCADE, related_name="claims")
    way = models.CharField(_("preuve"), max_length=10, choices=ClaimWay.choices)
    message = models.TextField(_("message"), max_length=2000, blank=True)
    document = models.FileField(_("document"), storage=private_storage, upload_to=random_name, blank=True)
    document_type = models.CharField(max_length=20, blank=True)
    state = models.CharField(_("état"), max_length=10, choices=ClaimState.choices, default=ClaimState.WAITING)
    deadline = models.DateTimeField(_("réponse attendue avant le"))
    role = models.CharField(_("rôle"), max_length=10, choices=MemberRole.choices, blank=True)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("répondue le"), null=True, blank=True)
    code = models.CharField(_("nature du refus"), max_length=20, choices=RefusalReason.choices, blank=True)
    reason = models.CharField(_("motif"), max_length=500, blank=True)
    contest = models.TextField(_("contestation"), max_length=2000, blank=True)
    contested_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["actor", "user"], condition=Q(state__in=OPEN_STATES), name="claim_one_waiting"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_STATES) | Q(decided_at__isnull=False), name="claim_closed_on_a_day"
            ),
        ]
        indexes = [models.Index(fields=["network", "state", "created_at"])]

    def __str__(self) -> str:
        """Without the person, whom the journal must not keep in a label."""
        return self.actor.name

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_late(self) -> bool:
        return self.is_open and self.deadline <= timezone.now()

    @property
    def free_again_at(self) -> Any:
        """When the person may claim the sheet again after a refusal; None when nothing holds them."""
        if self.state != ClaimState.REFUSED or self.decided_at is None:
            return None
        return self.decided_at + timedelta(days=int(self.network.setting("claim_rest_days")))


class ClaimCode(Dated):
    """The code sent to the contact address of a sheet for one person: single use, few tries, kept hashed."""

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    address_hash = models.CharField(max_length=64)
    code_hash = models.CharField(max_length=64)
    nonce = models.CharField(max_length=32, default=new_nonce)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "user"], name="claim_code_once")]

    def __str__(self) -> str:
        return f"{self.user_id} – {self.actor_id}"

    def hash_of(self, text: str) -> str:
        return salted_hmac("maillage.claim_code", f"{self.nonce}:{text}", algorithm="sha256").hexdigest()

    def is_alive(self) -> bool:
        return self.tries < CODE_TRIES and self.expires_at > timezone.now()

    def opens(self, code: str, address: str) -> bool:
        """Whether `code` is the one sent to `address`, which is still that of the sheet."""
        same_place = constant_time_compare(self.address_hash, self.hash_of(address))
        return constant_time_compare(self.code_hash, self.hash_of(code)) and same_place
