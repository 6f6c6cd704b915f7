"""The recipes shipped with the program, one JSON file each in `agenda/data/recipes`."""

import json
from collections.abc import Iterator
from pathlib import Path

from maillage.exchange.registry import ShippedRecipe

FOLDER = Path(__file__).parents[1] / "data" / "recipes"


def shipped() -> Iterator[ShippedRecipe]:
    for path in sorted(FOLDER.glob("*.json")):
        told = json.loads(path.read_text("utf-8"))
        yield ShippedRecipe(path.stem, told["label"], "events", tuple(told["columns"]), told["spec"])
