"""From the cells of a line to the values of a target's fields, as a recipe says. See `registry` for the shape of a spec."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.text import folded
from maillage.exchange.queries.casing import lowered
from maillage.exchange.registry import Text

Cells = Sequence[str]
Test = Callable[[Cells], bool]

TESTS = {
    "is": gettext_lazy("est l'une de ces valeurs"),
    "is_not": gettext_lazy("n'est aucune de ces valeurs"),
    "contains": gettext_lazy("contient l'un de ces textes"),
    "lacks": gettext_lazy("ne contient aucun de ces textes"),
    "starts": gettext_lazy("commence par l'un de ces textes"),
    "filled": gettext_lazy("est remplie"),
    "empty": gettext_lazy("est vide"),
}
STEPS = {
    "case": gettext_lazy("rendre leurs minuscules aux noms en capitales"),
    "capital": gettext_lazy("mettre une capitale au début"),
    "split": gettext_lazy("séparer en plusieurs valeurs"),
    "part": gettext_lazy("prendre un morceau"),
    "first": gettext_lazy("garder la première valeur"),
    "keep": gettext_lazy("garder les valeurs qui contiennent un texte"),
    "drop": gettext_lazy("ôter les valeurs qui contiennent un texte"),
    "map": gettext_lazy("traduire par un vocabulaire"),
    "rules": gettext_lazy("choisir selon d'autres colonnes"),
    "strip": gettext_lazy("ôter des caractères au bord"),
    "replace": gettext_lazy("remplacer un texte"),
    "before": gettext_lazy("couper à partir d'un texte"),
    "prefix": gettext_lazy("mettre un texte devant"),
}


class Unfit(Exception):
    """The recipe cannot read this file: `columns` are missing, or a step is not understood."""

    def __init__(self, sentence: str, columns: Sequence[str] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.columns = list(columns)


@dataclass
class Transformer:
    """A recipe made ready for the columns of one file."""

    wanted: Test
    makers: dict[str, Callable[[Cells], Text]]
    sources: dict[str, list[str]]
    width: int

    def values(self, cells: Cells) -> dict[str, Text]:
        return {name: value for name, maker in self.makers.items() if (value := maker(cells))}


def transformer(spec: Mapping[str, Any], columns: Sequence[str]) -> Transformer:
    """`Unfit` when the spec names columns that the file has not, `optional` ones aside."""
    index = _Index(columns)
    wanted = _all([_condition(condition, index) for condition in spec.get("where", ())])
    makers, sources = {}, {}
    for name, source in spec.get("fields", {}).items():
        if source.get("optional") and not index.has(source.get("columns", ())):
            continue
        makers[name] = _maker(source, index)
        sources[name] = [str(column) for column in source.get("columns", ())]
    if index.missing:
        names = ", ".join(f"« {name} »" for name in index.missing)
        raise Unfit(_("Colonnes attendues par la recette et absentes du fichier : %s") % names, index.missing)
    return Transformer(wanted, makers, sources, len(columns))


class _Index:
    """Position of a column by its name, small differences of writing aside."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.exact = {name: position for position, name in enumerate(columns)}
        self.folded = {folded(name): position for position, name in reversed(list(enumerate(columns)))}
        self.missing: list[str] = []

    def has(self, names: Sequence[str]) -> bool:
        return all(name in self.exact or folded(name) in self.folded for name in names)

    def of(self, name: str) -> int:
        position = self.exact.get(name, self.folded.get(folded(name)))
        if position is None:
            if name not in self.missing:
                self.missing.append(name)
            return -1
        return position


def _at(cells: Cells, position: int) -> str:
    return cells[position] if position < len(cells) else ""


def _all(tests: Sequence[Test]) -> Test:
    if not tests:
        return lambda cells: True
    return lambda cells: all(test(cells) for test in tests)


def _condition(condition: Mapping[str, Any], index: _Index) -> Test:
    position = index.of(str(condition.get("column", "")))
    values = [folded(str(value)) for value in condition.get("values", ())]
    known = set(values)
    match condition.get("test", "is"):
        case "is":
            return lambda cells: folded(_at(cells, position)) in known
        case "is_not":
            return lambda cells: folded(_at(cells, position)) not in known
        case "contains":
            return lambda cells: any(value in folded(_at(cells, position)) for value in values)
        case "lacks":
            return lambda cells: not any(value in folded(_at(cells, position)) for value in values)
        case "starts":
            return lambda cells: folded(_at(cells, position)).startswith(tuple(values))
        case "filled":
            return lambda cells: bool(_at(cells, position))
        case "empty":
            return lambda cells: not _at(cells, position)
        case other:
            raise Unfit(_("Condition inconnue : %s") % other)


