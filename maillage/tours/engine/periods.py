"""Periods as people type them, one a line."""

import re
from collections.abc import Iterable
from datetime import date

_DAY = re.compile(r"(\d{1,2})\s*[/.]\s*(\d{1,2})\s*[/.]\s*(\d{4})|(\d{4})-(\d{2})-(\d{2})")


def read_periods(text: str) -> list[tuple[date, date]]:
    """In order of time; `ValueError` with the line that says no period."""
    found = []
    for line in text.splitlines():
        if not line.strip():
            continue
        days = [_day(match) for match in _DAY.finditer(line)]
        rest = _DAY.sub("", line).strip(" -–—:.,").casefold().removeprefix("du ").strip()
        if len(days) not in (1, 2) or None in days or rest not in ("", "au", "du", "du au", "du  au", "le", "et"):
            raise ValueError(line.strip())
        first, last = days[0], days[-1]
        if first is None or last is None or last < first:
            raise ValueError(line.strip())
        found.append((first, last))
    return sorted(found)


def _day(match: "re.Match[str]") -> date | None:
    day, month, year, iso_year, iso_month, iso_day = match.groups()
    try:
        return date(int(iso_year), int(iso_month), int(iso_day)) if iso_year else date(int(year), int(month), int(day))
    except ValueError:
        return None


def shown_periods(pairs: Iterable[Iterable[str]]) -> str:
    """What `read_periods` reads again."""
    lines = []
    for first, last in (tuple(map(date.fromisoformat, pair)) for pair in pairs):
        days = [f"{day.day}/{day.month}/{day.year}" for day in ((first,) if first == last else (first, last))]
        lines.append(" – ".join(days))
    return "\n".join(lines)
