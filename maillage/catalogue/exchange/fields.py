"""The columns a resource may come from, and the recipes that know files: those shipped, one JSON file each, and our own export."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.catalogue.queries.rows import COLUMNS
from maillage.exchange.registry import ShippedRecipe, TargetField

FIELDS = [
    TargetField("identifier", gettext_lazy("Identifiant dans la source"), ("identifiant", "id", "uid"), required=True),
    TargetField(
        "title", gettext_lazy("Titre"), ("titre", "titre de la ressource", "intitule"), required=True, prose=True
    ),
    TargetField("actor", gettext_lazy("Proposée par"), ("nom de l organisme", "organisme", "structure", "acteur")),
    TargetField("fallback", gettext_lazy("Acteur de l'annuaire pour les autres organismes"), rare=True),
    TargetField(
        "kind", gettext_lazy("Nature"), ("nature", "type", "type de ressource", "types de ressources proposees")
    ),
    TargetField("summary", gettext_lazy("En une phrase"), ("resume", "chapeau", "accroche"), prose=True),
    TargetField("description", gettext_lazy("Présentation"), ("presentation", "description"), prose=True),
    TargetField("website", gettext_lazy("Adresse"), ("lien vers la ressource", "lien", "url", "site", "adresse web", "en savoir plus")),
    TargetField("themes", gettext_lazy("Thématiques"), ("thematiques", "themes", "theme"), many=True),
    TargetField("audiences", gettext_lazy("Publics"), ("public", "publics", "public cible"), many=True),
    TargetField("cycles", gettext_lazy("Niveaux scolaires"), ("niveau scolaire", "niveaux", "cycles"), many=True),
    TargetField("languages", gettext_lazy("Langues"), ("langue", "langues"), many=True, rare=True),
    TargetField("access", gettext_lazy("Accessibilité"), ("accessibilite", "handicap", "acces"), many=True, rare=True),
    TargetField("access_notes", gettext_lazy("Précisions d'accès"), ("precisions acces",), rare=True),
    TargetField("age_min", gettext_lazy("Âge minimum"), ("age min",), rare=True),
    TargetField("age_max", gettext_lazy("Âge maximum"), ("age max",), rare=True),
    TargetField("duration", gettext_lazy("Durée (minutes)"), ("duree", "duree minutes"), rare=True),
    TargetField("group_min", gettext_lazy("Groupe : au moins"), ("groupe min",), rare=True),
    TargetField("group_max", gettext_lazy("Groupe : au plus"), ("groupe max",), rare=True),
    TargetField("surface", gettext_lazy("Surface (m²)"), ("surface", "surface m2"), rare=True),
    TargetField("height", gettext_lazy("Hauteur (m)"), ("hauteur", "hauteur sous plafond"), rare=True),
    TargetField("power", gettext_lazy("Électricité"), ("electricite",), rare=True),
    TargetField("connection", gettext_lazy("Internet"), ("internet",), rare=True),
    TargetField("volume", gettext_lazy("Volume (m³)"), ("volume", "volume m3"), rare=True),
    TargetField("transport", gettext_lazy("Transport"), ("transport",), rare=True),
    TargetField("setup_minutes", gettext_lazy("Montage (minutes)"), ("montage",), rare=True),
    TargetField("people", gettext_lazy("Personnes nécessaires au montage"), rare=True),
    TargetField("safety", gettext_lazy("Consignes de sécurité"), ("securite",), rare=True),
    TargetField("price", gettext_lazy("Prix"), ("prix",), rare=True),
    TargetField("fee", gettext_lazy("Tarif (euros)"), ("tarif",), rare=True),
    TargetField("deposit", gettext_lazy("Caution (euros)"), ("caution",), rare=True),
    TargetField("conditions", gettext_lazy("Conditions"), ("conditions",), rare=True),
    TargetField("licence", gettext_lazy("Licence"), ("licence",), rare=True),
    TargetField("insee", gettext_lazy("À retirer à (code INSEE)"), ("code insee", "code commune"), rare=True),
    TargetField("pickup", gettext_lazy("Lieu de retrait"), ("retrait",), rare=True),
    TargetField("zone", gettext_lazy("Zone desservie"), ("zone",), many=True, rare=True),
]  # fmt: skip
_EXPORTED = {
    "identifier": "id", "title": "titre", "actor": "acteur", "kind": "nature", "summary": "resume", "description": "presentation",
    "website": "site", "themes": "thematiques", "audiences": "publics", "cycles": "niveaux", "languages": "langues",
    "access": "acces", "access_notes": "precisions_acces", "age_min": "age_min", "age_max": "age_max", "duration": "duree",
    "group_min": "groupe_min", "group_max": "groupe_max", "surface": "surface", "height": "hauteur", "power": "electricite",
    "connection": "internet", "volume": "volume", "transport": "transport", "setup_minutes": "montage", "people": "personnes",
    "safety": "securite", "price": "prix", "fee": "tarif", "deposit": "caution", "conditions": "conditions", "licence": "licence",
    "insee": "code_insee", "pickup": "retrait", "zone": "zone",
}  # fmt: skip
"""Field → the column of our exports that tells it. The others follow from these, or are not a list's to give: copies, pictures."""
_RECOGNISED_BY = ("id", "forme", "titre")


def shipped(target: str) -> Iterator[ShippedRecipe]:
    folder = Path(__file__).parents[1] / "data" / "recipes"
    for path in sorted(folder.glob("*.json")):
        each = json.loads(path.read_text("utf-8"))
        yield ShippedRecipe(path.stem, each["label"], target, tuple(each["columns"]), each["spec"])
    titles = {column.name: str(column.title) for column in COLUMNS}
    yield _own("catalogue-exporte", _("Catalogue exporté de Maillage"), target, titles)
    names = {name: name for name in titles}
    yield _own("catalogue-exporte-json", _("Catalogue exporté de Maillage (JSON)"), target, names)


def _own(key: str, label: str, target: str, written: dict[str, str]) -> ShippedRecipe:
    """Reads an export as it is, whose columns are `written` so; those that a person took out are done without."""
    several = {field.name for field in FIELDS if field.many}
    fields: dict[str, Any] = {
        name: {
            "columns": [written[column]],
            "optional": column not in _RECOGNISED_BY,
            "steps": [{"do": "split", "on": "|"}] if name in several else [],
        }
        for name, column in _EXPORTED.items()
    }
    spec = {"source": _("Export de Maillage"), "fields": fields}
    return ShippedRecipe(key, label, target, tuple(written[name] for name in _RECOGNISED_BY), spec)
