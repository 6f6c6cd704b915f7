"""The same measures from geo.api.gouv.fr, one département at a time, where the machine has the Internet."""

import json
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from maillage.core import http
from maillage.core.errors import Refused
from maillage.core.viewer import Viewer
from maillage.territories import rules
from maillage.territories.actions.contours import import_contours
from maillage.territories.actions.importing import Imported, save_measures
from maillage.territories.models import Release, Territory
from maillage.territories.signals import territories_changed

_API = "https://geo.api.gouv.fr/departements/{code}/communes"
_TITLE = "API Découpage administratif (geo.api.gouv.fr)"
_POLICY = http.Policy(seconds=60.0, max_bytes=60_000_000)


def fetch_territories(*, by: Viewer, departments: list[str], contours: bool = False) -> Imported:
    """Positions and surfaces of the communes of `departments` (all when empty), and their contours when asked."""
    rules.may_load(by).require()
    known = Territory.objects.departments().order_by("code")
    codes = list((known.filter(code__in=departments) if departments else known).values_list("code", flat=True))
    if not codes:
        raise Refused(_("Aucun de ces départements n'est connu : chargez d'abord les territoires."), status=400)
    total = Imported(found=["latitude", "longitude", "surface_km2", *(["contours"] if contours else [])])
    for code in codes:
        rows = measures(_read(f"{_API.format(code=code)}?fields=code,centre,surface&format=json"))
        outlines = _read(f"{_API.format(code=code)}?fields=code&format=geojson&geometry=contour") if contours else b""
        with transaction.atomic():
            total.lines += len(rows)
            total.changed += save_measures(rows)
            if outlines:
                total.unknown += import_contours(outlines, _TITLE).unknown
            Release.objects.update_or_create(
                key="geo-api",
                defaults={
                    "title": _TITLE,
                    "publisher": "Etalab, IGN, Insee",
                    "licence": "Licence Ouverte 2.0",
                    "url": "https://geo.api.gouv.fr/decoupage-administratif",
                },
            )
            transaction.on_commit(lambda: territories_changed.send(sender=Territory))
    return total


def _read(url: str) -> bytes:
    try:
        return http.fetch(url, accept="application/json", policy=_POLICY).body
    except http.Unreachable as error:
        raise Refused(_("geo.api.gouv.fr n'a pas répondu ; ce qui était déjà lu est gardé."), status=502) from error


def measures(body: bytes) -> dict[str, dict[str, Any]]:
    """The answer of the API by INSEE code; it gives surfaces in hectares and points as [longitude, latitude]."""
    try:
        rows = json.loads(body)
    except ValueError as error:
        raise Refused(_("La réponse de geo.api.gouv.fr est illisible."), status=502) from error
    found: dict[str, dict[str, Any]] = {}
    for row in rows if isinstance(rows, list) else []:
        if not isinstance(row, dict) or not isinstance(row.get("code"), str):
            continue
        values: dict[str, Any] = {}
        point = (row.get("centre") or {}).get("coordinates") or []
        if len(point) == 2 and all(isinstance(part, int | float) for part in point):
            values |= {"longitude": float(point[0]), "latitude": float(point[1])}
        if isinstance(row.get("surface"), int | float):
            values["surface_km2"] = round(row["surface"] / 100, 4)
        found[row["code"]] = values
    return found
