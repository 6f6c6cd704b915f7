"""Registrations to an event as who organises it opened them, and the dates for which one registers."""

from datetime import datetime, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.agenda.enums import EventStatus
from maillage.agenda.models import Event, Timing
from maillage.attendance.enums import Standing
from maillage.core.models import Dated
from maillage.core.viewer import Viewer
from maillage.networks.models import Network

MOST = 100_000
_NOT_HELD = (EventStatus.CANCELLED, EventStatus.POSTPONED)


def _count(label: object, most: int = MOST, **kwargs: object) -> "models.PositiveIntegerField":
    return models.PositiveIntegerField(label, validators=[MinValueValidator(1), MaxValueValidator(most)], **kwargs)  # type: ignore[arg-type]


class OpeningQuerySet(models.QuerySet["Opening"]):
    def visible_to(self, viewer: Viewer) -> "OpeningQuerySet":
        """Those of events that the viewer may see."""
        return self.filter(event__in=Event.objects.visible_to(viewer))


class Opening(Dated):
    """One an event. `per_date`: one registers for a date, which has its own places; else once for the whole. `most` is how many
    places somebody takes at once, `most_group` a school group. Registrations end `closes_before` hours before the date begins."""

    event = models.OneToOneField(Event, models.CASCADE, related_name="registrations")
    is_open = models.BooleanField(_("inscriptions ouvertes"), default=True)
    per_date = models.BooleanField(_("on s'inscrit pour une date"), default=True)
    capacity = _count(_("nombre de places"), default=20)
    most = _count(_("places au plus par inscription"), 100, default=5)
    groups = models.BooleanField(_("groupes scolaires acceptés"), default=False)
    most_group = _count(_("places au plus pour un groupe"), 1000, default=35)
    opens_at = models.DateTimeField(_("ouverture"), null=True, blank=True)
    closes_before = models.PositiveSmallIntegerField(
        _("fermeture, en heures avant le début"), default=0, validators=[MaxValueValidator(2000)]
    )
    words = models.CharField(_("ce que lisent les personnes inscrites"), max_length=500, blank=True)

    objects = OpeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("inscriptions d'un événement")
        constraints = [
            models.CheckConstraint(
                condition=Q(capacity__gte=1, most__gte=1, most_group__gte=1), name="attendance_opening_counts"
            )
        ]

    def __str__(self) -> str:
        return str(self.event)

    @property
    def network(self) -> Network:
        return self.event.network


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, viewer: Viewer) -> "SessionQuerySet":
        return self.filter(opening__event__in=Event.objects.visible_to(viewer))

    def editable_by(self, viewer: Viewer) -> "SessionQuerySet":
        """Of events that the viewer may change: who reads the names of those who come."""
        return self.filter(opening__event__in=Event.objects.editable_by(viewer))


class Session(Dated):
    """What one registers for, and what is locked while places are counted: a date of an event, or (`is_whole`) all of them. The
    moments are copied from the dates, so that something is known of one that was removed (`timing` None). `is_off`: cancelled
    apart from the event. `capacity` None: that of the opening. `freed`: places given back while the event is said full, and not offered
    yet."""

    opening = models.ForeignKey(Opening, models.CASCADE, related_name="sessions")
    timing = models.ForeignKey(Timing, models.SET_NULL, null=True, blank=True, related_name="+")
    is_whole = models.BooleanField(default=False)
    starts_at = models.DateTimeField(_("début"))
    ends_at = models.DateTimeField(_("fin"))
    is_off = models.BooleanField(default=False)
    capacity = _count(_("nombre de places de cette date"), null=True, blank=True)
    freed = models.PositiveIntegerField(default=0, editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("date ouverte aux inscriptions")
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["starts_at"]), models.Index(fields=["ends_at"])]
        constraints = [
            models.UniqueConstraint(fields=["opening", "timing"], name="attendance_session_of_date"),
            models.UniqueConstraint(fields=["opening"], condition=Q(is_whole=True), name="attendance_session_whole"),
            models.CheckConstraint(condition=Q(capacity=None) | Q(capacity__gte=1), name="attendance_session_capacity"),
        ]

    def __str__(self) -> str:
        return f"{self.opening.event}, {self.starts_at.astimezone(self.opening.event.tz):%d/%m/%Y}"

    @property
    def event(self) -> Event:
        return self.opening.event

    @property
    def size(self) -> int:
        return self.capacity or self.opening.capacity

    @property
    def is_gone(self) -> bool:
        """Its date was taken away from the event."""
        return not self.is_whole and self.timing_id is None

    @property
    def closes_at(self) -> datetime:
        return self.starts_at - timedelta(hours=self.opening.closes_before)

    def goes_on(self, at: datetime) -> bool:
        """Whether places of this date are still given to those who wait."""
        held = self.event.is_shown and self.event.status not in _NOT_HELD and not self.is_off and not self.is_gone
        return held and self.starts_at > at

    def standing(self, taken: int, at: datetime) -> Standing:
        """With so many places taken."""
        opening, event = self.opening, self.event
        if self.is_gone:
            return Standing.GONE
        if event.status in _NOT_HELD or self.is_off:
            return Standing.OFF
        if self.starts_at <= at:
            return Standing.OVER
        if not opening.is_open or self.closes_at <= at or not event.is_shown:
            return Standing.CLOSED
        if opening.opens_at is not None and opening.opens_at > at:
            return Standing.SOON
        # Said full by who organises: newcomers wait, whatever is left here.
        if event.status == EventStatus.FULL or taken >= self.size:
            return Standing.FULL
        return Standing.OPEN
