"""The dates of an event as one text: what a form held when it was opened, what waits for the team."""

import json
from datetime import date, datetime, time
from typing import Any

from maillage.agenda.queries.calendar import Rule, Schedule, Slot


def schedule_text(schedule: Schedule) -> str:
    """The same text for the same dates, with the keys of their rows."""
    told: dict[str, Any] = {
        "slots": sorted(
            [slot.starts.isoformat(), slot.ends.isoformat(), slot.all_day, slot.key or 0] for slot in schedule.slots
        ),
        "rules": sorted((_rule_facts(rule) for rule in schedule.rules), key=str),
    }
    if schedule.by_appointment:
        told["appointment"] = [_iso(schedule.available_from), _iso(schedule.available_until)]
    return json.dumps(told, sort_keys=True)


def schedule_from(text: str) -> Schedule:
    """Back from `schedule_text`."""
    told = json.loads(text)
    first, last = told.get("appointment", (None, None))
    return Schedule(
        tuple(
            Slot(datetime.fromisoformat(starts), datetime.fromisoformat(ends), all_day, key or None)
            for starts, ends, all_day, key in told["slots"]
        ),
        tuple(_rule(facts) for facts in told["rules"]),
        "appointment" in told,
        _day(first),
        _day(last),
    )


def _rule_facts(rule: Rule) -> dict[str, Any]:
    return {
        "weekdays": sorted(rule.weekdays),
        "starts": _iso(rule.starts),
        "ends": _iso(rule.ends),
        "first_on": _iso(rule.first_on),
        "last_on": _iso(rule.last_on),
        "every": rule.every,
        "nth": rule.nth,
        "excluded": sorted(day.isoformat() for day in rule.excluded),
        "key": rule.key or 0,
    }


def _rule(facts: dict[str, Any]) -> Rule:
    starts, ends = (time.fromisoformat(facts[name]) if facts[name] else None for name in ("starts", "ends"))
    return Rule(
        tuple(facts["weekdays"]),
        starts,
        ends,
        date.fromisoformat(facts["first_on"]),
        _day(facts["last_on"]),
        facts["every"],
        facts["nth"],
        frozenset(date.fromisoformat(day) for day in facts["excluded"]),
        facts["key"] or None,
    )


def _iso(value: date | time | None) -> str | None:
    return value.isoformat() if value is not None else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
