"""Last year's event again: all that it says, for other dates."""

import secrets
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.agenda import rules
from maillage.agenda.actions.editing import follow_picture
from maillage.agenda.actions.writing import Written, create_event
from maillage.agenda.models import Event
from maillage.agenda.queries.calendar import Rule, Schedule, shifted
from maillage.agenda.queries.schedules import schedule_of
from maillage.core.errors import Refused
from maillage.core.viewer import Viewer

A_YEAR = 364  # Days: the same days of the week.
_COPIED = (
    "title", "summary", "description", "languages", "attendance", "online_url", "venue", "place_name", "address",
    "postal_code", "commune", "latitude", "longitude", "place_access", "access_notes", "organiser_name", "website", "age_min",
    "age_max", "cycles", "price", "conditions", "bookings", "image_alt", "image_role", "image_credit", "image_licence", "parent",
)  # fmt: skip


def duplicate_event(*, by: Viewer, event: Event, first_on: date | None = None) -> Event:
    """A draft with the same contents, its dates moved by a year of weeks, or so that the first falls on `first_on`. States,
    embargo, sources and identifiers are those of a new event."""
    with transaction.atomic():
        rules.may_contribute(by).require()
        rules.may_duplicate(by, event).require()
        schedule = schedule_of(event)
        values: dict[str, Any] = {name: getattr(event, name) for name in _COPIED}
        values["terms"] = list(event.terms.all())
        values["organisers"] = [
            each.actor for each in event.organisers.select_related("actor") if each.withdrawn_at is None
        ]
        values["schedule"] = moved(schedule, shift_for(schedule, first_on))
        if event.image.name and event.image.storage.exists(event.image.name):
            with event.image.open("rb") as stored:
                values["image"] = ContentFile(stored.read(), name=f"{secrets.token_hex(12)}.webp")
        if values["parent"] is not None and values["parent"].is_over():
            values["parent"] = None
        made = create_event(by=by, values=values)
        follow_picture(Written(made, {"image": []} if made.image else {}))
        record("event.duplicate", by=by, subject=made, details={"other": event.title, "from": event.pk}, touch=False)
    return made


def shift_for(schedule: Schedule, first_on: date | None) -> int:
    """By how many days the dates move."""
    if first_on is None:
        return A_YEAR
    days = [slot.starts.date() for slot in schedule.slots] + [rule.first_on for rule in schedule.rules]
    if not days:
        raise Refused(_("Cet événement n'a pas de date à déplacer."), status=422)
    return (first_on - min(days)).days


def moved(schedule: Schedule, days: int) -> Schedule:
    """The same dates `days` later; rules change their weekdays with them."""
    later = shifted(schedule, days)
    if days % 7 == 0:
        return later
    return replace(later, rules=tuple(_turned(rule, days) for rule in later.rules))


def _turned(rule: Rule, days: int) -> Rule:
    return replace(rule, weekdays=tuple(sorted((day + days) % 7 for day in rule.weekdays)))


def first_day(schedule: Schedule) -> date | None:
    days = [slot.starts.date() for slot in schedule.slots] + [rule.first_on for rule in schedule.rules]
    return min(days) + timedelta(days=A_YEAR) if days else None
