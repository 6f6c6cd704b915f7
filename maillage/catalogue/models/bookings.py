"""When copies are not free. One row for each copy and half-day: nobody can be promised what someone else was."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from maillage.catalogue.enums import BookingKind, Part
from maillage.catalogue.models.resources import Resource
from maillage.catalogue.models.stock import Copy
from maillage.core.models import Dated


class Booking(Dated):
    """Why copies are taken: `first` and `last` are the half-days of the use (`engine.halves`), `taken_first` and `taken_last`
    with what goes before and after. Loans and tours point to theirs; `note` is for the lender."""

    resource = models.ForeignKey(Resource, models.PROTECT, related_name="bookings")
    kind = models.CharField(max_length=8, choices=BookingKind.choices)
    first = models.IntegerField()
    last = models.IntegerField()
    transport = models.PositiveSmallIntegerField(default=0)
    setup = models.PositiveSmallIntegerField(default=0)
    buffer = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(_("pour qui, pourquoi"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("réservation")
        ordering = ["first", "pk"]
        indexes = [models.Index(fields=["resource", "last"])]
        constraints = [models.CheckConstraint(condition=Q(last__gte=F("first")), name="booking_half_days")]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.first}–{self.last}"


class Hold(models.Model):
    """One copy taken by a booking, from `first` to `last` (half-days, transport, set-up and buffer included), or by what it is part
    of or made of: `via` is then the hold that takes it along. `is_fixed`: it was prepared or has left, and is exchanged no more."""

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="holds")
    copy = models.ForeignKey(Copy, models.PROTECT, related_name="holds")
    via = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="brought")
    first = models.IntegerField()
    last = models.IntegerField()
    is_fixed = models.BooleanField(default=False)

    class Meta:
        ordering = ["first", "pk"]
        indexes = [models.Index(fields=["copy", "last", "first"])]
        constraints = [
            models.UniqueConstraint(fields=["booking", "copy"], name="hold_booking_copy"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="hold_half_days"),
        ]

    def __str__(self) -> str:
        return f"{self.copy_id} {self.first}–{self.last}"


class Occupancy(models.Model):
    """A copy, a half-day: what the database never has twice."""

    hold = models.ForeignKey(Hold, models.CASCADE, related_name="occupancies")
    copy = models.ForeignKey(Copy, models.PROTECT, related_name="+")
    half = models.IntegerField()
    part = models.CharField(max_length=9, choices=Part.choices, default=Part.USE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["copy", "half"], name="occupancy_copy_half")]

    def __str__(self) -> str:
        return f"{self.copy_id} @ {self.half}"
