"""A published tour as a calendar to follow (RFC 5545): a whole-day event a stop, named by its request, numbered by its changes."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from maillage.core.mail import absolute_url
from maillage.tours.models import Season, Stop

REFRESH = timedelta(hours=6)


def calendar_of(season: Season, stops: list[Stop]) -> bytes:
    from icalendar import Calendar, Event

    made = Calendar()
    made.add("prodid", "-//Maillage//Tournées//FR")
    made.add("version", "2.0")
    made.add("name", season.name)
    made.add("x-wr-calname", season.name)
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    page = absolute_url(season.network, season.get_absolute_url())
    for stop in stops:
        place = stop.request.commune
        each = Event()
        each.add("uid", f"halte-{stop.request_id}@{season.network.host}")
        each.add("dtstamp", stop.updated_at)
        each.add("sequence", int(stop.updated_at.timestamp()) - 1_700_000_000)
        each.add("dtstart", stop.open_on)
        each.add("dtend", stop.last_on + timedelta(days=1))
        each.add("summary", f"{season.resource.title} – {place.name}")
        each.add("location", ", ".join(filter(None, [stop.request.place, place.name])))
        each.add("url", page)
        if place.latitude is not None and place.longitude is not None:
            each.add("geo", (place.latitude, place.longitude))
        made.add_component(each)
    return bytes(made.to_ical())


def told_as_data(season: Season, stops: list[Stop]) -> dict[str, Any]:
    """What everyone reads of the tour, for programs."""
    return {
        "name": season.name,
        "resource": season.resource.title,
        "url": absolute_url(season.network, season.get_absolute_url()),
        "state": season.state,
        "first_on": season.first_on.isoformat(),
        "last_on": season.last_on.isoformat(),
        "read_at": timezone.now().isoformat(),
        "stops": [
            {
                "first_on": stop.open_on.isoformat(),
                "last_on": stop.last_on.isoformat(),
                "commune": {"code": stop.request.commune.code, "name": stop.request.commune.name},
                "place": stop.request.place,
                "host": stop.request.actor.name,
                "audience": stop.request.audience,
                "latitude": stop.request.commune.latitude,
                "longitude": stop.request.commune.longitude,
            }
            for stop in stops
        ],
    }
