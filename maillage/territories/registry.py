"""How names of territories are compared, and the shipped file of France."""

import gzip
import json
from pathlib import Path
from typing import Any

from maillage.core.text import folded

DATA = Path(__file__).parent / "data"
_ABBREVIATED = {"saint": "st", "sainte": "ste", "saints": "sts", "saintes": "stes", "lez": "les"}
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


_TYPED = {
    "s": "sur",
    "ss": "sous",
    "sr": "sur",
    "mt": "mont",
    "ht": "haut",
    "hte": "haute",
    "gd": "grand",
    "gde": "grande",
}


def typed_key(text: str) -> str:
    """`name_key` of what a person or a postal label writes: the usual abbreviations opened."""
    words = name_key(text).split()
    return " ".join(_TYPED.get(word, word) if rank else word for rank, word in enumerate(words))


def shipped(name: str) -> dict[str, Any]:
    """The content of a compressed JSON file of the package."""
    with gzip.open(DATA / f"{name}.json.gz", "rt", encoding="utf-8") as stream:
        found: dict[str, Any] = json.load(stream)
    return found
