"""What the network did with an actor, whatever app it comes from: each app says here what it adds to the history of the
relation."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from maillage.core.viewer import Viewer


@dataclass(frozen=True)
class Dealing:
    """A line of the history of a relation: when, what, and where it is read. `person` is who did it for the network."""

    at: datetime
    title: Any
    detail: str = ""
    url: str = ""
    person: str = ""


@dataclass(frozen=True)
class DealingKind:
    """`lines(viewer, actor, before, limit)` gives at most `limit` lines strictly older than `before` (None: the newest),
    newest first, in a bounded number of queries."""

    name: str
    label: Any
    icon: str
    lines: Callable[[Viewer, Any, datetime | None, int], list[Dealing]]


_kinds: dict[str, DealingKind] = {}


def add_dealings(kind: DealingKind) -> None:
    """Called from the `panels.py` of each app that deals with actors."""
    _kinds[kind.name] = kind


def dealing_kinds() -> list[DealingKind]:
    return list(_kinds.values())
