"""What an event holds of each field that its forms show, and the values that those of its forms make."""

from collections.abc import Collection, Iterable
from datetime import UTC
from typing import Any

from maillage.agenda.enums import BookingBy, BookingFor
from maillage.agenda.models import Event
from maillage.agenda.queries.schedules import schedule_of
from maillage.agenda.queries.typed import schedule_from, schedule_text
from maillage.core.richtext import sanitised
from maillage.core.text import whole_number
from maillage.core.viewer import Viewer
from maillage.directory.enums import ImageRole
from maillage.directory.models import Actor
from maillage.networks.queries import vocabularies
from maillage.topics.enums import Vocabulary
from maillage.topics.models import Term

# The terms of an event are shown vocabulary by vocabulary.
TERMS = {"themes": Vocabulary.THEME, "audiences": Vocabulary.AUDIENCE, "action_kinds": Vocabulary.ACTION_KIND}
BOOKINGS = {"booking_public": BookingFor.PUBLIC, "booking_school": BookingFor.SCHOOL}


def held_fields(event: Event, viewer: Viewer, names: Collection[str]) -> dict[str, Any]:
    """As the forms show them, which is what they send back when nothing was changed; names that are no field left out."""
    return {name: _held(event, viewer, name) for name in names if _is_field(name)}


def _is_field(name: str) -> bool:
    return name in TERMS or name in BOOKINGS or name in ("schedule", "organisers") or hasattr(Event, name)


def _held(event: Event, viewer: Viewer, name: str) -> Any:
    if name in TERMS:
        return [term.pk for term in offered_terms(viewer, name, event)]
    if name in BOOKINGS:
        return "\n".join(each["value"] for each in event.bookings if each["for"] == BOOKINGS[name])
    if name == "schedule":
        return schedule_text(schedule_of(event)) if event.pk else ""
    if name == "organisers":
        return keys_in_order(each.actor_id for each in event.organisers.all() if each.withdrawn_at is None)
    if name == "parent":
        return event.parent
    if name == "image":
        return event.image.name or ""
    if name == "image_role":
        return ImageRole.DESCRIBED if event.image_alt else event.image_role
    if name == "description":
        return sanitised(event.description, trusted=viewer.runs_network)
    value = getattr(event, name)
    if name in ("latitude", "longitude") and value is not None:
        return round(value, 6)
    return value.astimezone(UTC).replace(second=0, microsecond=0) if name == "publish_at" and value else value


def keys_in_order(keys: Iterable[int]) -> str:
    """Organisers as one text: their order counts, the first leads."""
    return " ".join(str(key) for key in keys)


def actors_of(text: str) -> list[Actor]:
    """Back from `keys_in_order`; those gone since are left out."""
    keys = [key for word in text.split() if (key := whole_number(word)) is not None]
    found = Actor.objects.in_bulk(keys)
    return [found[key] for key in keys if key in found]


def offered_terms(viewer: Viewer, name: str, event: Event) -> list[Term]:
    """The terms of `event` in a vocabulary that the network offers."""
    offered = {term.pk for term in vocabularies(viewer.network)[TERMS[name]]}
    return [term for term in event.terms.all() if term.pk in offered] if event.pk else []


def recorded(event: Event, viewer: Viewer, fields: dict[str, Any]) -> dict[str, Any]:
    """The values of `actions.update_event` that those of its forms make."""
    special = {*TERMS, *BOOKINGS, "schedule", "organisers"}
    values = {name: value for name, value in fields.items() if name not in special}
    if TERMS.keys() & fields.keys():
        replaced = {term.pk for name in TERMS.keys() & fields.keys() for term in offered_terms(viewer, name, event)}
        kept = [term for term in event.terms.all() if term.pk not in replaced] if event.pk else []
        values["terms"] = [*kept, *(term for name in TERMS for term in fields.get(name, ()))]
    if BOOKINGS.keys() & fields.keys():
        values["bookings"] = [
            booking
            for name, public in BOOKINGS.items()
            for booking in (
                bookings_from(fields[name], public)
                if name in fields
                else [each for each in event.bookings if each["for"] == public]
            )
        ]
    if "schedule" in fields:
        values["schedule"] = schedule_from(fields["schedule"])
    if "organisers" in fields:
        values["organisers"] = actors_of(fields["organisers"])
    return values


def bookings_from(text: str, public: str) -> list[dict[str, str]]:
    """One way to register a line, its kind recognised: an address of a site, an e-mail, else a telephone."""
    lines = dict.fromkeys(filter(None, (line.strip() for line in text.splitlines())))
    return [{"for": str(public), "by": str(kind_of(line)), "value": as_written(line)} for line in lines]


def kind_of(line: str) -> BookingBy:
    if line.startswith(("http://", "https://", "www.")):
        return BookingBy.LINK
    if "@" in line:
        return BookingBy.EMAIL
    digits = sum(char.isdecimal() for char in line)
    return BookingBy.PHONE if digits >= 6 and digits * 2 >= len(line.replace(" ", "")) else BookingBy.LINK


def as_written(line: str) -> str:
    """A site typed without its scheme gets one; an address written as in a link is written bare."""
    if kind_of(line) == BookingBy.LINK:
        return line if line.startswith(("http://", "https://")) else f"https://{line}"
    return line.removeprefix("mailto:").removeprefix("tel:")
