"""Small worlds for the tests of the agenda: events with their dates, made by the real actions."""

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from maillage.agenda.actions import create_event
from maillage.agenda.enums import EventState
from maillage.agenda.models import Event
from maillage.agenda.queries.calendar import Rule, Schedule, Slot
from maillage.core.viewer import Viewer
from maillage.networks.models import Network
from tests.factories.directory import make_commune


def slot(days: int = 7, hour: int = 14, hours: float = 2, **kept: Any) -> Slot:
    """A date `days` after today, by the clock of the place."""
    starts = datetime.combine(timezone.localdate() + timedelta(days=days), time(hour))
    return Slot(starts, starts + timedelta(hours=hours), **kept)


def weekly(weekdays: tuple[int, ...] = (1,), **fields: Any) -> Rule:
    """A rule from tomorrow on, without end unless told."""
    first_on = timezone.localdate() + timedelta(days=1)
    return Rule(weekdays, **{"starts": time(18, 30), "ends": time(20), "first_on": first_on, **fields})


def make_event(network: Network, title: str = "Nuit des étoiles", *, by: Viewer | None = None, **values: Any) -> Event:
    """A published event of Montpellier in a week, unless told otherwise; `state` and `identifiers` as the action takes them."""
    kept = {name: values.pop(name) for name in ("state", "identifiers", "stamp") if name in values}
    values.setdefault("schedule", Schedule((slot(),)))
    if values.get("attendance") != "online" and "venue" not in values:
        values.setdefault("commune", make_commune())
    return create_event(
        by=by or Viewer.as_system(network, "tests"),
        values={"title": title, **values},
        **{"state": EventState.PUBLISHED, **kept},
    )


def local(text: str) -> datetime:
    """A time by the clock of a place, naive: "2026-03-29T02:30"."""
    return datetime.fromisoformat(text)
