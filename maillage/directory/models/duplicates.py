"""Pairs of actors that may be one: what was found, what was decided, what was learnt, what was merged."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.core.models import Dated
from maillage.core.viewer import Viewer
from maillage.directory.enums import Band, PairVerdict
from maillage.directory.models.actors import Actor
from maillage.networks.models import Network


class DistinctPairQuerySet(models.QuerySet["DistinctPair"]):
    def visible_to(self, viewer: Viewer) -> "DistinctPairQuerySet":
        """Those of which the viewer may merge both sheets: of others nobody here would take the verdict back."""
        if not viewer.runs_network:
            return self.none()
        mine = Actor.objects.visible_to(viewer).editable_by(viewer).filter(home_network=viewer.network_id).values("pk")
        return self.filter(first__in=mine, second__in=mine)


class DistinctPair(Dated):
    """« None of these »: two actors once compared and found distinct (or one a branch of the other), smaller id first."""

    first = models.ForeignKey(Actor, models.CASCADE, related_name="+")
    second = models.ForeignKey(Actor, models.CASCADE, related_name="+")
    verdict = models.CharField(max_length=10, choices=PairVerdict.choices, default=PairVerdict.DIFFERENT)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects = DistinctPairQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="distinct_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="distinct_pair_ordered"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ≠ {self.second_id}"


class SuspectQuerySet(models.QuerySet["Suspect"]):
    def visible_to(self, viewer: Viewer) -> "SuspectQuerySet":
        """Pairs of which the viewer may change both sheets: others could not be decided."""
        if not viewer.runs_network:
            return self.none()
        mine = Actor.objects.visible_to(viewer).editable_by(viewer).values("pk")
        return self.filter(network=viewer.network_id, first__in=mine, second__in=mine)

    def waiting(self, at: datetime | None = None) -> "SuspectQuerySet":
        """Those that nobody put off."""
        return self.filter(Q(later_until=None) | Q(later_until__lte=at or timezone.now()))

    def free_for(self, viewer: Viewer, at: datetime | None = None) -> "SuspectQuerySet":
        """Those that nobody else has in hand."""
        held = Q(held_until=None) | Q(held_until__lte=at or timezone.now()) | Q(holder=viewer.user_id)
        return self.filter(held)


class Suspect(models.Model):
    """Two actors of a network that may be one, smaller id first, as the nightly comparison found them.

    `score` is the probability that they are, `values` the features that it was computed from (see `Lesson`). `holder` has
    the pair in hand until `held_until`; `later_until` puts it off.
    """

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    first = models.ForeignKey(Actor, models.CASCADE, related_name="+")
    second = models.ForeignKey(Actor, models.CASCADE, related_name="+")
    score = models.FloatField()
    band = models.CharField(max_length=10, choices=Band.choices)
    values: Any = models.JSONField(default=dict)
    found_at = models.DateTimeField(default=timezone.now)
    holder = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    held_until = models.DateTimeField(null=True)
    later_until = models.DateTimeField(null=True)

    objects = SuspectQuerySet.as_manager()

    class Meta:
        ordering = ["-score", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["network", "first", "second"], name="suspect_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="suspect_ordered"),
        ]
        indexes = [models.Index(fields=["network", "band", "-score"])]

    def __str__(self) -> str:
        return f"{self.first_id} ? {self.second_id}"

    @property
    def is_expired(self) -> bool:
        return self.held_until is None or self.held_until <= timezone.now()

    @property
    def is_free(self) -> bool:
        """Whether nobody put it off nor has it in hand."""
        return self.later_until is None and self.is_expired

    def is_held_against(self, viewer: Viewer) -> bool:
        return not self.is_expired and self.holder_id != viewer.user_id


class Lesson(models.Model):
    """What a network's model of likeness learns from: the features of a pair that someone judged.

    `values` maps a feature of `linkage` to its value. The ids are kept bare: the pair teaches on when one of the two
    sheets is gone, and nothing here tells who judged. What was judged of the line of an import has the key of the line,
    below zero, and no second sheet.
    """

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    first_id = models.BigIntegerField()
    second_id = models.BigIntegerField()
    values: Any = models.JSONField()
    same = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "first_id", "second_id"], name="lesson_once")]

    def __str__(self) -> str:
        return f"{self.first_id} {'=' if self.same else '≠'} {self.second_id}"


class MergeQuerySet(models.QuerySet["Merge"]):
    def visible_to(self, viewer: Viewer) -> "MergeQuerySet":
        return self.filter(network=viewer.network_id) if viewer.runs_network else self.none()

    def in_force(self) -> "MergeQuerySet":
        return self.filter(undone_at=None)


class Merge(models.Model):
    """Two sheets made one: `gone_id` was the id of the one that went into `kept`.

    `undo` holds what gives it back (see `actions.merging`); it is emptied when it may no longer serve.
    """

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    kept = models.ForeignKey(Actor, models.CASCADE, related_name="merges")
    gone_id = models.BigIntegerField(db_index=True)
    gone_name = models.CharField(max_length=200, blank=True)
    undo: Any = models.JSONField(default=dict)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(_("annulable jusqu'au"))
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects = MergeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["network", "-at"])]

    def __str__(self) -> str:
        return self.gone_name
