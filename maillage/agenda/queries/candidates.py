"""Events that look like one about to be announced: it may have been, by those who receive it or by a partner."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from rapidfuzz import fuzz

from maillage.agenda.models import DistinctEvents, Event
from maillage.agenda.queries.calendar import Schedule, horizon, moment
from maillage.core.text import folded
from maillage.core.viewer import Viewer
from maillage.territories.queries.zones import zone_of

ALIKE = 62  # Of a hundred: « Nuit des étoiles » and « La nuit des étoiles à Sète » are.
MOST = 5
_DAYS = 40  # Dates compared, of an event that has more.


def candidates(values: Mapping[str, Any], viewer: Viewer, *, but: Event | None = None) -> list[Event]:
    """Same day, same commune or same venue, a title that resembles: the most alike first. `values` as for `create_event`;
    `but` is the event itself, whose pairs judged apart are left out."""
    spans = _spans(values)
    place = Q()
    if (venue := values.get("venue")) is not None:
        place |= Q(venue=venue)
    if (commune := values.get("commune")) is not None:
        place |= Q(commune=commune)
    if values.get("attendance") == "online":
        place = Q(attendance="online")
    if not spans or not place:
        return []
    moments = Q()
    for starts, ends in spans:
        moments |= Q(timings__starts_at__lt=ends, timings__ends_at__gt=starts)
    near = Event.objects.visible_to(viewer).filter(place).exclude(state__in=["refused", "hidden"])
    if but is not None:
        near = near.exclude(pk__in=[but.pk, *_judged(but)])
    found = near.filter(moments).distinct().select_related("commune__department", "venue").order_by("pk")[:200]
    wanted = folded(values.get("title", ""))
    scored = [(fuzz.token_set_ratio(wanted, event.title_key), event) for event in found]
    ranked = sorted((each for each in scored if each[0] >= ALIKE), key=lambda each: (-each[0], each[1].pk))
    return [event for _score, event in ranked[:MOST]]


def candidates_of(event: Event, viewer: Viewer, schedule: Schedule) -> list[Event]:
    """Those of an event that is written and not shown yet."""
    values = {
        "title": event.title,
        "venue": event.venue,
        "commune": event.commune,
        "attendance": event.attendance,
        "schedule": schedule,
    }
    return candidates(values, viewer, but=event)


def _spans(values: Mapping[str, Any]) -> list[tuple[datetime, datetime]]:
    """The whole days of the dates given, in moments."""
    schedule: Schedule | None = values.get("schedule")
    if schedule is None:
        return []
    place = values.get("commune") or getattr(values.get("venue"), "commune", None)
    zone = ZoneInfo(zone_of(place)) if place is not None else ZoneInfo("Europe/Paris")
    days = [(slot.starts.date(), slot.ends.date()) for slot in schedule.slots[:_DAYS]]
    for rule in schedule.rules[:5]:
        coming = rule.days(rule.last_on or horizon(rule.first_on))
        days += [(day, day) for day, _rank in zip(coming, range(_DAYS // 5), strict=False)]
    return [
        (
            moment(datetime.combine(first, time()), zone),
            moment(datetime.combine(last + timedelta(days=1), time()), zone),
        )
        for first, last in days
    ]


def _judged(event: Event) -> list[int]:
    pairs = DistinctEvents.objects.filter(Q(first=event) | Q(second=event)).values_list("first", "second")
    return [second if first == event.pk else first for first, second in pairs]
