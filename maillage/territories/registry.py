"""How names of territories are compared, and the shipped file of France."""

import gzip
import json
from pathlib import Path
from typing import Any

from maillage.core.text import folded

DATA = Path(__file__).parent / "data"
_ABBREVIATED = {"saint": "st", "sainte": "ste", "saints": "sts", "saintes": "stes"}
_ARTICLES = {"l", "le", "la", "les"}
ATTRIBUTIONS: list[dict[str, str]] = [
    {
        "key": "decoupage",
        "title": "Découpage administratif (communes, intercommunalités, départements, régions, codes postaux, populations)",
        "publisher": "Insee, DGCL, La Poste, Etalab",
        "licence": "Licence Ouverte 2.0",
        "url": "https://github.com/datagouv/decoupage-administratif",
    },
    {
        "key": "geonames",
        "title": "Coordonnées des lieux habités",
        "publisher": "GeoNames",
        "licence": "CC BY 4.0",
        "url": "https://www.geonames.org/",
    },
]


def name_key(name: str) -> str:
    """The form in which names of territories are compared: folded, leading article dropped, « saint » abbreviated."""
    words = folded(name).split()
    if len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    return " ".join(_ABBREVIATED.get(word, word) for word in words)


def shipped(name: str) -> dict[str, Any]:
    """The content of a compressed JSON file of the package."""
    with gzip.open(DATA / f"{name}.json.gz", "rt", encoding="utf-8") as stream:
        found: dict[str, Any] = json.load(stream)
    return found
