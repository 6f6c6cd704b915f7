"""Run as a program of its own, under limits: turn a workbook, a JSON document or a calendar into lines of JSON.

    python -I workbook.py PATH KIND SHEET MAX_ROWS

The first line printed is `{"sheets": […], "sheet": …}`, each other one a row, as a list of texts. What is wrong is told
by the exit code (`EXIT`). Nothing of the rest of the program is imported: a file that breaks the parser breaks only this.
"""

import json
import resource
import signal
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

CPU_SECONDS, WALL_SECONDS, MEMORY_BYTES = 10, 120, 512 * 1024 * 1024
EXIT = {"broken": 3, "rows": 4, "nested": 5, "shape": 6, "memory": 7, "protected": 8}
_LIST_KEYS = ("features", "records", "results", "items", "data", "rows", "events")
_MAX_COLUMNS = 500


class Wrong(Exception):
    """Ends the program with a code of `EXIT`."""


def cell(value: Any) -> str:
    """A value as a person would have typed it: 34000.0 is 34000, a day is written as in ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def workbook_rows(path: str, sheet: str, max_rows: int) -> Iterator[Any]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_path(path)
        names = list(book.sheet_names)
        chosen = sheet if sheet in names else next(iter(names), "")
        read = book.get_sheet_by_name(chosen) if chosen else None
        if read is not None and read.end is not None and read.end[0] >= max_rows:
            raise Wrong("rows")
        yield {"sheets": names, "sheet": chosen}
        if read is None:
            return
        # The used area may begin lower or further right: rows keep the numbers that the person sees.
        for row in read.to_python(skip_empty_area=False) if read.total_height else []:
            yield [cell(value) for value in row]
    except PasswordError as error:
        raise Wrong("protected") from error
    except CalamineError as error:
        raise Wrong("broken") from error


def flat(value: Any, into: dict[str, str], prefix: str = "", depth: int = 0) -> dict[str, str]:
    """Objects in objects become `outer.inner`; a list of plain values becomes one text, its items separated by " | ", any
    other list its own JSON; an object of yes and no is the list of what it says yes to as well."""
    if isinstance(value, dict):
        if depth > 6:
            raise Wrong("nested")
        if prefix and value and all(isinstance(inner, bool) for inner in value.values()):
            into[prefix] = " | ".join(str(key) for key, inner in value.items() if inner)
        for key, inner in value.items():
            flat(inner, into, f"{prefix}.{key}" if prefix else str(key), depth + 1)
    elif isinstance(value, list):
        if any(isinstance(item, dict | list) for item in value):
            into[prefix] = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        elif value:
            into[prefix] = " | ".join(cell(item) for item in value)
    else:
        into[prefix] = cell(value)
    return into


def feature(value: dict[str, Any]) -> dict[str, Any]:
    """A GeoJSON feature as its properties, with the latitude and longitude of its first point."""
    found = dict(value.get("properties") or {})
    if value.get("id") is not None:
        found.setdefault("id", value["id"])
    point = (value.get("geometry") or {}).get("coordinates")
    while isinstance(point, list) and point and isinstance(point[0], list):
        point = point[0]
    if isinstance(point, list) and len(point) >= 2 and all(isinstance(part, int | float) for part in point[:2]):
        found.setdefault("longitude", point[0])
        found.setdefault("latitude", point[1])
    return found


def unwrapped(item: dict[str, Any]) -> dict[str, Any]:
    """What an object of a list tells, without the wrapping of the formats that have one."""
    if item.get("type") == "Feature":
        return feature(item)
    fields = item.get("fields")  # A record as Opendatasoft downloads it.
    return {**fields, "recordid": item["recordid"]} if isinstance(fields, dict) and "recordid" in item else item


def listed(document: Any) -> list[Any]:
    """The list of objects that a document is, or holds under a usual name, else its longest one."""
    if isinstance(document, list):
        return document
    if isinstance(document, dict):
        for key in _LIST_KEYS:
            if isinstance(document.get(key), list):
                return list(document[key])
        lists = [
            value for value in document.values() if isinstance(value, list) and value and isinstance(value[0], dict)
        ]
        if lists:
            return max(lists, key=len)
    raise Wrong("shape")


def json_rows(path: str, kind: str, max_rows: int) -> Iterator[Any]:
    try:
        with open(path, encoding="utf-8-sig", errors="replace") as stream:  # noqa: PTH123 (a program without the rest)
            items = (
                [json.loads(line) for line in stream if line.strip()] if kind == "jsonl" else listed(json.load(stream))
            )
    except RecursionError as error:
        raise Wrong("nested") from error
    except ValueError as error:
        raise Wrong("broken") from error
    objects = [item for item in items if isinstance(item, dict)]
    if not objects:
        raise Wrong("shape")
    if len(objects) > max_rows:
        raise Wrong("rows")
    records = [flat(unwrapped(item), {}) for item in objects]
    columns: dict[str, None] = {}
    for record in records:
        columns.update(dict.fromkeys(record))
        if len(columns) > _MAX_COLUMNS:
            raise Wrong("shape")
    yield {"sheets": [], "sheet": ""}
    yield list(columns)
    for record in records:
        yield [record.get(column, "") for column in columns]


# --- calendars ------------------------------------------------------------------------------------------------------------

EVENT_COLUMNS = (
    "uid", "summary", "description", "location", "latitude", "longitude", "url", "categories", "status", "organizer",
    "timings", "incomplete", "sequence", "last-modified", "calendar",
)  # fmt: skip
MOST_DATES = 1500  # Of an event.
AHEAD, BEHIND = timedelta(days=400), timedelta(days=1100)  # Of a repetition without end: the dates around today.
_SECONDS_OF_A_RULE = 0.5
_TOO_OFTEN = {"SECONDLY", "MINUTELY", "HOURLY"}


class TooLong(Exception):
    """A rule of repetition asks for more time than any honest one."""


def calendar_rows(path: str, max_rows: int) -> Iterator[Any]:
    """An event a row, whatever the number of its VEVENT: `timings` is a JSON list of beginnings and ends, in ISO 8601, with the
    offset that its zone gives, without one when it floats, days alone (the last included) for whole days."""
    from icalendar import Calendar

    try:
        with open(path, "rb") as stream:  # noqa: PTH123 (a program without the rest)
            calendars = Calendar.from_ical(stream.read(), multiple=True)
    except (ValueError, KeyError, IndexError, AttributeError, TypeError) as error:
        raise Wrong("broken") from error
    series: dict[str, list[Any]] = defaultdict(list)
    names: dict[str, Any] = {}
    for calendar in calendars:
        for position, event in enumerate(calendar.walk("VEVENT")):
            uid = str(event.get("UID") or f"sans-uid-{position}")
            series[uid].append(event)
            names[uid] = calendar
    if not series:
        raise Wrong("shape")
    if len(series) > max_rows:
        raise Wrong("rows")
    signal.signal(signal.SIGVTALRM, _too_long)
    yield {"sheets": [], "sheet": ""}
    yield list(EVENT_COLUMNS)
    for uid, events in series.items():
        yield (
            [_told(name, uid, events, names[uid]) for name in EVENT_COLUMNS[:10]]
            + _dates(events)
            + [_told(name, uid, events, names[uid]) for name in EVENT_COLUMNS[12:]]
        )


def _too_long(*_signal: Any) -> None:
    raise TooLong


def _told(name: str, uid: str, events: list[Any], calendar: Any) -> str:
    main = _main(events)
    found = main.get(name.upper())
    if name == "uid":
        return "" if uid.startswith("sans-uid-") else uid
    if name == "calendar":
        return str(calendar.get("X-WR-CALNAME") or calendar.get("NAME") or "")
    if name in ("latitude", "longitude"):
        return cell(getattr(main.get("GEO"), name, None))
    if name == "status":
        called_off = str(calendar.get("METHOD") or "").upper() == "CANCEL"
        return "CANCELLED" if called_off else str(found or "").upper()
    if name == "categories":
        lists = found if isinstance(found, list) else [found] if found is not None else []
        return " | ".join(str(one) for each in lists for one in getattr(each, "cats", [each]))
    if name == "organizer":
        return str(getattr(found, "params", {}).get("CN", ""))
    if name == "last-modified":
        return cell(getattr(found, "dt", None))
    return str(found[0] if isinstance(found, list) else found if found is not None else "")


def _main(events: list[Any]) -> Any:
    """The VEVENT that tells of the whole series: the others tell of one of its dates. The highest version of two."""
    whole = [event for event in events if "RECURRENCE-ID" not in event] or events
    return max(whole, key=lambda event: event.get("SEQUENCE", 0) if isinstance(event.get("SEQUENCE"), int) else 0)


def _dates(events: list[Any]) -> list[str]:
    """`timings`, and why they are `incomplete`: "rule" for one that is not understood, "many" for more than are kept."""
    main = _main(events)
    others = [event for event in events if "RECURRENCE-ID" in event and event is not main]
    why = ""
    rules = main.get("RRULE")
    rules = rules if isinstance(rules, list) else [rules] if rules is not None else []
    repeated = bool(rules or "RDATE" in main or others)
    found: list[tuple[Any, Any]] = []
    if repeated and not any(_is_too_often(rule) for rule in rules):
        try:
            signal.setitimer(signal.ITIMER_VIRTUAL, _SECONDS_OF_A_RULE)
            try:
                found = _occurrences(main, others, rules)
            finally:
                signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        except Exception:  # noqa: BLE001 (whatever a rule does, the first date is known)
            repeated = False
    if not found:
        why = "rule" if rules else ""
        found = [] if repeated and not rules else [span for span in [_span(main)] if span is not None]
    if len(found) > MOST_DATES:
        why, found = "many", found[-MOST_DATES:]
    timings = [{"begin": begins, "end": ends} for begins, ends in (_iso(*span) for span in found)]
    return [json.dumps(timings, separators=(",", ":")), why]


def _is_too_often(rule: Any) -> bool:
    return not isinstance(rule, dict) or str((rule.get("FREQ") or [""])[0]).upper() in _TOO_OFTEN


def _occurrences(main: Any, others: list[Any], rules: list[Any]) -> list[tuple[Any, Any]]:
    """By the clock of its zone: an event at 18:30 stays so when the clocks change. Dates told apart take the place of theirs."""
    from dateutil.rrule import rrulestr

    zone, first = getattr(main.start, "tzinfo", None), _bare(main.start, None)
    length = _bare(main.end, zone) - _bare(main.start, zone)
    today = datetime.now(tz=UTC).replace(tzinfo=None)
    starts: set[datetime] = set()
    for rule in rules:
        until = [_bare(at, zone) for at in rule.get("UNTIL", [])]
        endless = not until and "COUNT" not in rule
        last = min([*until, max(today, first) + (AHEAD if endless else BEHIND)])
        if until and not isinstance(rule["UNTIL"][0], datetime):
            last += timedelta(days=1)
        text = ";".join(part for part in rule.to_ical().decode().split(";") if not part.startswith("UNTIL"))
        for at in rrulestr(text, dtstart=first):
            if at > last:
                break
            if not endless or at >= today - BEHIND:
                starts.add(at)
    if rules and not starts:
        raise ValueError  # A rule that gives no date is not one that somebody meant.
    if not rules or first >= today - BEHIND:
        starts.add(first)
    starts |= {_bare(at, zone) for at in _listed_dates(main, "RDATE")}
    taken_out = {_bare(at, zone) for at in _listed_dates(main, "EXDATE")}
    taken_out |= {_bare(event["RECURRENCE-ID"].dt, zone) for event in others}
    told = [(event.start, event.end) for event in others if str(event.get("STATUS") or "").upper() != "CANCELLED"]
    is_whole = not isinstance(main.start, datetime)
    for at in starts - taken_out:
        whole = (at.date(), (at + length).date()) if is_whole else None
        told.append(whole or (at.replace(tzinfo=zone), (at + length).replace(tzinfo=zone)))
    return sorted(told, key=lambda span: _iso(*span))


def _listed_dates(event: Any, name: str) -> Iterator[Any]:
    found = event.get(name)
    for each in found if isinstance(found, list) else [found] if found is not None else []:
        for listed_date in each.dts:
            yield listed_date.dt[0] if isinstance(listed_date.dt, tuple) else listed_date.dt


def _bare(at: Any, zone: Any) -> datetime:
    """By the clock of `zone`, without saying so; the first hour of a day alone."""
    if not isinstance(at, datetime):
        return datetime.combine(at, time())
    if zone is not None and at.tzinfo is not None:
        at = at.astimezone(zone)
    return at.replace(tzinfo=None)


def _span(event: Any) -> tuple[Any, Any] | None:
    try:
        return event.start, event.end
    except Exception:  # noqa: BLE001 (of a date that is not one, nothing is known)
        return None


def _iso(begins: Any, ends: Any) -> tuple[str, str]:
    if not isinstance(begins, datetime):
        return begins.isoformat(), max(begins, ends - timedelta(days=1)).isoformat()
    return begins.isoformat(), ends.isoformat()


def main(path: str, kind: str, sheet: str, max_rows: str) -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(WALL_SECONDS)
    try:
        if kind in ("json", "jsonl"):
            rows = json_rows(path, kind, int(max_rows))
        elif kind == "ics":
            rows = calendar_rows(path, int(max_rows))
        else:
            rows = workbook_rows(path, sheet, int(max_rows))
        for number, row in enumerate(rows):
            if number > int(max_rows):
                raise Wrong("rows")
            sys.stdout.write(json.dumps(row, ensure_ascii=True) + "\n")
        sys.stdout.flush()
    except Wrong as wrong:
        return EXIT[str(wrong)]
    except MemoryError:
        return EXIT["memory"]
    except BrokenPipeError:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:5]))
