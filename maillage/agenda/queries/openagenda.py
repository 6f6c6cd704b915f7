"""Events in the shape that OpenAgenda publishes them (version 2), so that what reads that agenda reads this one.

What that shape has no word for and another network needs is told in keys beside, which its readers leave: whom a way to register
is `for`, the `price`, the accesses that it does not know. It has no word for a date that is cancelled among others: those are not
told, and where all are, the event is cancelled with its dates.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from maillage.agenda.enums import Attendance, EventStatus
from maillage.agenda.models import Event
from maillage.agenda.queries.programme import Programme
from maillage.agenda.queries.published import Published, published
from maillage.agenda.queries.rows import local_iso
from maillage.directory.enums import PlaceAccess

STATUS = {
    EventStatus.SCHEDULED: 1,
    EventStatus.RESCHEDULED: 2,
    EventStatus.MOVED_ONLINE: 3,
    EventStatus.POSTPONED: 4,
    EventStatus.FULL: 5,
    EventStatus.CANCELLED: 6,
}
ATTENDANCE = {Attendance.ONSITE: 1, Attendance.ONLINE: 2, Attendance.MIXED: 3}
ACCESSES = (
    PlaceAccess.MENTAL, PlaceAccess.HEARING, PlaceAccess.VISUAL, PlaceAccess.PSYCHIC, PlaceAccess.MOTOR,
)  # fmt: skip

KEYS = (
    "uid", "slug", "canonicalUrl", "title", "description", "longDescription", "conditions", "keywords", "timings",
    "firstTiming", "lastTiming", "timezone", "status", "attendanceMode", "onlineAccessLink", "age", "accessibility",
    "registration", "price", "location", "image", "imageCredits", "links", "organizers", "contributor", "updatedAt", "extIds", "originAgenda",
)  # fmt: skip


def openagenda_events(found: Programme, base: str, origin: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every event of `found` with all its dates; `origin` is the agenda that they come from."""
    for each in published(found.filters.network, found.ids):
        yield openagenda_event(each, base) | {"originAgenda": origin}


def openagenda_event(each: Published, base: str) -> dict[str, Any]:
    event = each.event
    held = [timing for timing in each.timings if not timing.is_cancelled]
    status = EventStatus(event.status) if held or not each.timings else EventStatus.CANCELLED
    timings = [
        {"begin": local_iso(event, timing, "starts_at"), "end": local_iso(event, timing, "ends_at")}
        for timing in held or each.timings
    ]
    page = base + event.get_absolute_url()
    keywords = [term.label for terms in each.terms.values() for term in terms]
    return {
        "uid": event.pk,
        "slug": event.slug,
        "canonicalUrl": page,
        "title": {"fr": event.title},
        "description": {"fr": event.summary},
        "longDescription": {"fr": event.description},
        "conditions": {"fr": event.conditions or event.get_price_display()},
        "keywords": {"fr": keywords},
        "timings": timings,
        "firstTiming": timings[0] if timings else None,
        "lastTiming": timings[-1] if timings else None,
        "timezone": event.zone,
        "status": STATUS[status],
        "attendanceMode": ATTENDANCE[Attendance(event.attendance)],
        "onlineAccessLink": event.online_url or None,
        "age": {"min": event.age_min, "max": event.age_max},
        "accessibility": {code.value: code in event.place_access for code in ACCESSES}
        | {code: True for code in event.place_access if code not in ACCESSES},
        "registration": [
            {"type": booking["by"], "value": booking["value"], "for": booking["for"]} for booking in event.bookings
        ],
        "price": event.price or None,
        "location": _location(each),
        "image": _image(event, base),
        "imageCredits": event.image_credit or None,
        "links": [{"link": event.website}] if event.website else [],
        "organizers": each.organiser_names,
        "contributor": {"organization": " | ".join(each.organiser_names)},
        "updatedAt": event.updated_at.isoformat(timespec="seconds"),
        "extIds": [{"key": known.scheme, "value": known.value} for known in event.identifiers.all()],
    }


def _location(each: Published) -> dict[str, Any] | None:
    event = each.event
    if event.attendance == Attendance.ONLINE:
        return None
    commune = event.commune
    department = commune.department if commune else None
    return {
        "name": event.place_name or (each.venue.name if each.venue else commune.name if commune else ""),
        "address": event.address,
        "access": {"fr": event.access_notes},
        "city": commune.name if commune else "",
        "postalCode": event.postal_code,
        "insee": commune.code if commune else "",
        "department": department.name if department else "",
        "region": department.region.name if department and department.region else "",
        "countryCode": "FR",
        "latitude": event.latitude,
        "longitude": event.longitude,
        "timezone": event.zone,
    }


def _image(event: Event, base: str) -> dict[str, Any] | None:
    """`base` and `filename` put end to end are its address, as OpenAgenda has it."""
    if not event.image:
        return None
    url = base + event.image.url
    filename = PurePosixPath(url).name
    return {
        "base": url.removesuffix(filename),
        "filename": filename,
        "variants": [],
        "credits": event.image_credit,
        "alternativeText": event.image_alt,
    }
