"""The dates of an event as the journal and imports keep them (see `actions.writing.as_json`), made again."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from maillage.agenda.queries.calendar import Rule, Schedule, Slot


def schedule_from_json(told: Mapping[str, Any]) -> Schedule:
    appointment = told.get("appointment")
    available = [_day(each) for each in appointment] if appointment is not None else [None, None]
    return Schedule(
        tuple(
            Slot(datetime.fromisoformat(starts), datetime.fromisoformat(ends), whole)
            for starts, ends, whole in told.get("slots", ())
        ),
        tuple(_rule(each) for each in told.get("rules", ())),
        appointment is not None,
        available[0],
        available[1],
    )


def _rule(told: Mapping[str, Any]) -> Rule:
    starts, ends = (time.fromisoformat(each) if each else None for each in told["times"])
    first, last = told["days"]
    return Rule(
        tuple(told["weekdays"]),
        starts,
        ends,
        date.fromisoformat(first),
        _day(last),
        told["every"],
        told["nth"],
        frozenset(date.fromisoformat(day) for day in told["excluded"]),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
