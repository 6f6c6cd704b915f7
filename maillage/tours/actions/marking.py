"""Holding a season while it is changed, and what follows a change of its tour."""

from django.db import connection
from django.utils.translation import gettext as _

from maillage.catalogue.actions.occupying import Taken, occupy, release
from maillage.catalogue.enums import BookingKind
from maillage.catalogue.models import Use
from maillage.core.errors import Conflict
from maillage.networks.models import Network
from maillage.tours.engine.appraisal import Appraisal, appraise
from maillage.tours.engine.season import Stop as Stay
from maillage.tours.enums import RequestState
from maillage.tours.models import HostRequest, Season, Stop
from maillage.tours.queries.halves import span_of
from maillage.tours.queries.stating import Statement, statement


def hold(network: Network | None, season: int | None = None) -> None:
    """First in the transaction of an action: lock the network, then the season, always in that order. Resources come after."""
    if not connection.features.has_select_for_update:
        return
    if network is not None:
        list(Network.objects.filter(pk=network.pk).select_for_update().values_list("pk", flat=True))
    if season is not None:
        list(Season.objects.filter(pk=season).select_for_update().values_list("pk", flat=True))


def held(network: Network | None, season: Season) -> Season:
    """The season as it is now, locked."""
    hold(network, season.pk)
    return Season.objects.select_related("network", "resource", "copy", "base").get(pk=season.pk)


def touch(season: Season) -> None:
    """Public pages of the tour are made anew. Last in the transaction of an action."""
    Network(pk=season.network_id).touch()


def put_stop(season: Season, stated: Statement, stay: Stay, *, is_fixed: bool) -> Stop:
    """A stop that holds the copy; `Conflict` with the host's name when someone took those days meanwhile."""
    row = stated.rows[stay.request]
    first_on, open_on, last_on = stated.dates(stay)
    span = span_of(first_on, open_on, last_on)
    try:
        booking = occupy(
            resource=season.resource, kind=BookingKind.TOUR, span=span, wanted={}, copies=[season.copy],
            note=f"{season.name} – {row.actor.name}",
        )  # fmt: skip
    except Taken:
        raise Conflict(
            _("La ressource n'est plus libre aux dates de %(host)s : recalculez la tournée.") % {"host": row.actor.name}
        ) from None
    stop = Stop(
        request=row, season=season, booking=booking, first_on=first_on, open_on=open_on, last_on=last_on,
        is_fixed=is_fixed,
    )  # fmt: skip
    stop.full_clean(exclude=["request", "season", "booking"], validate_unique=False, validate_constraints=False)
    stop.save()
    return stop


def take_off(stop: Stop) -> None:
    """The stop and what it holds of the copy; what did not take place is no use."""
    booking = stop.booking
    stop.delete()
    Use.objects.filter(booking=booking).delete()
    release(booking)
    booking.delete()


def count(season: Season) -> Appraisal:
    """Write the figures of the tour as it is: those of the season, and the road that leads to each stop."""
    stated = statement(season)
    told = appraise(stated.season, stated.stays)
    places = {stated.rows[stay.request].pk: leg for stay, leg in zip(told.stops, told.legs, strict=False)}
    stops = list(season.stops.all())
    for stop in stops:
        leg = places.get(stop.request_id)
        stop.km, stop.by_base = (leg.km, leg.home) if leg else (0.0, False)
    Stop.objects.bulk_update(stops, ["km", "by_base"])
    season.km, season.objective = told.km, told.objective
    if season.bound is not None:
        season.bound = max(season.bound, told.objective)
    season.save()
    served = [stop.request_id for stop in stops]
    requests = HostRequest.objects.filter(season=season)
    requests.filter(pk__in=served).exclude(state=RequestState.SERVED).update(state=RequestState.SERVED, left_out="")
    requests.filter(state=RequestState.SERVED).exclude(pk__in=served).update(state=RequestState.FEASIBLE)
    return told
