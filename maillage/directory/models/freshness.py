"""Messages to the contact address of a sheet, each with its personal link: is it still right, and what is kept of you."""

from django.db import models
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User, new_nonce
from maillage.core.viewer import Viewer
from maillage.directory.enums import ReminderAnswer, ReminderKind
from maillage.directory.models.actors import Actor
from maillage.networks.models import Network


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def visible_to(self, viewer: Viewer) -> "ReminderQuerySet":
        return self.filter(network=viewer.network_id) if viewer.runs_network else self.none()

    def asked(self) -> "ReminderQuerySet":
        return self.filter(kind=ReminderKind.ASKED)

    def unanswered(self) -> "ReminderQuerySet":
        return self.asked().filter(answer="", failed_at=None)


class Reminder(models.Model):
    """« Votre fiche est-elle à jour ? », or « voici ce que nous gardons de vous », sent to the contact address of an actor by
    its home network.

    As `accounts.Invitation`: the token is computed from `nonce` and the signing key, and opens this sheet alone until
    `expires_at`, as long as the sheet has the address and is not archived. `answer` is the last one given; `stopped_at` says that whoever reads
    the address wants no more of these messages, `failed_at` that the mail server refused it.
    """

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    actor = models.ForeignKey(Actor, models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=10, choices=ReminderKind.choices, default=ReminderKind.ASKED)
    email = models.EmailField(_("adresse e-mail"), blank=True)
    nonce = models.CharField(max_length=32, default=new_nonce)
    sent_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=ReminderAnswer.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "-pk"]
        indexes = [
            models.Index(fields=["actor", "-sent_at"]),
            models.Index(fields=["network", "-sent_at"]),
            models.Index(fields=["email"]),
        ]

    def __str__(self) -> str:
        return str(self.actor)

    @property
    def token(self) -> str:
        return salted_hmac("maillage.reminder", f"{self.pk}:{self.nonce}", algorithm="sha256").hexdigest()

    def is_opened_by(self, token: str) -> bool:
        return constant_time_compare(self.token, token)

    @property
    def is_open(self) -> bool:
        is_theirs = bool(self.email) and self.email.lower() == self.actor.email.lower()
        return is_theirs and self.actor.archived_at is None and self.expires_at > timezone.now()
