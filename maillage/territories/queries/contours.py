"""Base maps: the contours of a kind of territory in a place, as GeoJSON, under an address that changes with them."""

import hashlib
from typing import Any

from django.db.models import Max, QuerySet
from django.urls import reverse

from maillage.territories.enums import TerritoryKind
from maillage.territories.models import Contour, Release, Territory

_SCOPES = {"region": TerritoryKind.REGION, "departement": TerritoryKind.DEPARTMENT, "epci": TerritoryKind.EPCI}


def contours_version() -> str:
    """Changes whenever territories or contours are loaded."""
    loaded = Release.objects.aggregate(at=Max("loaded_at"))["at"]
    return hashlib.sha256(str(loaded).encode()).hexdigest()[:10]


def contours_url(kind: str, scope: str = "france") -> str:
    """The address of the contours of `kind` in `scope`: "france", "region-76", "departement-31" or "epci-200067940".

    Several scopes are joined by `+`, as a perimeter needs. Answers are kept for ever by browsers.
    """
    return f"{reverse('territories:contours', args=[kind, scope])}?v={contours_version()}"


def contours_of(kind: str, scope: str) -> QuerySet[Contour] | None:
    """The contours of `kind` within `scope`; None when the scope is unknown."""
    contours = Contour.objects.filter(territory__kind=kind).select_related("territory").order_by("territory__code")
    if scope == "france":
        return contours
    found: QuerySet[Contour] | None = None
    for part in scope.split("+")[:40]:
        name, dash, code = part.partition("-")
        place = Territory.objects.filter(kind=_SCOPES.get(name, ""), code=code.upper()).first() if dash else None
        if place is None:
            return None
        inside = (
            contours.filter(territory=place)
            if place.kind == kind
            else contours.filter(**{f"territory__{place.kind}": place})
        )
        found = inside if found is None else found | inside
    return found


def feature_collection(contours: QuerySet[Contour]) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"code": contour.territory.code, "name": contour.territory.name},
                "geometry": contour.geometry,
            }
            for contour in contours
        ],
    }
