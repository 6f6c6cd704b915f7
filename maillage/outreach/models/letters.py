"""Letters to elected officials: one text, one line for each person it is for, with what left and when."""

import re

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User, new_nonce
from maillage.core.models import Dated
from maillage.core.viewer import Viewer
from maillage.networks.models import Network
from maillage.outreach.models.officials import Mandate, Official

_BRACES = re.compile(r"\{[^{}]*\}")


class LetterQuerySet(models.QuerySet["Letter"]):
    def visible_to(self, viewer: Viewer) -> "LetterQuerySet":
        return self.filter(network=viewer.network_id) if viewer.runs_network else self.none()


class Letter(Dated):
    """`body` is rich text with the placeholders of `outreach.registry.placeholders`; nothing changes it once one has left."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    author = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    subject = models.CharField(_("objet"), max_length=160)
    body = models.TextField(_("texte"), max_length=20_000)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["network", "-created_at"])]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The subject as a list names it: what changes with each reader is left out."""
        return _BRACES.sub("…", self.subject)

    def get_absolute_url(self) -> str:
        return reverse("outreach:letter_show", args=[self.pk])


class RecipientQuerySet(models.QuerySet["Recipient"]):
    def sent(self) -> "RecipientQuerySet":
        return self.filter(~Q(posted_at=None) | ~Q(mailed_at=None))


class Recipient(models.Model):
    """Someone a letter is for, addressed by the mandate held when it was prepared. As `directory.Reminder`, the link at the
    foot of the message is computed from `nonce`."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="recipients")
    official = models.ForeignKey(Official, models.CASCADE, related_name="letters")
    mandate = models.ForeignKey(Mandate, models.SET_NULL, null=True, blank=True, related_name="+")
    nonce = models.CharField(max_length=32, default=new_nonce)
    posted_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = RecipientQuerySet.as_manager()

    class Meta:
        ordering = ["official__name_key", "pk"]
        constraints = [models.UniqueConstraint(fields=["letter", "official"], name="letter_once_for_each")]

    def __str__(self) -> str:
        return f"{self.letter_id} – {self.official_id}"

    @property
    def token(self) -> str:
        return salted_hmac("maillage.letter", f"{self.pk}:{self.nonce}", algorithm="sha256").hexdigest()

    def is_opened_by(self, token: str) -> bool:
        return constant_time_compare(self.token, token)
