"""When an event takes place: each of its dates is a row; a rule makes many at once, and goes on making them."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.agenda import validators
from maillage.agenda.models.events import Event, new_uid


class Pattern(models.Model):
    """A rule: on these `weekdays` (0 Monday … 6 Sunday), from `starts` to `ends` by the clock of the place, from `first_on`
    to `last_on` included (None: with no end), every `every` weeks; `nth` (1…4, -1 for the last) keeps the nth of the
    month instead. All day when `starts` is None; `ends` not after `starts` is of the next day. `excluded` are days on
    which it does not take place (ISO)."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="patterns")
    weekdays: Any = models.JSONField(_("jours"), default=list, validators=[validators.validate_weekdays])
    starts = models.TimeField(_("de"), null=True, blank=True)
    ends = models.TimeField(_("à"), null=True, blank=True)
    first_on = models.DateField(_("à partir du"))
    last_on = models.DateField(_("jusqu'au"), null=True, blank=True)
    every = models.PositiveSmallIntegerField(_("toutes les (semaines)"), default=1)
    nth = models.SmallIntegerField(_("rang dans le mois"), null=True, blank=True)
    excluded: Any = models.JSONField(_("sauf"), default=list, blank=True)

    class Meta:
        ordering = ["first_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on=None) | Q(last_on__gte=models.F("first_on")), name="pattern_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=Q(every__gte=1, every__lte=52), name="pattern_every_weeks"),
            models.CheckConstraint(condition=Q(nth=None) | Q(nth__in=[1, 2, 3, 4, -1]), name="pattern_nth"),
            models.CheckConstraint(
                condition=Q(starts=None, ends=None) | Q(starts__isnull=False, ends__isnull=False),
                name="pattern_both_times",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekdays} {self.first_on}"


class TimingQuerySet(models.QuerySet["Timing"]):
    def upcoming(self) -> "TimingQuerySet":
        """Those not over yet."""
        return self.filter(ends_at__gt=timezone.now())

    def overlapping(self, start: datetime, end: datetime) -> "TimingQuerySet":
        """Those with a moment in [start, end[. None begins longer before than a date may last: said, it spares the reading of all
        that is past."""
        since = start - timedelta(days=validators.LONGEST_DAYS + 2)
        return self.filter(starts_at__lt=end, starts_at__gt=since, ends_at__gt=start)


class Timing(models.Model):
    """One date of an event, in absolute time; `day` is that of its beginning by the clock of the place.

    `pattern` made it, unless it was typed alone. `is_changed`: somebody wrote this one apart, the rule leaves it. A
    cancelled one stays in sight with its `note`. `uid` names it for calendars and never changes.
    """

    event = models.ForeignKey(Event, models.CASCADE, related_name="timings")
    pattern = models.ForeignKey(Pattern, models.CASCADE, null=True, blank=True, related_name="timings")
    day = models.DateField(_("jour"))
    rule_day = models.DateField(null=True, blank=True, help_text="The day for which the pattern made it.")
    starts_at = models.DateTimeField(_("début"))
    ends_at = models.DateTimeField(_("fin"))
    all_day = models.BooleanField(_("toute la journée"), default=False)
    is_changed = models.BooleanField(default=False)
    is_cancelled = models.BooleanField(_("annulée"), default=False)
    note = models.CharField(_("précision"), max_length=200, blank=True)
    uid = models.CharField(max_length=32, unique=True, default=new_uid, editable=False)

    objects = TimingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="timing_ends_after_it_begins"),
            models.UniqueConstraint(fields=["pattern", "rule_day"], name="timing_pattern_day"),
        ]
        indexes = [
            models.Index(fields=["event", "starts_at"]),
            models.Index(fields=["starts_at", "ends_at", "event"]),
            models.Index(fields=["ends_at", "event"]),
        ]

    def __str__(self) -> str:
        return f"{self.day}"
