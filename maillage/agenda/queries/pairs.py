"""Pairs of events that may be one, as the team reads them side by side."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from maillage.agenda.models import Event, Organiser, Timing
from maillage.agenda.queries.lookalikes import Match
from maillage.agenda.queries.wording import place_of, timing_in_words
from maillage.core.dates import date_format


@dataclass(frozen=True)
class Side:
    event: Event
    when: str
    place: str
    organisers: str


@dataclass(frozen=True)
class Pair:
    """`may_judge`: both are within the reach of the viewer."""

    one: Side
    other: Side
    percent: int
    reasons: Sequence[str]
    may_judge: bool


def pairs(found: Sequence[tuple[int, Match]], reaches: Callable[[Event], bool]) -> list[Pair]:
    """Of one page: four queries whatever their number. `reaches` tells whether the viewer decides of an event."""
    ids = {pk for one, match in found for pk in (one, match.ref)}
    organisers = Organiser.objects.filter(withdrawn_at=None).select_related("actor")
    timings = Timing.objects.filter(day__in={match.day for _one, match in found})
    events = (
        Event.objects.filter(pk__in=ids)
        .select_related("commune__department", "venue")
        .prefetch_related(Prefetch("organisers", organisers), Prefetch("timings", timings))
        .in_bulk()
    )
    return [
        Pair(
            _side(events[one], match.day),
            _side(events[match.ref], match.day),
            round(100 * match.score),
            match.reasons,
            reaches(events[one]) and reaches(events[match.ref]),
        )
        for one, match in found
        if one in events and match.ref in events
    ]


def _side(event: Event, day: date) -> Side:
    """`day`: that on which both take place."""
    timing = next((each for each in event.timings.all() if each.day == day), None)
    names = [each.actor.name for each in event.organisers.all()] or [event.organiser_name]
    return Side(
        event,
        timing_in_words(timing, event.tz) if timing is not None else date_format(day, "l j F Y"),
        place_of(event),
        ", ".join(filter(None, names)),
    )
