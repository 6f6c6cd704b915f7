"""What machines read in the page of an event: schema.org."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from maillage.agenda.enums import Attendance, EventStatus, Price
from maillage.agenda.models import Event, Timing
from maillage.agenda.queries.rows import local_iso

MOST_PARTS = 20
_SCHEMA = "https://schema.org/"
_STATUS = {
    EventStatus.SCHEDULED: "EventScheduled",
    EventStatus.RESCHEDULED: "EventRescheduled",
    EventStatus.MOVED_ONLINE: "EventMovedOnline",
    EventStatus.POSTPONED: "EventPostponed",
    EventStatus.FULL: "EventScheduled",
    EventStatus.CANCELLED: "EventCancelled",
}
_AVAILABLE = {"open": "InStock", "full": "SoldOut", "soon": "PreOrder", "closed": "OutOfStock"}
_MODES = {
    Attendance.ONSITE: "OfflineEventAttendanceMode",
    Attendance.ONLINE: "OnlineEventAttendanceMode",
    Attendance.MIXED: "MixedEventAttendanceMode",
}


def dates_to_link(event: Event) -> list[Timing]:
    """The next dates, else the last ones: one query, two of an event that is over."""
    coming = list(event.timings.upcoming().order_by("starts_at", "pk")[:MOST_PARTS])
    return coming or list(event.timings.order_by("-starts_at", "-pk")[:MOST_PARTS])[::-1]


def linked_data(
    event: Event,
    timings: Iterable[Timing],
    url: str,
    image_url: str = "",
    *,
    organisers: Iterable[tuple[str, str]] = (),
    parent: tuple[str, str] | None = None,
    themes: Iterable[str] = (),
    places: tuple[str, str] | None = None,
) -> dict[str, Any]:
    """The event as schema.org says it; empty values are left out. `timings` are the dates told, in order: of several, each is a
    `subEvent`, of which the first ones are kept. `organisers` and `parent` are (name, absolute address or ""); `places` is (how they stand, the absolute address)
    where one registers by the site."""
    dates = list(timings)
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": url,
        "url": url,
        "name": event.title,
        "description": event.summary,
        "image": image_url,
        "inLanguage": event.languages or ["fr"],
        "eventStatus": _SCHEMA + _STATUS[EventStatus(event.status)],
        "eventAttendanceMode": _SCHEMA + _MODES[Attendance(event.attendance)],
        "location": _location(event, url),
        "organizer": [_organisation(name, address) for name, address in organisers],
        "typicalAgeRange": _ages(event),
        "keywords": list(themes),
        "superEvent": {"@type": "Event", "name": parent[0], "url": parent[1]} if parent else None,
        "offers": _offers(event, url, places),
    }
    if held := [timing for timing in dates if not timing.is_cancelled] or dates:
        last = max(held, key=lambda timing: timing.ends_at)
        data |= {"startDate": _moment(event, held[0], "starts_at"), "endDate": _moment(event, last, "ends_at")}
    if event.previous_at is not None and event.status in (EventStatus.RESCHEDULED, EventStatus.POSTPONED):
        data["previousStartDate"] = event.previous_at.astimezone(event.tz).isoformat(timespec="seconds")
    if event.price:
        data["isAccessibleForFree"] = event.price == Price.FREE
    if len(dates) > 1:
        data["subEvent"] = [_part(event, timing, data) for timing in dates[:MOST_PARTS]]
    return {key: value for key, value in data.items() if value not in ("", None, [])}


def _part(event: Event, timing: Timing, whole: dict[str, Any]) -> dict[str, Any]:
    status = "EventCancelled" if timing.is_cancelled else _STATUS[EventStatus(event.status)]
    told = {
        "@type": "Event",
        "name": event.title,
        "startDate": _moment(event, timing, "starts_at"),
        "endDate": _moment(event, timing, "ends_at"),
        "eventStatus": _SCHEMA + status,
        "eventAttendanceMode": whole["eventAttendanceMode"],
        "location": whole["location"],
    }
    return {key: value for key, value in told.items() if value}


def _moment(event: Event, timing: Timing, name: str) -> str:
    """A day alone for whole days, the last one included, as schema.org counts them."""
    if not timing.all_day:
        return local_iso(event, timing, name)
    at = getattr(timing, name).astimezone(event.tz)
    return (at - timedelta(microseconds=1) if name == "ends_at" else at).date().isoformat()


def _location(event: Event, url: str) -> Any:
    """A place, an address on the web, or both; without a link of its own, what is online is found from its page."""
    commune = event.commune
    department = commune.department if commune else None
    address = {
        "streetAddress": event.address,
        "postalCode": event.postal_code,
        "addressLocality": commune.name if commune else "",
        "addressRegion": department.name if department else "",
        "addressCountry": "FR",
    }
    place: dict[str, Any] = {
        "@type": "Place",
        "name": event.place_name or (commune.name if commune else event.title),
        "address": {"@type": "PostalAddress", **{key: value for key, value in address.items() if value}},
    }
    if event.latitude is not None and event.longitude is not None:
        place["geo"] = {"@type": "GeoCoordinates", "latitude": event.latitude, "longitude": event.longitude}
    online = {"@type": "VirtualLocation", "url": event.online_url or url}
    if event.attendance == Attendance.ONLINE:
        return online
    return [place, online] if event.attendance == Attendance.MIXED else place


def _organisation(name: str, address: str) -> dict[str, str]:
    return {"@type": "Organization", "name": name, **({"url": address} if address else {})}


def _ages(event: Event) -> str:
    """« 6-12 », « 6- » without upper bound."""
    if event.age_min is None and event.age_max is None:
        return ""
    return f"{event.age_min or 0}-{'' if event.age_max is None else event.age_max}"


def _offers(event: Event, url: str, places: tuple[str, str] | None) -> dict[str, Any] | None:
    """What it costs, when it is told to be free, and where one registers; nothing when neither is known."""
    links = [each["value"] for each in event.bookings if each["by"] == "link"]
    if not (links or places or event.price == Price.FREE or event.status == EventStatus.FULL):
        return None
    state, own = places or ("open", "")
    offer: dict[str, Any] = {"@type": "Offer", "url": own or (links[0] if links else url)}
    if event.price == Price.FREE:
        offer |= {"price": 0, "priceCurrency": "EUR"}
    sold_out = event.status in (EventStatus.FULL, EventStatus.CANCELLED)
    return offer | {"availability": _SCHEMA + _AVAILABLE["full" if sold_out else state]}
