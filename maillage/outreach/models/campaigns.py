"""Campaigns: one message, personal, to the actors of a target list; what each answered with its link."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User, new_nonce
from maillage.core.models import Dated
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.networks.models import Network
from maillage.outreach.enums import CampaignAnswer, CampaignState, Skip
from maillage.outreach.models.lists import TargetList
from maillage.outreach.validators import NAMED, validate_letter, validate_subject


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def visible_to(self, viewer: Viewer) -> "CampaignQuerySet":
        return self.filter(network=viewer.network_id) if viewer.runs_network else self.none()


class Campaign(Dated):
    """`subject` and `body` use the placeholders of `outreach.validators`, and no other; they change no more once sent."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    target_list = models.ForeignKey(TargetList, models.PROTECT, related_name="campaigns", verbose_name=_("liste"))
    subject = models.CharField(_("objet"), max_length=150, validators=[validate_subject])
    body = models.TextField(_("message"), max_length=4000, validators=[validate_letter])
    answer_by = models.DateField(_("répondre avant le"), null=True, blank=True)
    author = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("écrite par")
    )
    state = models.CharField(max_length=10, choices=CampaignState.choices, default=CampaignState.DRAFT)
    started_at = models.DateTimeField(_("envoyée le"), null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        """The subject for the team: what differs from one actor to the next is left out."""
        return NAMED.sub("…", self.subject)

    def get_absolute_url(self) -> str:
        return reverse("outreach:campaign_show", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.state == CampaignState.DRAFT

    @property
    def is_sending(self) -> bool:
        return self.state == CampaignState.SENDING


class CampaignMessageQuerySet(models.QuerySet["CampaignMessage"]):
    def visible_to(self, viewer: Viewer) -> "CampaignMessageQuerySet":
        return self.filter(network=viewer.network_id) if viewer.runs_network else self.none()

    def planned(self) -> "CampaignMessageQuerySet":
        """Those to be sent and not sent yet."""
        return self.filter(sent_at=None, skipped="")

    def sent(self) -> "CampaignMessageQuerySet":
        return self.filter(sent_at__isnull=False)


class CampaignMessage(models.Model):
    """What a campaign says to one actor, once. As `directory.Reminder`: the token is computed from `nonce` and the signing
    key, and opens the answers until `expires_at`, as long as the sheet has the address and is not archived.

    `stopped_at` says that whoever reads the address wants no more campaigns of this
    network, `failed_at` that the mail server refused it.
    """

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="messages")
    actor = models.ForeignKey(Actor, models.CASCADE, related_name="campaign_messages")
    email = models.EmailField(_("adresse e-mail"), blank=True)
    nonce = models.CharField(max_length=32, default=new_nonce)
    skipped = models.CharField(max_length=10, choices=Skip.choices, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=10, choices=CampaignAnswer.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    later_on = models.DateField(null=True, blank=True)
    word = models.CharField(_("un mot"), max_length=300, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)

    objects = CampaignMessageQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "actor"], name="campaign_message_once"),
            models.CheckConstraint(condition=Q(sent_at=None) | Q(skipped=""), name="campaign_message_sent_or_skipped"),
        ]
        indexes = [
            models.Index(fields=["network", "email"]),
            models.Index(fields=["actor", "-sent_at"]),
        ]

    def __str__(self) -> str:
        return str(self.actor)

    @property
    def token(self) -> str:
        return salted_hmac("maillage.campaign", f"{self.pk}:{self.nonce}", algorithm="sha256").hexdigest()

    def is_opened_by(self, token: str) -> bool:
        return constant_time_compare(self.token, token)

    @property
    def is_open(self) -> bool:
        is_theirs = bool(self.email) and self.email.lower() == self.actor.email.lower()
        is_live = self.expires_at is not None and self.expires_at > timezone.now()
        return is_theirs and is_live and self.actor.archived_at is None
