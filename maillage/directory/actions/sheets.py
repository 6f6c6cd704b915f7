"""What is written of many actors at once (`bulk`), what came of it, and what an actor holds, in words that undo it."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from maillage.directory.actions.writing import PLAIN, RELATED
from maillage.directory.models import Actor

PLACED = ("latitude", "longitude", "position_quality", "position_score")
# What other networks that list the actor are not shown: the place in a list, the circle, the keys of a source.
OWN = {"state", "circle", "identifiers"}


@dataclass
class Sheet:
    """A record to write: `values` as for `create_actor` (`terms` and `zone` are added to those held), `actor_id` when it
    exists, `slug` the address it had where it comes from, `state` the one to be listed in when it is new (else the batch's),
    `confirmed_at` when its source last found it right."""

    values: dict[str, Any]
    identifiers: dict[str, str] = field(default_factory=dict)
    circle: int | None = None
    circle_reason: str = ""
    actor_id: int | None = None
    parent_id: int | None = None
    distinct_from: tuple[int, ...] = ()
    slug: str = ""
    state: str = ""
    circle_since: date | None = None
    confirmed_at: datetime | None = None


@dataclass
class Done:
    """What happened, or would: `changes` field → [before, after]; `kept` the fields left to who wrote them."""

    actor: Actor
    created: bool = False
    changes: dict[str, list[Any]] = field(default_factory=dict)
    provenance: dict[str, Any] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    many: dict[str, list[int]] = field(default_factory=dict)
    identifiers: dict[str, str] = field(default_factory=dict)
    lists: bool = False
    qualifies: bool = False

    @property
    def before(self) -> dict[str, Any]:
        if self.created:
            return {}
        before = {name: pair[0] for name, pair in self.changes.items()}
        return {**before, "provenance": self.provenance} if before else {}

    @property
    def after(self) -> dict[str, Any]:
        return {name: pair[1] for name, pair in self.changes.items()}

    @property
    def writes_record(self) -> bool:
        """Whether other networks see it."""
        return self.created or bool(self.changes.keys() - OWN)


def instant(at: datetime | None) -> str | None:
    """A moment as changes keep it."""
    return at.astimezone(UTC).isoformat() if at is not None else None


_BLANK = Actor()


def snapshot(actor: Actor) -> dict[str, Any]:
    """The fields of `actor` that are not empty, as JSON."""
    held: dict[str, Any] = {}
    for name in sorted(PLAIN | RELATED):
        attribute = f"{name}_id" if name in RELATED else name
        value = getattr(actor, attribute)
        if name == "image":
            value = value.name if value else ""
        if value != getattr(_BLANK, attribute) and value not in (None, ""):
            held[name] = str(value) if isinstance(value, str) else value
    return held
