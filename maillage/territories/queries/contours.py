"""Base maps: the contours of a kind of territory in a place, as GeoJSON, under an address that changes with them."""

import hashlib
from typing import Any

from django.db.models import F, Max, Q, QuerySet
from django.urls import reverse

from maillage.territories.enums import TerritoryKind
from maillage.territories.models import Contour, Release, Territory

_SHAPE = 3  # Of the answer: browsers keep it for ever, so another shape is another version.
_TOWNS = 6000  # All those of a région; of France, those that have a name on such a map.
_SIZES = (2_000, 20_000)  # Inhabitants from which a commune is shown as a town, as a city.
_SCOPES = {"region": TerritoryKind.REGION, "departement": TerritoryKind.DEPARTMENT, "epci": TerritoryKind.EPCI}


def contours_version() -> str:
    """Changes whenever territories or contours are loaded."""
    loaded = Release.objects.aggregate(at=Max("loaded_at"))["at"]
    return hashlib.sha256(f"{_SHAPE} {loaded}".encode()).hexdigest()[:10]


def contours_url(kind: str, scope: str = "france") -> str:
    """The address of the contours of `kind` in `scope`: "france", "region-76", "departement-31" or "epci-200067940".

    Several scopes are joined by `+`, as a perimeter needs. Answers are kept for ever by browsers.
    """
    return f"{reverse('territories:contours', args=[kind, scope])}?v={contours_version()}"


def contours_of(kind: str, scope: str) -> QuerySet[Contour] | None:
    """The contours of `kind` within `scope`; None when the scope is unknown."""
    contours = Contour.objects.filter(territory__kind=kind).select_related("territory").order_by("territory__code")
    places = _places(scope)
    if places is None:
        return None
    if not places:
        return contours
    inside = Q()
    for place in places:
        if place.kind == kind:
            inside |= Q(territory=place)
        elif (place.kind, kind) == (TerritoryKind.EPCI, TerritoryKind.DEPARTMENT):
            inside |= Q(territory=place.department_id)  # The smallest outline around it.
        else:
            inside |= Q(**{f"territory__{place.kind}": place})
    return contours.filter(inside)


def towns_of(scope: str) -> list[list[Any]]:
    """Communes of `scope`, the most peopled first: name, latitude, longitude, size (2: city, 1: town, 0: village).

    Without tiles nor fine contours they are what makes a map readable: dots under the points, names as one comes near.
    """
    communes = Territory.objects.communes()
    if places := _places(scope):
        inside = Q()
        for place in places:
            inside |= Q(**{place.kind: place})
        communes = communes.filter(inside)
    rows = communes.order_by(F("population").desc(nulls_last=True), "code")
    found = rows.values_list("name", "latitude", "longitude", "population")[:_TOWNS]
    return [
        [name, round(latitude, 3), round(longitude, 3), sum((people or 0) >= least for least in _SIZES)]
        for name, latitude, longitude, people in found
        if latitude is not None and longitude is not None
    ]


def _places(scope: str) -> list[Territory] | None:
    """The territories that `scope` names; none for France, None when one is unknown."""
    if scope == "france":
        return []
    found = []
    for part in scope.split("+")[:40]:
        name, dash, code = part.partition("-")
        place = Territory.objects.filter(kind=_SCOPES.get(name, ""), code=code.upper()).first() if dash else None
        if place is None:
            return None
        found.append(place)
    return found


def feature_collection(contours: QuerySet[Contour], towns: list[list[Any]]) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "towns": towns,
        "features": [
            {
                "type": "Feature",
                "properties": {"code": contour.territory.code, "name": contour.territory.name},
                "geometry": contour.geometry,
            }
            for contour in contours
        ],
    }
