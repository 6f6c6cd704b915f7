"""What points to an actor, and what becomes of it when two sheets are made one.

Every row that points to the sheet that goes follows to the one that stays; nothing need be declared for that but its
name. An app whose rows may be there once only (one membership for an actor and a person) says here what becomes of two:
the tests refuse a model that does not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Values = dict[str, Any]


@dataclass(frozen=True)
class Relation:
    """`name` is "app.Model.field", `label` what its rows are, in the plural.

    `rewrite(row, field, gone, kept)` gives the columns that a row takes (ids for keys), None where it has no more sense;
    without it, the row follows. Where the kept sheet has such a row already, `rule` says what becomes of the two: the one
    that stays takes the columns of `settle(row, held)`, the other is kept with what undoes the merging.
    """

    name: str
    label: Any
    rule: Any = ""
    settle: Callable[[Any, Any], Values] = lambda row, held: {}
    rewrite: Callable[[Any, str, int, int], Values | None] | None = None
    is_told: bool = True


_relations: dict[str, Relation] = {}


def follow(relation: Relation) -> None:
    """Called from the registry of the app that has the model."""
    _relations[relation.name.lower()] = relation


def relation_of(name: str) -> Relation | None:
    return _relations.get(name.lower())
