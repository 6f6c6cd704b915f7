"""Run as a program of its own, under limits: turn a workbook or a JSON document into lines of JSON.

    python -I workbook.py PATH KIND SHEET MAX_ROWS

The first line printed is `{"sheets": […], "sheet": …}`, each other one a row, as a list of texts. What is wrong is told
by the exit code (`EXIT`). Nothing of the rest of the program is imported: a file that breaks the parser breaks only this.
"""

import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

CPU_SECONDS, MEMORY_BYTES = 10, 512 * 1024 * 1024
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
    """Objects in objects become `outer.inner`; a list of plain values becomes one text, its items separated by " | "."""
    if isinstance(value, dict):
        if depth > 6:
            raise Wrong("nested")
        for key, inner in value.items():
            flat(inner, into, f"{prefix}.{key}" if prefix else str(key), depth + 1)
    elif isinstance(value, list):
        plain = [cell(item) for item in value if not isinstance(item, dict | list)]
        if plain:
            into[prefix] = " | ".join(plain)
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
    records = [flat(feature(item) if item.get("type") == "Feature" else item, {}) for item in objects]
    columns: dict[str, None] = {}
    for record in records:
        columns.update(dict.fromkeys(record))
        if len(columns) > _MAX_COLUMNS:
            raise Wrong("shape")
    yield {"sheets": [], "sheet": ""}
    yield list(columns)
    for record in records:
        yield [record.get(column, "") for column in columns]


def main(path: str, kind: str, sheet: str, max_rows: str) -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        rows = (
            json_rows(path, kind, int(max_rows))
            if kind in ("json", "jsonl")
            else workbook_rows(path, sheet, int(max_rows))
        )
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
