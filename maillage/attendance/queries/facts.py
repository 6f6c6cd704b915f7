"""What someone registered must know of their date: told once each time that it is no more what they know."""

from hashlib import blake2s

from maillage.agenda.enums import EventStatus
from maillage.agenda.models import Event
from maillage.attendance.models import Session

CANCELLED, POSTPONED, GONE, DOUBLE = "cancelled", "postponed", "gone", "double"


def facts_of(session: Session) -> str:
    """A word, or the moments of the date and, after « @ », a mark of where it is."""
    event = session.event
    if event.same_as_id is not None:
        return DOUBLE
    if session.is_gone:
        return GONE
    if event.status == EventStatus.CANCELLED or session.is_off:
        return CANCELLED
    if event.status == EventStatus.POSTPONED:
        return POSTPONED
    return f"{session.starts_at:%Y%m%dT%H%M}/{session.ends_at:%Y%m%dT%H%M}@{_place(event)}"


def _place(event: Event) -> str:
    told = repr((str(event.attendance), event.venue_id, event.commune_id, event.address))
    return blake2s(told.encode(), digest_size=8).hexdigest()


def is_date(facts: str) -> bool:
    return facts not in ("", CANCELLED, POSTPONED, GONE, DOUBLE)


def same_moments(known: str, facts: str) -> bool:
    return known.partition("@")[0] == facts.partition("@")[0]
