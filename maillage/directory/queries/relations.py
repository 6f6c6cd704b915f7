"""What merging two sheets would do to all that points to the one that goes: read, not written."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import QuerySet

from maillage.core.following import Planned, name_of, plan
from maillage.directory.models import Actor
from maillage.directory.queries.following import OWN
from maillage.directory.registry.relations import Relation, follow, relation_of

for own in OWN:
    follow(own)


@dataclass(frozen=True)
class Told:
    """How many rows follow and how many do not, as one network is told: what is another's is not counted."""

    relation: Relation
    moved: int
    left: int


def told_to(network_id: int | None, plans: list[Planned]) -> list[Told]:
    found = []
    for each in plans:
        moved, left = each.moved, each.left
        if any(field.name == "network" for field in each.model._meta.concrete_fields):
            rows: QuerySet[Any] = QuerySet(each.model)
            ours = [fate for fate in each.fates if fate.row.network_id == network_id]
            moved = rows.filter(pk__in=each.follow, network=network_id).count() if each.follow else 0
            moved += sum(fate.values is not None for fate in ours)
            left = sum(fate.values is None for fate in ours)
        if each.relation.is_told and (moved or left):
            found.append(Told(each.relation, moved, left))
    return found


def ancestors(actor: Actor) -> list[int]:
    """Ids of what a sheet is a branch of, the nearest first; a loop is followed once."""
    found: list[int] = []
    above = actor.parent_id
    while above is not None and above not in found:
        found.append(above)
        above = Actor.objects.filter(pk=above).values_list("parent_id", flat=True).first()
    return found


def planned(kept: Actor, gone: Actor) -> list[Planned]:
    """One for each (model, field) that points to `gone`."""
    return plan(Actor, kept=kept.pk, gone=gone.pk, relation_of=_relation)


def _relation(model: type[models.Model], field: str) -> Relation:
    return relation_of(name_of(model, field)) or Relation("", model._meta.verbose_name_plural)
