"""Proposing which column fills which field, from its name and from what it holds; recognising the file of a recipe."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz

from maillage.core.text import folded
from maillage.exchange.models import Recipe
from maillage.exchange.queries.casing import is_shouted
from maillage.exchange.registry import ShippedRecipe, Target, TargetField, shipped_recipes

PAIR = re.compile(r"\s*[-+]?\d{1,3}[.]\d+\s*[,;]\s*[-+]?\d{1,3}[.]\d+\s*")
_ENOUGH = 0.55


@dataclass
class Column:
    """What a column holds, on a sample of the file."""

    name: str
    samples: list[str] = field(default_factory=list)
    distinct: Counter[str] = field(default_factory=Counter)

    @property
    def examples(self) -> list[str]:
        return [value for value, _count in self.distinct.most_common(3)]

    def share(self, pattern: re.Pattern[str]) -> float:
        return (
            sum(bool(pattern.fullmatch(value)) for value in self.samples) / len(self.samples) if self.samples else 0.0
        )


def columns_of(names: Sequence[str], sample: Sequence[Sequence[str]]) -> list[Column]:
    columns = [Column(name) for name in names]
    for cells in sample:
        for column, cell in zip(columns, cells, strict=False):
            if cell:
                column.samples.append(cell)
                column.distinct[cell[:120]] += 1
    return columns


def name_likeness(name: str, wanted: TargetField) -> float:
    """1 for a known name, less for a name that holds or resembles one."""
    here = folded(name)
    best = 0.0
    for known in (*wanted.synonyms, folded(str(wanted.label)), wanted.name.replace("_", " ")):
        if here == known:
            return 1.0
        if len(known) > 3 and re.search(rf"\b{re.escape(known)}\b", here):
            best = max(best, 0.6 + 0.3 * len(known) / max(len(here), 1))
        else:
            best = max(best, (fuzz.ratio(here, known) / 100 - 0.25) if len(known) > 4 else 0.0)
    return best


def propose(target: Target, network: Any, columns: Sequence[Column]) -> dict[str, Any]:
    """A spec with the likeliest column of each field: the best pairs first, a column used once."""
    fields = target.fields(network)
    scored = []
    for wanted in fields:
        pattern = re.compile(wanted.looks) if wanted.looks else None
        for column in columns:
            named = name_likeness(column.name, wanted)
            held = column.share(pattern) if pattern is not None else None
            if held is None:
                score = named
            elif not column.samples:
                score = named * 0.8
            else:
                # A name that agrees is believed unless the contents deny it; contents alone need to be nearly all right.
                score = named * 0.6 + held * 0.5 if named >= 0.5 else (0.6 if held >= 0.9 and wanted.telling else 0.0)
                if held < 0.2:
                    score *= 0.4
            if score >= _ENOUGH:
                scored.append((score, wanted, column))
    scored.sort(key=lambda item: -item[0])
    chosen: dict[str, dict[str, Any]] = {}
    used: set[str] = set()
    for _score, wanted, column in scored:
        if wanted.name not in chosen and column.name not in used:
            chosen[wanted.name] = _source(wanted, column, network)
            used.add(column.name)
    _pairs(fields, columns, chosen)
    return {"fields": {wanted.name: chosen[wanted.name] for wanted in fields if wanted.name in chosen}}


def _source(wanted: TargetField, column: Column, network: Any) -> dict[str, Any]:
    steps: list[dict[str, Any]] = []
    if wanted.many:
        marks = ("|", ";", " / ")
        separator = next((mark for mark in marks if sum(mark in text for text in column.samples) > 2), marks[0])
        steps.append({"do": "split", "on": separator})
    if wanted.choices is not None:
        steps.append({"do": "map", "values": vocabulary_guess(wanted, column, network), "otherwise": "keep"})
    elif wanted.prose and column.samples and sum(map(is_shouted, column.samples)) > len(column.samples) / 3:
        steps.append({"do": "case"})
    return {"columns": [column.name], **({"steps": steps} if steps else {})}


def vocabulary_guess(wanted: TargetField, column: Column, network: Any) -> dict[str, str]:
    """The values that are, or nearly are, the label of a choice."""
    choices = [(key, folded(label)) for key, label in wanted.choices(network)] if wanted.choices is not None else []
    found = {}
    for value, _count in column.distinct.most_common(200):
        here = folded(value)
        for key, label in choices:
            if here in (label, folded(key)) or (len(here) > 4 and fuzz.token_sort_ratio(here, label) >= 88):
                found[value] = key
                break
    return found


def _pairs(fields: Sequence[TargetField], columns: Sequence[Column], chosen: dict[str, dict[str, Any]]) -> None:
    """« 43.6, 3.87 » in one column fills two fields; also when names led elsewhere."""
    halves = [wanted for wanted in fields if wanted.half is not None]
    if not halves or all(wanted.name in chosen for wanted in halves):
        return
    for column in columns:
        if column.samples and column.share(PAIR) >= 0.8:
            for wanted in halves:
                separator = "," if "," in column.samples[0] else ";"
                chosen[wanted.name] = {
                    "columns": [column.name],
                    "steps": [{"do": "part", "on": separator, "rank": wanted.half}],
                }
            return


@dataclass(frozen=True)
class KnownRecipe:
    """A recipe of either kind, as the pages choose among them."""

    key: str
    label: str
    target: str
    spec: Mapping[str, Any]
    columns: tuple[str, ...]
    shipped: bool


def known_recipes(network: Any) -> list[KnownRecipe]:
    own = [
        KnownRecipe(f"own:{recipe.pk}", recipe.name, recipe.target, recipe.spec, columns_used(recipe.spec), False)
        for recipe in Recipe.objects.filter(network=network)
    ]
    return own + [_shipped(recipe) for recipe in shipped_recipes()]


def _shipped(recipe: ShippedRecipe) -> KnownRecipe:
    return KnownRecipe(recipe.key, recipe.label, recipe.target, recipe.spec, recipe.columns, True)


def columns_used(spec: Mapping[str, Any]) -> tuple[str, ...]:
    sources = [source for source in spec.get("fields", {}).values() if not source.get("optional")]
    names = [str(column) for source in sources for column in source.get("columns", ())]
    names += [str(condition.get("column", "")) for condition in spec.get("where", ())]
    return tuple(dict.fromkeys(names))


def recognised(network: Any, names: Sequence[str], target: str) -> KnownRecipe | None:
    """The recipe all of whose columns are in the file; the network's own before a shipped one, then the most telling."""
    here = {folded(name) for name in names}
    fitting = [
        recipe
        for recipe in known_recipes(network)
        if recipe.target == target and recipe.columns and {folded(column) for column in recipe.columns} <= here
    ]
    return max(fitting, key=lambda recipe: (not recipe.shipped, len(recipe.columns)), default=None)
