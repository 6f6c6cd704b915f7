"""What points to an actor, and what becomes of it when two sheets are made one.

Every row that points to the sheet that goes follows to the one that stays; nothing need be declared for that but its
name. An app whose rows may be there once only (one membership for an actor and a person) says here what becomes of two:
the tests refuse a model that does not.
"""

from maillage.core.following import Relation, Values

__all__ = ["Relation", "Values", "follow", "relation_of"]

_relations: dict[str, Relation] = {}


def follow(relation: Relation) -> None:
    """Called from the registry of the app that has the model."""
    _relations[relation.name.lower()] = relation


def relation_of(name: str) -> Relation | None:
    return _relations.get(name.lower())
