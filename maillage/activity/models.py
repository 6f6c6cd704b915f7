"""The journal (who did what to which object) and the ledger of notices (event × person × channel)."""

from typing import Any

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.activity.enums import Channel, NoticeStatus, Rhythm, Weekday
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

    def waiting(self) -> "NoticeQuerySet":
        """Messages written down that have not left: alone in the queue, or for a personal letter."""
        return self.filter(channel=Channel.MAIL, status=NoticeStatus.PENDING)


class Notice(models.Model):
    """Something told to a person by a channel, once: `key` is unique for an event, a person and a channel.

    A message that waits for a personal letter has the day when that letter is `due_at`; those of one letter share its `letter`
    once it is written. `subject` is the object it tells of, if it has one: what its reader may not see any more does not leave.
    """

    network = models.ForeignKey(Network, models.CASCADE, null=True, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="notices")
    address = models.EmailField(blank=True)
    kind = models.CharField(max_length=60)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    key = models.CharField(max_length=200, unique=True)
    title = models.CharField(_("titre"), max_length=200)
    url = models.CharField(max_length=300, blank=True)
    content_type = models.ForeignKey(ContentType, models.CASCADE, null=True, related_name="+")
    object_id = models.BigIntegerField(null=True)
    subject = GenericForeignKey("content_type", "object_id")
    due_at = models.DateTimeField(null=True, blank=True)
    letter = models.CharField(max_length=32, blank=True)
    status = models.CharField(max_length=10, choices=NoticeStatus.choices, default=NoticeStatus.PENDING)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["user", "status", "-created_at"]),
            models.Index(fields=["due_at"], condition=Q(status="pending"), name="notice_due"),
            models.Index(fields=["letter"], condition=~Q(letter=""), name="notice_letter"),
        ]

    def __str__(self) -> str:
        return self.title


class Preference(models.Model):
    """A channel that a person turned on or off for a kind of notice, and for messages when they leave; without a line, the
    kind's own default holds, and so it does for an empty `rhythm`."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notice_preferences")
    kind = models.CharField(max_length=60)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    wanted = models.BooleanField()
    rhythm = models.CharField(_("rythme"), max_length=10, choices=Rhythm.choices, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind", "channel"], name="preference_user_kind_channel")]

    def __str__(self) -> str:
        return f"{self.kind} {self.channel}"


class LetterHabit(models.Model):
    """The day and the hour at which a person wants their personal letters; without a line, those of the network."""

    user = models.OneToOneField(User, models.CASCADE, related_name="letter_habit")
    weekday = models.PositiveSmallIntegerField(_("jour de la lettre de la semaine"), choices=Weekday.choices)
    hour = models.PositiveSmallIntegerField(_("heure"), validators=[MinValueValidator(6), MaxValueValidator(20)])

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__range=(1, 7), hour__range=(6, 20)), name="letter_habit_in_range"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.hour} h"


class RefusedAddress(models.Model):
    """An address of an account that a mail server refused for good: nothing that can wait is written to it until its person asks
    to try again (NTF-4)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="refused_addresses")
    address = models.EmailField(_("adresse"))
    detail = models.CharField(_("réponse du serveur"), max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "address"], name="refused_address_once")]

    def __str__(self) -> str:
        return self.address
