"""Partnerships: declared by one of two actors, confirmed by the other, counted once (MAT-6)."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User, new_nonce
from maillage.core.models import Dated
from maillage.core.text import folded
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.networks.models import Network
from maillage.outreach.enums import PartnershipState
from maillage.outreach.models.introductions import Introduction
from maillage.topics.models import Term


class PartnershipQuerySet(models.QuerySet["Partnership"]):
    def visible_to(self, viewer: Viewer) -> "PartnershipQuerySet":
        """The team's; and each those of the sheets that they look after."""
        here = self.filter(network=viewer.network_id)
        if viewer.runs_network:
            return here
        if not viewer.is_authenticated:
            return self.none()
        own = viewer.user.actor_memberships.values("actor")
        return here.filter(Q(first__in=own) | Q(second__in=own))

    def counted(self) -> "PartnershipQuerySet":
        """What figures count: confirmed by the other side."""
        return self.filter(state=PartnershipState.CONFIRMED)

    def whole(self) -> "PartnershipQuerySet":
        return self.select_related(
            "theme", "mission", "declared_by", "first__commune__department", "second__commune__department"
        )


class Partnership(Dated):
    """Two actors of a network, smaller id first, and what they do together; `object_key` is the folded title, by which the
    same is not counted twice. `by_first` says which of the two declared; the other has the personal link of `token`; `stopped_at` says
    that it wants no more of these messages, about this partnership or another."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    first = models.ForeignKey(Actor, models.CASCADE, related_name="+")
    second = models.ForeignKey(Actor, models.CASCADE, related_name="+")
    title = models.CharField(_("objet"), max_length=200)
    object_key = models.CharField(max_length=200, editable=False)
    theme = models.ForeignKey(
        Term, models.PROTECT, null=True, blank=True, related_name="+", limit_choices_to={"vocabulary": "theme"}
    )
    mission = models.ForeignKey(
        Term, models.PROTECT, null=True, blank=True, related_name="+", limit_choices_to={"vocabulary": "mission"}
    )
    began_on = models.DateField(_("depuis le"), default=timezone.localdate)
    by_first = models.BooleanField(default=True)
    declared_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("déclaré par")
    )
    declared_at = models.DateTimeField(_("déclaré le"), default=timezone.now)
    state = models.CharField(
        _("état"), max_length=10, choices=PartnershipState.choices, default=PartnershipState.DECLARED
    )
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    introduction = models.ForeignKey(Introduction, models.SET_NULL, null=True, blank=True, related_name="partnerships")
    email = models.EmailField(_("adresse e-mail"), blank=True)
    nonce = models.CharField(max_length=32, default=new_nonce)
    expires_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("partenariat")
        ordering = ["-declared_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["network", "first", "second", "object_key"], name="partnership_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="partnership_ordered"),
            models.CheckConstraint(
                condition=Q(state=PartnershipState.DECLARED) | Q(decided_at__isnull=False),
                name="partnership_decided_on_a_day",
            ),
        ]
        indexes = [models.Index(fields=["network", "state"])]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.object_key = folded(self.title)[:200]
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("outreach:partnership_show", args=[self.pk])

    @property
    def declarer(self) -> Actor:
        return self.first if self.by_first else self.second

    @property
    def other(self) -> Actor:
        """Who is to confirm."""
        return self.second if self.by_first else self.first

    @property
    def waits(self) -> bool:
        return self.state == PartnershipState.DECLARED

    @property
    def is_ended(self) -> bool:
        """One of the two is archived."""
        return self.first.archived_at is not None or self.second.archived_at is not None

    @property
    def token(self) -> str:
        return salted_hmac("maillage.partnership", f"{self.pk}:{self.nonce}", algorithm="sha256").hexdigest()

    def is_opened_by(self, token: str) -> bool:
        return constant_time_compare(self.token, token)

    @property
    def is_open(self) -> bool:
        """Whether the link of the other side still answers."""
        theirs = bool(self.email) and self.email.lower() == self.other.email.lower()
        return theirs and not self.is_ended and self.expires_at is not None and self.expires_at > timezone.now()
