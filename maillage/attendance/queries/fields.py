"""The registrations of an event as their form names them: what is stored now is compared with what it showed."""

from typing import Any

from maillage.attendance.models import Opening

PLAIN = ("is_open", "per_date", "capacity", "most", "groups", "most_group", "closes_before", "words")
OPENS = ("opens_on", "opens_hour")  # By the clock of the place.


def fields_of(opening: Opening) -> dict[str, Any]:
    opens = opening.opens_at.astimezone(opening.event.tz) if opening.opens_at is not None else None
    return {
        **{name: getattr(opening, name) for name in PLAIN},
        "opens_on": opens.date() if opens is not None else None,
        "opens_hour": opens.time().replace(second=0, microsecond=0) if opens is not None else None,
    }
