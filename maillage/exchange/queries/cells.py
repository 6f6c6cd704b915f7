"""Cells of text files that a spreadsheet would run: neutralised when written, restored when read."""

import re
from datetime import date, datetime
from typing import Any

from django.utils import timezone

SEPARATOR = " | "  # Between the items of a list in one cell.
# Read as formulas: =, +, -, @ and their full-width forms, after any white space; also a leading tab or line break. The
# apostrophes before let a text that already begins as a neutralised one come back as it was.
_FORMULA = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20\u2212])")

_POINT = re.compile(r"-?\d+\.\d+, -?\d+\.\d+", re.ASCII)  # South of the Equator, west of Greenwich: nothing runs.


def neutral(value: Any) -> Any:
    """`value` for a CSV cell; a text that would be run gets an apostrophe in front, which `restored` takes away."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if _FORMULA.match(value) and not _POINT.fullmatch(value) else value
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        return (
            timezone.localtime(value).isoformat(sep=" ", timespec="minutes")
            if timezone.is_aware(value)
            else value.isoformat()
        )
    return value.isoformat() if isinstance(value, date) else value


def restored(cell: str) -> str:
    """A cell as it was before `neutral`: what an import reads of our own exports."""
    return cell[1:] if cell[:1] == "'" and _FORMULA.match(cell[1:]) else cell
