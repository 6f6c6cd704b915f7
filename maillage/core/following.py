"""What points to a row that another one takes over, and what becomes of it: found from the models, planned, then written.

Everything that points to the row that goes follows to the one that stays. Rows that may be there once only say what becomes
of two, by a `Relation` that their app registers: `directory` does so for sheets, `accounts` for people.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import ForeignObjectRel, Q, QuerySet, UniqueConstraint, Value

Values = dict[str, Any]


@dataclass(frozen=True)
class Relation:
    """`name` is "app.Model.field", `label` what its rows are, in the plural.

    `rewrite(row, field, gone, kept)` gives the columns that a row takes (ids for keys), None where it has no more sense;
    without it, the row follows. Where the kept one has such a row already, `rule` says what becomes of the two: the one
    that stays takes the columns of `settle(row, held)`, the other is kept with what undoes the merging. `stays`: its rows
    keep pointing to what goes.
    """

    name: str
    label: Any
    rule: Any = ""
    settle: Callable[[Any, Any], Values] = lambda row, held: {}
    rewrite: Callable[[Any, str, int, int], Values | None] | None = None
    is_told: bool = True
    stays: bool = False


@dataclass(frozen=True)
class Fate:
    """What becomes of a row: it takes `values`, or leaves (None), `held` of the kept one then taking `settled`."""

    row: Any
    values: Values | None
    held: Any = None
    settled: Values | None = None


@dataclass(frozen=True)
class Planned:
    """The rows that point to what goes by one field of one model: keys of those that follow as they are, fates of the rest."""

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


def name_of(model: type[models.Model], field: str) -> str:
    return f"{model._meta.label}.{field}"


def pointing_to(target: type[models.Model]) -> list[tuple[type[models.Model], str]]:
    """Every (model, field) whose rows point to a row of `target`, but for its own lists."""
    own = {field.remote_field.through for field in target._meta.many_to_many}
    found: list[tuple[type[models.Model], str]] = []
    for each in target._meta.get_fields(include_hidden=True):
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


def plan(
    target: type[models.Model], *, kept: int, gone: int, relation_of: Callable[[type[models.Model], str], Relation]
) -> list[Planned]:
    """One for each (model, field) with rows that point to `gone`."""
    found = []
    for model, field in pointing_to(target):
        relation = relation_of(model, field)
        if relation.stays:
            continue
        rows: QuerySet[Any] = QuerySet(model).filter(**{field: gone}).order_by("pk")
        if model is target:  # What the kept one says itself is not a row that follows.
            rows = rows.exclude(pk=kept)
        if relation.rewrite is None and not may_clash(model, field):
            keys, fates = list(rows.values_list("pk", flat=True)), []
        else:
            keys, fates = [], [_fate(row, field, relation, gone, kept) for row in rows]
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
