"""Who receives the letter of a network, and the proof that they asked for it."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import Suppression, User, new_nonce
from maillage.core.models import Dated
from maillage.core.viewer import Viewer
from maillage.networks.models import Network
from maillage.newsletters.enums import ConsentAct, Origin, SubscriptionState
from maillage.newsletters.registry import CONFIRM_WITHIN
from maillage.territories.models import Territory
from maillage.topics.models import Term


def hash_of(email: str) -> str:
    """The keyed hash by which an address is known once it is forgotten: that of the suppression list."""
    return Suppression.hash_of(email)


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def visible_to(self, viewer: Viewer) -> "SubscriptionQuerySet":
        return self.filter(network=viewer.network_id) if viewer.runs_network else self.none()

    def active(self) -> "SubscriptionQuerySet":
        return self.filter(state=SubscriptionState.ACTIVE)

    def writable(self) -> "SubscriptionQuerySet":
        """Those to whom a letter of today goes."""
        today = timezone.localdate()
        return self.active().filter(Q(paused_until=None) | Q(paused_until__lte=today))


class Subscription(Dated):
    """One a network and address. `themes` and `departments` say what comes first in each letter.

    `nonce` makes the link that each letter carries, for its life: an old letter stops the new ones. `confirm_nonce` makes that
    of the confirmation, for an address of a list. `askings` are what was asked from the site and not confirmed, apart because
    anybody asks for any address: `{"nonce", "themes", "departments", "version", "at"}`, each taken by its own link. `asked_at` is set while a confirmation is awaited, also of an address that
    had left; `mailed_at` when that message was written. `agreed_at`, `text_version` and `origin` are the proof, `source` what
    the team states of a list.
    """

    network = models.ForeignKey(Network, models.CASCADE, related_name="+", verbose_name=_("réseau"))
    email = models.EmailField(_("adresse e-mail"))
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("compte"))
    state = models.CharField(
        _("état"), max_length=10, choices=SubscriptionState.choices, default=SubscriptionState.PENDING
    )
    themes = models.ManyToManyField(Term, blank=True, related_name="+", verbose_name=_("thématiques"))
    departments = models.ManyToManyField(Territory, blank=True, related_name="+", verbose_name=_("départements"))
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    confirm_nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    askings: Any = models.JSONField(default=list, blank=True, editable=False)
    origin = models.CharField(_("origine"), max_length=10, choices=Origin.choices)
    source = models.CharField(_("source"), max_length=200, blank=True)
    text_version = models.CharField(_("version du texte"), max_length=20, blank=True)
    agreed_at = models.DateTimeField(_("accord donné le"), null=True, blank=True)
    asked_at = models.DateTimeField(_("confirmation demandée le"), null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmé le"), null=True, blank=True)
    paused_until = models.DateField(_("en pause jusqu'au"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("désabonnée le"), null=True, blank=True)
    failed_at = models.DateTimeField(_("refusée le"), null=True, blank=True)
    failure = models.CharField(_("motif du refus"), max_length=200, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("abonnement à la lettre")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["network", "email"], name="subscription_once")]
        indexes = [models.Index(fields=["network", "state"]), models.Index(fields=["email"])]

    def __str__(self) -> str:
        """Without the address: it goes into logs and journals."""
        return f"abonnement {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)

    @property
    def token(self) -> str:
        return salted_hmac("maillage.letter", f"{self.pk}:{self.nonce}", algorithm="sha256").hexdigest()

    def confirm_token(self, nonce: str = "") -> str:
        facts = f"{self.pk}:{nonce or self.confirm_nonce}"
        return salted_hmac("maillage.letter.confirm", facts, algorithm="sha256").hexdigest()

    def is_opened_by(self, token: str) -> bool:
        return constant_time_compare(self.token, token)

    def is_confirmed_by(self, token: str) -> bool:
        return constant_time_compare(self.confirm_token(), token) or self.asked_by(token) is not None

    def asked_by(self, token: str) -> dict[str, Any] | None:
        """What the confirmation link of `token` takes."""
        return next(
            (one for one in self.askings if constant_time_compare(self.confirm_token(one["nonce"]), token)), None
        )

    @property
    def awaits(self) -> bool:
        """Whether its confirmation link still serves."""
        return self.asked_at is not None and self.asked_at > timezone.now() - CONFIRM_WITHIN

    @property
    def is_active(self) -> bool:
        return self.state == SubscriptionState.ACTIVE

    @property
    def is_paused(self) -> bool:
        return self.paused_until is not None and self.paused_until > timezone.localdate()

    @property
    def masked(self) -> str:
        """« m…@exemple.fr », for those who may not read addresses."""
        return f"{self.email[:1]}…@{self.email.partition('@')[2]}"


class ConsentQuerySet(models.QuerySet["Consent"]):
    def of(self, subscription: Subscription) -> "ConsentQuerySet":
        return self.filter(network=subscription.network_id, email_hash=hash_of(subscription.email))


class Consent(models.Model):
    """Append-only: which text an address agreed to, when, from where; leaving is another line. By a keyed hash alone, so that it
    outlives the address it proves."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    email_hash = models.CharField(max_length=64, db_index=True)
    act = models.CharField(max_length=10, choices=ConsentAct.choices)
    text_version = models.CharField(max_length=20, blank=True)
    origin = models.CharField(max_length=10, choices=Origin.choices, blank=True)
    source = models.CharField(max_length=200, blank=True)
    given_on = models.DateField(null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["network", "act", "at"])]

    def __str__(self) -> str:
        return f"{self.act} {self.text_version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("a line of the journal of consents is never changed")
        super().save(*args, **kwargs)
