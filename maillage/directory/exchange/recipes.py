"""The recipes shipped with the program, one JSON file each in `directory/data/recipes`, and that of our own exports."""

import json
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from maillage.directory.exchange.fields import FIELDS
from maillage.exchange.registry import ShippedRecipe

FOLDER = Path(__file__).parents[1] / "data" / "recipes"


_RECOGNISED_BY = ("name", "slug")


def shipped() -> Iterator[ShippedRecipe]:
    yield whole_sheets()
    for path in sorted(FOLDER.glob("*.json")):
        told = json.loads(path.read_text("utf-8"))
        yield ShippedRecipe(
            path.stem, told["label"], told.get("target", "actors"), tuple(told["columns"]), told["spec"]
        )


def whole_sheets() -> ShippedRecipe:
    """Reads what `outgoing` writes, as it is; columns taken out by a person are done without."""
    fields = {
        field.name: {
            "columns": [str(field.label)],
            "optional": field.name not in _RECOGNISED_BY,
            "steps": [{"do": "split", "on": "|"}] if field.many or field.name == "identifier" else [],
        }
        for field in FIELDS
    }
    spec = {
        "source": _("Export de Maillage"),
        "fields": fields,
        "options": {"state": "draft", "perimeter": "all", "overwrite": "all", "scheme": "maillage"},
    }
    recognised = tuple(str(field.label) for field in FIELDS if field.name in _RECOGNISED_BY)
    return ShippedRecipe("fiches-completes", _("Fiches complètes exportées de Maillage"), "actors", recognised, spec)
