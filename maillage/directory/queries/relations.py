"""What merging two sheets would do to all that points to the one that goes: read, not written."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import ForeignObjectRel, Q, QuerySet, UniqueConstraint, Value

from maillage.directory.models import Actor
from maillage.directory.queries.following import OWN
from maillage.directory.registry.relations import Relation, Values, follow, relation_of

for own in OWN:
    follow(own)


@dataclass(frozen=True)
class Fate:
    """What becomes of a row: it takes `values`, or leaves (None), `held` of the kept sheet then taking `settled`."""

    row: Any
    values: Values | None
    held: Any = None
    settled: Values | None = None


@dataclass(frozen=True)
class Planned:
    """The rows that point to an actor by one field of one model: keys of those that follow as they are, fates of the rest."""

    model: type[models.Model]
    field: str
    relation: Relation
    follow: list[int]
    fates: list[Fate]

    @property
    def name(self) -> str:
        return name_of(self.model, self.field)

    @property
    def moved(self) -> int:
        return len(self.follow) + sum(fate.values is not None for fate in self.fates)

    @property
    def left(self) -> int:
        return sum(fate.values is None for fate in self.fates)


@dataclass(frozen=True)
class Told:
    """How many rows follow and how many do not, as one network is told: what is another's is not counted."""

    relation: Relation
    moved: int
    left: int


def told_to(network_id: int | None, plans: list[Planned]) -> list[Told]:
    found = []
    for plan in plans:
        moved, left = plan.moved, plan.left
        if any(field.name == "network" for field in plan.model._meta.concrete_fields):
            rows: QuerySet[Any] = QuerySet(plan.model)
            ours = [fate for fate in plan.fates if fate.row.network_id == network_id]
            moved = rows.filter(pk__in=plan.follow, network=network_id).count() if plan.follow else 0
            moved += sum(fate.values is not None for fate in ours)
            left = sum(fate.values is None for fate in ours)
        if plan.relation.is_told and (moved or left):
            found.append(Told(plan.relation, moved, left))
    return found


def ancestors(actor: Actor) -> list[int]:
    """Ids of what a sheet is a branch of, the nearest first; a loop is followed once."""
    found: list[int] = []
    above = actor.parent_id
    while above is not None and above not in found:
        found.append(above)
        above = Actor.objects.filter(pk=above).values_list("parent_id", flat=True).first()
    return found


def name_of(model: type[models.Model], field: str) -> str:
    return f"{model._meta.label}.{field}"


def pointing_to_actors() -> list[tuple[type[models.Model], str]]:
    """Every (model, field) whose rows point to an actor, but for the actor's own lists (terms, zone)."""
    own = {field.remote_field.through for field in Actor._meta.many_to_many}
    found: list[tuple[type[models.Model], str]] = []
    for each in Actor._meta.get_fields(include_hidden=True):
        if isinstance(each, ForeignObjectRel) and (each.one_to_many or each.one_to_one):
            model: Any = each.related_model
            if model not in own:
                found.append((model, each.field.name))
    return sorted(found, key=lambda pair: name_of(*pair))


def column_of(model: type[models.Model], field: str) -> str:
    """The column of a field: that of its key for a link."""
    found: Any = model._meta.get_field(field)
    return str(found.attname)


def uniques(model: type[models.Model]) -> Iterator[tuple[tuple[str, ...], Q | None]]:
    """The sets of columns that two rows may not share, each with the condition that narrows it to some rows."""
    for field in model._meta.concrete_fields:
        if field.unique and not field.primary_key:
            yield (field.attname,), None
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and constraint.fields:
            names = tuple(column_of(model, name) for name in constraint.fields)
            yield names, constraint.condition
    for together in model._meta.unique_together:
        yield tuple(column_of(model, name) for name in together), None


def may_clash(model: type[models.Model], field: str) -> bool:
    column = column_of(model, field)
    return any(column in columns for columns, _condition in uniques(model))


def planned(kept: Actor, gone: Actor) -> list[Planned]:
    """One for each (model, field) that points to `gone`."""
    found = []
    for model, field in pointing_to_actors():
        rows: QuerySet[Any] = QuerySet(model).filter(**{field: gone.pk}).order_by("pk")
        if model is Actor:  # What the kept sheet says itself is chosen field by field.
            rows = rows.exclude(pk=kept.pk)
        relation = relation_of(name_of(model, field)) or Relation("", model._meta.verbose_name_plural)
        if relation.rewrite is None and not may_clash(model, field):
            keys, fates = list(rows.values_list("pk", flat=True)), []
        else:
            keys, fates = [], [_fate(row, field, relation, gone.pk, kept.pk) for row in rows]
        if keys or fates:
            found.append(Planned(model, field, relation, keys, fates))
    return found


def _fate(row: Any, field: str, relation: Relation, gone: int, kept: int) -> Fate:
    column = column_of(type(row), field)
    values = {column: kept} if relation.rewrite is None else relation.rewrite(row, field, gone, kept)
    if values is None:
        return Fate(row, None)
    held = _held(row, values)
    return Fate(row, values) if held is None else Fate(row, None, held, relation.settle(row, held))


def _held(row: Any, values: Values) -> Any:
    """The row that has already what this one may not share, once it takes `values`."""
    after = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields} | values
    for columns, condition in uniques(type(row)):
        if not values.keys() & set(columns) or any(after[column] is None for column in columns):
            continue
        if condition is not None and not condition.check(_told(type(row), after, condition)):
            continue
        others: QuerySet[Any] = (
            QuerySet(type(row)).filter(**{column: after[column] for column in columns}).exclude(pk=row.pk)
        )
        if (held := others.filter(condition or Q()).first()) is not None:
            return held
    return None


def _told(model: type[models.Model], after: Values, condition: Q) -> Values:
    """What a condition looks at, by the names that it uses."""
    fields: dict[str, Any] = {name: model._meta.get_field(name) for name in condition.referenced_base_fields}
    return {name: Value(after[field.attname], output_field=field) for name, field in fields.items()}
