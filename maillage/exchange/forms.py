"""Forms of the steps of an import; the mapping, whose fields depend on the file, is read here from what was posted."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.text import whole_number
from maillage.exchange import registry
from maillage.exchange.queries.detecting import DELIMITERS, ENCODINGS, QUOTES
from maillage.exchange.queries.files import MAX_BYTES, Reading
from maillage.exchange.queries.proposing import Column
from maillage.exchange.queries.transforming import STEPS, TESTS
from maillage.exchange.registry import Target, TargetField

CONDITIONS = 3
TERMS_SHOWN = 40
KEEP, CONSTANT = "keep", "="


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Fichier"),
        help_text=gettext_lazy(
            "CSV, TSV, XLSX, XLS, ODS, JSON, GeoJSON ou iCal, jusqu'à 50 Mo. Rien n'est écrit avant votre accord."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xls,.ods,.json,.jsonl,.geojson,.ics"}),
        max_length=200,
        error_messages={"empty": gettext_lazy("Ce fichier est vide.")},
    )
    target = forms.ChoiceField(label=gettext_lazy("Ce que contient le fichier"))

    def __init__(self, *args: Any, network: Any, target_key: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(target.key, str(target.plural)) for target in registry.targets() if target.fields(network)]
        chosen = self.fields["target"]
        chosen.choices = choices  # type: ignore[attr-defined]
        if target_key in dict(choices):
            chosen.initial = target_key
        if len(choices) == 1:
            chosen.widget = forms.HiddenInput()
            chosen.initial = choices[0][0]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                _("Ce fichier dépasse 50 Mo : découpez-le, ou gardez seulement les colonnes utiles.")
            )
        return file


class ReadingForm(forms.Form):
    """What was found about the file, to be corrected."""

    encoding = forms.ChoiceField(
        label=gettext_lazy("Encodage"),
        required=False,
        help_text=gettext_lazy("À changer si des lettres accentuées sont illisibles."),
    )
    delimiter = forms.ChoiceField(
        label=gettext_lazy("Séparateur de colonnes"), choices=[*DELIMITERS.items()], required=False
    )
    quote = forms.ChoiceField(label=gettext_lazy("Guillemets"), choices=[*QUOTES.items()], required=False)
    sheet = forms.ChoiceField(label=gettext_lazy("Feuille"), required=False)
    header = forms.IntegerField(
        label=gettext_lazy("Ligne des noms de colonnes"),
        min_value=0,
        max_value=1000,
        help_text=gettext_lazy("0 si le fichier n'en a pas."),
    )

    def __init__(self, *args: Any, reading: Reading, **kwargs: Any) -> None:
        kwargs["initial"] = reading.as_json()
        super().__init__(*args, **kwargs)
        self.reading = reading
        known = {**ENCODINGS, "utf-8-sig": "UTF-8 (avec marque)"}
        known.setdefault(reading.encoding, reading.encoding)
        self.fields["encoding"].choices = [*known.items()]  # type: ignore[attr-defined]
        self.fields["sheet"].choices = [(name, name) for name in reading.sheets]  # type: ignore[attr-defined]
        if reading.kind != "csv":
            for name in ("encoding", "delimiter", "quote"):
                del self.fields[name]
        if not reading.sheets:
            del self.fields["sheet"]

    def as_reading(self) -> Reading:
        return Reading.from_json({**self.reading.as_json(), **self.cleaned_data})


TRANSFORMS: dict[str, tuple[Any, list[dict[str, Any]]]] = {
    "": (gettext_lazy("telle quelle"), []),
    "case": (gettext_lazy("rendre leurs minuscules aux capitales"), [{"do": "case"}]),
    "split:;": (gettext_lazy("séparer à chaque « ; »"), [{"do": "split", "on": ";"}]),
    "split:,": (gettext_lazy("séparer à chaque virgule"), [{"do": "split", "on": ","}]),
    "split:|": (gettext_lazy("séparer à chaque « | »"), [{"do": "split", "on": "|"}]),
    "split:/": (gettext_lazy("séparer à chaque « / »"), [{"do": "split", "on": "/"}]),
    "first:;": (gettext_lazy("garder ce qui précède le premier « ; »"), [{"do": "before", "on": ";"}]),
    "part:,:0": (gettext_lazy("prendre avant la virgule (latitude)"), [{"do": "part", "on": ",", "rank": 0}]),
    "part:,:1": (gettext_lazy("prendre après la virgule (longitude)"), [{"do": "part", "on": ",", "rank": 1}]),
}


@dataclass
class TermRow:
    name: str
    value: str
    count: int
    chosen: str


@dataclass
class MappingRow:
    """A field of the target, as the page shows it and as the post is named."""

    field: TargetField
    column: str = ""
    constant: str = ""
    transform: str = ""
    keeps: str = ""
    named: list[str] = dataclasses.field(default_factory=list)
    examples: list[str] = dataclasses.field(default_factory=list)
    choices: Sequence[tuple[str, str]] = ()
    terms: list[TermRow] = dataclasses.field(default_factory=list)

    @property
    def key(self) -> str:
        return self.field.name.replace(":", "-")

    @property
    def is_used(self) -> bool:
        return bool(self.column)


def mapping_rows(target: Target, network: Any, spec: Mapping[str, Any], columns: Sequence[Column]) -> list[MappingRow]:
    by_name = {column.name: column for column in columns}
    rows = []
    for wanted in target.fields(network):
        source = spec.get("fields", {}).get(wanted.name)
        row = MappingRow(wanted, choices=wanted.choices(network) if wanted.choices is not None else ())
        if source is not None:
            _describe(row, source, by_name, columns)
        rows.append(row)
    return rows


def _describe(
    row: MappingRow, source: Mapping[str, Any], by_name: Mapping[str, Column], columns: Sequence[Column]
) -> None:
    named, steps = [str(name) for name in source.get("columns", ())], list(source.get("steps", ()))
    row.named = named
    plain = [step for step in steps if step.get("do") != "map"]
    transform = next((key for key, (_label, made) in TRANSFORMS.items() if made == plain), None)
    simple = transform is not None and (
        (len(named) == 1 and not source.get("constant")) or (not named and not steps and source.get("constant"))
    )
    if simple and named:
        row.column = str(next((rank for rank, column in enumerate(columns) if column.name == named[0]), ""))
        row.transform = transform or ""
    elif simple:
        row.column, row.constant = CONSTANT, str(source.get("constant", ""))
    else:
        row.column = KEEP
        labels = [str(STEPS.get(step.get("do", ""), step.get("do"))) for step in steps]
        row.keeps = " · ".join([*(f"« {name} »" for name in named), *labels]) or str(source.get("constant", ""))
    column = by_name.get(named[0]) if named else None
    if column is not None:
        row.examples = column.examples
        if row.choices:
            _terms(row, column, steps)


def _terms(row: MappingRow, column: Column, steps: Sequence[Mapping[str, Any]]) -> None:
    """The values of the column, each with the term it becomes."""
    table: dict[str, Any] = next((dict(step.get("values", {})) for step in steps if step.get("do") == "map"), {})
    split = next((str(step["on"]) for step in steps if step.get("do") == "split"), "")
    values: dict[str, int] = {}
    for value, count in column.distinct.items():
        for part in value.split(split) if split else [value]:
            if part := part.strip():
                values[part] = values.get(part, 0) + count
    ranked = sorted(values.items(), key=lambda item: -item[1])[:TERMS_SHOWN]
    for rank, (value, count) in enumerate(ranked):
        chosen = table.get(value, "")
        row.terms.append(TermRow(f"{row.key}-t{rank}", value, count, chosen if isinstance(chosen, str) else "*"))


def spec_from_post(
    post: Mapping[str, str], target: Target, network: Any, spec: Mapping[str, Any], columns: Sequence[Column]
) -> dict[str, Any]:
    """The recipe that the page describes; what the page could not show is kept as it was."""
    fields: dict[str, Any] = {}
    for row in mapping_rows(target, network, spec, columns):
        choice = post.get(f"col-{row.key}", "")
        before = spec.get("fields", {}).get(row.field.name)
        if choice == KEEP and before is not None:
            fields[row.field.name] = _with_terms(dict(before), row, post)
        elif choice == CONSTANT:
            constant = post.get(f"term-{row.key}") or post.get(f"const-{row.key}", "")
            if constant.strip():
                fields[row.field.name] = {"constant": constant.strip()[:300]}
        elif (rank := _rank(choice, columns)) is not None:
            _label, steps = TRANSFORMS.get(post.get(f"how-{row.key}", ""), TRANSFORMS[""])
            made: dict[str, Any] = {"columns": [columns[rank].name], "steps": [dict(step) for step in steps]}
            if before is not None and before.get("columns") == made["columns"]:
                kept = next((dict(step) for step in before.get("steps", ()) if step.get("do") == "map"), None)
                if kept is not None:
                    made["steps"].append(kept)
            fields[row.field.name] = _with_terms(made, row, post)
    found: dict[str, Any] = {
        "source": post.get("source", str(spec.get("source", ""))).strip()[:120],
        "where": _conditions(post, spec, columns),
        "fields": fields,
        "options": _options(post, target, network, spec),
    }
    if "file" in spec:
        found["file"] = spec["file"]
    return found


def _with_terms(source: dict[str, Any], row: MappingRow, post: Mapping[str, str]) -> dict[str, Any]:
    allowed = {key for key, _label in row.choices}
    told = {term.value: post[f"val-{term.name}"] for term in row.terms if f"val-{term.name}" in post}
    told = {value: key for value, key in told.items() if key != "*" and (key == "" or key in allowed)}
    if not told:
        return source
    steps = [dict(step) for step in source.get("steps", ())]
    step = next((step for step in steps if step.get("do") == "map"), None)
    if step is None:
        step = {"do": "map", "values": {}, "otherwise": "keep"}
        steps.append(step)
    values = {**step.get("values", {}), **{value: key for value, key in told.items() if key}}
    for value, key in told.items():
        if not key:
            values.pop(value, None)
    step["values"] = values
    return {**source, "steps": steps}


def _rank(choice: str, columns: Sequence[Column]) -> int | None:
    rank = whole_number(choice)
    return rank if rank is not None and rank < len(columns) else None


def _conditions(post: Mapping[str, str], spec: Mapping[str, Any], columns: Sequence[Column]) -> list[dict[str, Any]]:
    found = []
    for rank in range(max(CONDITIONS, len(spec.get("where", ())))):
        choice, test = post.get(f"where-col-{rank}", ""), post.get(f"where-test-{rank}", "is")
        if (place := _rank(choice, columns)) is not None and test in TESTS:
            values = [value.strip() for value in post.get(f"where-val-{rank}", "").split(";") if value.strip()]
            if values or test in ("filled", "empty"):
                found.append({"column": columns[place].name, "test": test, "values": values[:200]})
    return found


def _options(post: Mapping[str, str], target: Target, network: Any, spec: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for option in target.options(network):
        value = post.get(f"opt-{option.name}", spec.get("options", {}).get(option.name, option.default))
        allowed = {str(key) for key, _label in option.choices}
        found[option.name] = value if not allowed or value in allowed else option.default
    return found
