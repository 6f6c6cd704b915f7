"""The journal (who did what to which object) and the ledger of notices (event × person × channel)."""

from typing import Any

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.activity.enums import Channel, NoticeStatus
from maillage.core.viewer import Viewer
from maillage.networks.models import Network


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, viewer: Viewer) -> "EntryQuerySet":
        """The journal of a network is for those who run it; everyone sees what they did themselves."""
        if viewer.runs_network:
            return self.filter(network=viewer.network)
        return self.of(viewer.user_id) if viewer.is_authenticated else self.none()

    def of(self, user_id: int | None) -> "EntryQuerySet":
        """What a person did, with the accounts that became one with theirs included: the journal is sealed and keeps which."""
        return self.filter(models.Q(user=user_id) | models.Q(user__merged_into=user_id))

    def about(self, subject: models.Model) -> "EntryQuerySet":
        return self.filter(content_type=ContentType.objects.get_for_model(subject), object_id=subject.pk)


class Entry(models.Model):
    """One act. `changes` maps a field to its value before and after; `label` names the object as it was then.

    `seal` and `digest` chain the entries (see `actions.sealing`): an entry altered or removed afterwards shows. `proofs`
    lets who did it, a change or a detail be taken out at term without breaking the chain; `aged_at` says when it was.
    """

    network = models.ForeignKey(Network, models.CASCADE, null=True, related_name="+")
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    system = models.CharField(max_length=120, blank=True)
    verb = models.CharField(max_length=60)
    content_type = models.ForeignKey(ContentType, models.CASCADE, null=True)
    object_id = models.BigIntegerField(null=True)
    subject = GenericForeignKey("content_type", "object_id")
    label = models.CharField(max_length=200, blank=True)
    changes: Any = models.JSONField(default=dict, blank=True)
    details: Any = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(default=timezone.now)
    seal = models.PositiveBigIntegerField(null=True, unique=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    proofs: Any = models.JSONField(default=dict, blank=True, editable=False)
    aged_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["content_type", "object_id", "-at"]),
            models.Index(fields=["network", "-at"]),
            models.Index(fields=["user", "-at"]),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.label}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, viewer: Viewer) -> "NoticeQuerySet":
        """One's own, in the current network."""
        if not viewer.is_authenticated:
            return self.none()
        return self.filter(user=viewer.user_id, channel=Channel.SITE, network=viewer.network)

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at=None)


class Notice(models.Model):
    """Something told to a person by a channel, once: `key` is unique for an event, a person and a channel."""

    network = models.ForeignKey(Network, models.CASCADE, null=True, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="notices")
    address = models.EmailField(blank=True)
    kind = models.CharField(max_length=60)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    key = models.CharField(max_length=200, unique=True)
    title = models.CharField(_("titre"), max_length=200)
    url = models.CharField(max_length=300, blank=True)
    context: Any = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=10, choices=NoticeStatus.choices, default=NoticeStatus.PENDING)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["user", "status", "-created_at"])]

    def __str__(self) -> str:
        return self.title


class Preference(models.Model):
    """A channel that a person turned off for a kind of notice; without a line, the kind's own default holds."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notice_preferences")
    kind = models.CharField(max_length=60)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    wanted = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind", "channel"], name="preference_user_kind_channel")]

    def __str__(self) -> str:
        return f"{self.kind} {self.channel}"
