"""What the stock of a lender changes for a tour."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from maillage.catalogue.enums import BookingKind
from maillage.catalogue.models import Resource
from maillage.catalogue.queries.availability import endangered
from maillage.catalogue.queries.halves import half_of
from maillage.catalogue.signals import stock_changed, withdrawn
from maillage.tours.actions.telling import tell_endangered
from maillage.tours.enums import SeasonState
from maillage.tours.models import Stop


@receiver([stock_changed, withdrawn])
def warn_tours(resource: Resource, **kwargs: Any) -> None:
    """The copy that a tour holds may be promised no more: those of the stops to come, and the team, are told."""
    today = timezone.localdate()
    held = {hold.booking_id: hold.copy for hold in endangered(resource, half_of(today), BookingKind.TOUR)}
    stops = Stop.objects.filter(
        booking__in=held, last_on__gte=today, season__state__in=(SeasonState.PLANNED, SeasonState.PUBLISHED)
    )
    for stop in stops.select_related("season__resource", "season__network", "request__author").order_by(
        "first_on", "pk"
    ):
        stop.request.season = stop.season
        tell_endangered(stop, held[stop.booking_id])
