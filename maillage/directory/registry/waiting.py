"""What waits for the team, whatever app it comes from: each app says here what it has for the queue."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from maillage.core.viewer import Viewer


@dataclass(frozen=True)
class Waiting:
    """A line of the team's queue: what waits, what it is, where it is dealt with."""

    title: str
    detail: Any
    url: str
    place: str = ""
    is_late: bool = False


@dataclass(frozen=True)
class WaitingKind:
    """Something that waits for the team, whatever app it comes from. `rows` is a queryset of values `(pk, since,
    department)` that the viewer may deal with; `told` puts those of a page in words. What is `apart` has its own tab and a
    count of its own elsewhere: it is in neither « Tout » nor the count of the menu, which it would drown."""

    name: str
    label: Any
    icon: str
    rows: Callable[[Viewer], Any]
    told: Callable[[Viewer, list[int]], Mapping[int, Waiting]]
    apart: bool = False


_waiting: dict[str, WaitingKind] = {}


def add_to_queue(kind: WaitingKind) -> None:
    """Called from the `panels.py` of each app that has something for the team to decide."""
    _waiting[kind.name] = kind


def waiting_kinds() -> list[WaitingKind]:
    return list(_waiting.values())
