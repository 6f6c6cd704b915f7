"""The approach of an actor by a network: how far it is, why the actor is thought to belong, who follows it."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.core.models import Dated
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.networks.models import Network
from maillage.outreach.enums import ENDS, Stage
from maillage.outreach.validators import validate_untold


class ApproachQuerySet(models.QuerySet["Approach"]):
    def visible_to(self, viewer: Viewer) -> "ApproachQuerySet":
        """The team's own memory of its network."""
        return self.filter(network=viewer.network_id) if viewer.runs_network else self.none()

    def open(self) -> "ApproachQuerySet":
        return self.filter(closed_at=None)


class Approach(Dated):
    """`reason` may be shown to the actor; `next_on` is when to come back. One is open for a network and an actor: the database
    says so. It ends with a refusal or a membership, and another may be begun later."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    actor = models.ForeignKey(Actor, models.CASCADE, related_name="approaches")
    stage = models.CharField(_("étape"), max_length=10, choices=Stage.choices, default=Stage.TO_CONTACT)
    reason = models.CharField(
        _("pourquoi nous pensons que vous en êtes"), max_length=400, blank=True, validators=[validate_untold]
    )
    follower = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("suivie par")
    )
    next_on = models.DateField(_("y revenir le"), null=True, blank=True)
    moved_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ApproachQuerySet.as_manager()

    class Meta:
        ordering = ["-moved_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["network", "actor"], condition=Q(closed_at=None), name="approach_one_open"),
            models.CheckConstraint(
                condition=Q(closed_at=None, stage__in=[stage for stage in Stage if stage not in ENDS])
                | Q(closed_at__isnull=False, stage__in=list(ENDS)),
                name="approach_closed_at_its_end",
            ),
        ]
        indexes = [
            models.Index(fields=["network", "stage", "-moved_at"]),
            models.Index(fields=["network", "next_on"]),
        ]

    def __str__(self) -> str:
        return str(self.actor)

    def get_absolute_url(self) -> str:
        return reverse("outreach:approach_show", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_late(self) -> bool:
        return self.is_open and self.next_on is not None and self.next_on < timezone.localdate()


class ApproachStep(models.Model):
    """An actor reached a stage, coming from `was` ("" at the beginning of an approach). Kept by actor, so that a history
    outlives the merging of two sheets; durations and past figures are read from it."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    actor = models.ForeignKey(Actor, models.CASCADE, related_name="approach_steps")
    stage = models.CharField(_("étape"), max_length=10, choices=Stage.choices)
    was = models.CharField(max_length=10, choices=Stage.choices, blank=True)
    at = models.DateTimeField(_("date"), default=timezone.now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("notée par"))
    system = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["network", "actor", "-at"]), models.Index(fields=["network", "at"])]

    def __str__(self) -> str:
        return f"{self.get_stage_display()}, {self.at:%d/%m/%Y}"

    @property
    def who(self) -> str:
        return str(self.by) if self.by is not None else self.system