def _maker(source: Mapping[str, Any], index: _Index) -> Callable[[Cells], Text]:
    positions = [index.of(str(column)) for column in source.get("columns", ())]
    constant, join = str(source.get("constant", "")), str(source.get("join", " "))
    steps = [_step(step, index) for step in source.get("steps", ())]

    def make(cells: Cells) -> Text:
        if not positions:
            value: Text = constant
        elif len(positions) == 1:
            value = _at(cells, positions[0])
        else:
            value = join.join(part for part in (_at(cells, position) for position in positions) if part)
        for step in steps:
            value = step(value, cells)
        if positions and not value and constant:
            return constant
        return value

    return make


def _each(change: Callable[[str], str]) -> Callable[[Text, Cells], Text]:
    def apply(value: Text, cells: Cells) -> Text:
        if isinstance(value, str):
            return change(value).strip()
        return [changed for item in value if (changed := change(item).strip())]

    return apply


def _many(value: Text) -> list[str]:
    return ([value] if value else []) if isinstance(value, str) else value


def _step(step: Mapping[str, Any], index: _Index) -> Callable[[Text, Cells], Text]:  # noqa: C901 (a flat list of steps)
    on = str(step.get("on", ""))
    match step.get("do"):
        case "case":
            return _each(lowered)
        case "capital":
            return _each(lambda text: text[:1].upper() + text[1:])
        case "split" if on:
            return lambda value, cells: [
                part for item in _many(value) for part in map(str.strip, item.split(on)) if part
            ]
        case "part" if on:
            rank = int(step.get("rank", 0))
            return _each(lambda text: _nth(text.split(on), rank))
        case "first":
            return lambda value, cells: next(iter(_many(value)), "")
        case "keep":
            texts = [folded(str(text)) for text in step.get("values", ())]
            return lambda value, cells: [item for item in _many(value) if any(text in folded(item) for text in texts)]
        case "drop":
            texts = [folded(str(text)) for text in step.get("values", ())]
            return lambda value, cells: [
                item for item in _many(value) if not any(text in folded(item) for text in texts)
            ]
        case "strip":
            return _each(lambda text: text.strip(on + " "))
        case "replace" if on:
            by = str(step.get("by", ""))
            return _each(lambda text: text.replace(on, by))
        case "before" if on:
            return _each(lambda text: text.split(on)[0])
        case "prefix":
            return _each(lambda text: on + text if text and not text.startswith(on) else text)
        case "map":
            return _mapped(step)
        case "rules":
            return _ruled(step, index)
        case other:
            raise Unfit(_("Étape inconnue ou incomplète : %s") % other)


def _nth(parts: list[str], rank: int) -> str:
    return parts[rank] if -len(parts) <= rank < len(parts) else ""


def _mapped(step: Mapping[str, Any]) -> Callable[[Text, Cells], Text]:
    """Values become others, one or several; `otherwise` is "keep" (the default), "drop", or `=value`."""
    table = {folded(str(key)): _many(value) for key, value in step.get("values", {}).items()}
    otherwise = str(step.get("otherwise", "keep"))

    def one(text: str) -> list[str]:
        found = table.get(folded(text))
        if found is not None:
            return found
        if otherwise.startswith("="):
            return [otherwise[1:]]
        return [] if otherwise == "drop" else [text]

    def apply(value: Text, cells: Cells) -> Text:
        if isinstance(value, str):
            if not value and not otherwise.startswith("="):
                return ""
            found = one(value)
            return found[0] if len(found) == 1 else found
        return list(dict.fromkeys(changed for item in value for changed in one(item)))

    return apply


def _ruled(step: Mapping[str, Any], index: _Index) -> Callable[[Text, Cells], Text]:
    """The value of the first rule whose conditions hold, else `otherwise`, else the value itself."""
    rules = [
        (_all([_condition(condition, index) for condition in rule.get("where", ())]), rule.get("value", ""))
        for rule in step.get("rules", ())
    ]
    otherwise = step.get("otherwise")

    def apply(value: Text, cells: Cells) -> Text:
        for holds, given in rules:
            if holds(cells):
                return given
        return value if otherwise is None else otherwise

    return apply
