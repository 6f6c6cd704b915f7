"""What an editor proposes for a published sheet, and who is trusted to write at once."""

import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.core.models import Dated
from maillage.core.storage import WholeFiles
from maillage.core.viewer import Viewer
from maillage.directory.enums import RefusalReason, RevisionState
from maillage.directory.models.actors import Actor
from maillage.networks.models import Network


def waiting_pictures() -> WholeFiles:
    """Outside every folder that a web server may serve: a checked view alone shows what is there."""
    return WholeFiles(location=settings.VAR / "revisions", base_url=None, file_permissions_mode=0o600)


def random_name(revision: "Revision", name: str) -> str:
    return f"{timezone.localdate():%Y-%m}/{secrets.token_hex(16)}.webp"


class RevisionQuerySet(models.QuerySet["Revision"]):
    def waiting(self) -> "RevisionQuerySet":
        return self.filter(state=RevisionState.WAITING)

    def visible_to(self, viewer: Viewer) -> "RevisionQuerySet":
        """To the team of the network that reviews it, and to its author wherever the sheet is listed."""
        if not viewer.is_authenticated:
            return self.none()
        listed = Actor.objects.filter(listings__network=viewer.network_id)
        own = Q(author=viewer.user_id, actor__in=listed.values("pk"))
        return self.filter(own | Q(network=viewer.network_id)) if viewer.runs_network else self.filter(own)


class Revision(Dated):
    """The fields proposed for a sheet, as its form names them (`queries.fields`): `values` as JSON (objects by their
    keys), `before` what the sheet said of each when it was proposed.

    One waits at a time for an author and an actor. `network` is the home of the actor, whose team reviews it. After a
    refusal `code` and `reason` stay while the author proposes it again.
    """

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    actor = models.ForeignKey(Actor, models.CASCADE, related_name="revisions")
    author = models.ForeignKey(User, models.CASCADE, related_name="+")
    values: Any = models.JSONField(_("champs proposés"), default=dict)
    before: Any = models.JSONField(default=dict)
    picture = models.FileField(_("photo"), storage=waiting_pictures, upload_to=random_name, blank=True)
    message = models.TextField(_("message à l'équipe"), max_length=1000, blank=True)
    state = models.CharField(_("état"), max_length=10, choices=RevisionState.choices, default=RevisionState.WAITING)
    sent_at = models.DateTimeField(_("proposée le"), default=timezone.now)
    accepted: Any = models.JSONField(default=list, blank=True)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("répondue le"), null=True, blank=True)
    code = models.CharField(_("motif"), max_length=20, choices=RefusalReason.choices, blank=True)
    reason = models.CharField(_("explication"), max_length=500, blank=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["sent_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["actor", "author"], condition=Q(state=RevisionState.WAITING), name="revision_one_waiting"
            ),
            models.CheckConstraint(
                condition=Q(state=RevisionState.WAITING) | Q(decided_at__isnull=False), name="revision_closed_on_a_day"
            ),
        ]
        indexes = [models.Index(fields=["network", "state", "sent_at"]), models.Index(fields=["author", "network"])]

    def __str__(self) -> str:
        """Without the person, whom the journal must not keep in a label."""
        return self.actor.name

    @property
    def is_waiting(self) -> bool:
        return self.state == RevisionState.WAITING

    @property
    def is_refused(self) -> bool:
        return self.state == RevisionState.REFUSED


class TrustQuerySet(models.QuerySet["Trust"]):
    def in_force(self) -> "TrustQuerySet":
        return self.filter(revoked_at=None)

    def visible_to(self, viewer: Viewer) -> "TrustQuerySet":
        return self.filter(network=viewer.network_id) if viewer.runs_network else self.none()


class Trust(Dated):
    """« Contributeur de confiance » of a network: what the person writes on the sheets that they look after appears at
    once. Kept for a year once taken back."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="trusts")
    given_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    given_at = models.DateTimeField(_("donnée le"), default=timezone.now)
    reason = models.CharField(_("pourquoi"), max_length=300)
    revoked_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(_("retirée le"), null=True, blank=True)
    revoked_reason = models.CharField(_("pourquoi elle est retirée"), max_length=300, blank=True)

    objects = TrustQuerySet.as_manager()

    class Meta:
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["network", "user"], condition=Q(revoked_at=None), name="trust_one_in_force")
        ]

    def __str__(self) -> str:
        return str(_("contributeur de confiance"))
