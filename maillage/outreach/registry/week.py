"""What calls someone of the team this week: each feature says here what it adds to the page « Ma semaine »."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from maillage.core.viewer import Viewer


@dataclass(frozen=True)
class Due:
    """A line of a week: `on` is None when no day was set; `whose` is the person who is to do it, "" when anybody may.
    `done_url` takes a POST that says that it is done, and comes back to the `retour` that it is sent."""

    on: date | None
    title: str
    detail: str = ""
    url: str = ""
    whose: str = ""
    done_url: str = ""


@dataclass(frozen=True)
class DueKind:
    """`lines(viewer, until, everyone, limit)` gives at most `limit` lines due on or before `until`, the oldest first, those
    of the viewer or of the whole team (`everyone`), in a bounded number of queries."""

    name: str
    label: Any
    icon: str
    lines: Callable[[Viewer, date, bool, int], list[Due]]


_kinds: dict[str, DueKind] = {}


def add_to_week(kind: DueKind) -> None:
    """Called from the `panels` of each feature that has something to be done by a day."""
    _kinds[kind.name] = kind


def due_kinds() -> list[DueKind]:
    return list(_kinds.values())
