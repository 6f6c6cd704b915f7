"""What waits for the team about an event: words proposed for a published one; pairs judged not to be the same."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.agenda.enums import RefusalReason, RevisionState
from maillage.agenda.models.events import Event
from maillage.core.models import Dated
from maillage.core.viewer import Viewer
from maillage.networks.models import Network


class EventRevisionQuerySet(models.QuerySet["EventRevision"]):
    def waiting(self) -> "EventRevisionQuerySet":
        return self.filter(state=RevisionState.WAITING)

    def visible_to(self, viewer: Viewer) -> "EventRevisionQuerySet":
        """To the team of the network, and to its author."""
        if not viewer.is_authenticated:
            return self.none()
        here = self.filter(network=viewer.network_id)
        return here if viewer.runs_network else here.filter(author=viewer.user_id)


class EventRevision(Dated):
    """The fields proposed for a published event, as its form names them: `values` as JSON (objects by their keys),
    `before` what the event said of each when they were proposed. One waits at a time for an author and an event."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    event = models.ForeignKey(Event, models.CASCADE, related_name="revisions")
    author = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("auteur ou autrice"))
    values: Any = models.JSONField(_("champs proposés"), default=dict)
    before: Any = models.JSONField(default=dict)
    state = models.CharField(_("état"), max_length=10, choices=RevisionState.choices, default=RevisionState.WAITING)
    sent_at = models.DateTimeField(_("proposée le"), default=timezone.now)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("répondu par")
    )
    decided_at = models.DateTimeField(_("répondue le"), null=True, blank=True)
    code = models.CharField(_("motif"), max_length=20, choices=RefusalReason.choices, blank=True)
    reason = models.CharField(_("explication"), max_length=500, blank=True)

    objects = EventRevisionQuerySet.as_manager()

    class Meta:
        ordering = ["sent_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "author"], condition=Q(state=RevisionState.WAITING), name="event_revision_one_waiting"
            ),
        ]
        indexes = [models.Index(fields=["network", "state", "sent_at"])]

    def __str__(self) -> str:
        return self.event.title

    @property
    def is_waiting(self) -> bool:
        return self.state == RevisionState.WAITING


class DistinctEvents(models.Model):
    """Two events that look alike and are not the same, somebody said; `first` has the smaller key."""

    first = models.ForeignKey(Event, models.CASCADE, related_name="+")
    second = models.ForeignKey(Event, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="distinct_events_pair"),
            models.CheckConstraint(condition=Q(first__lt=models.F("second")), name="distinct_events_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ≠ {self.second_id}"
