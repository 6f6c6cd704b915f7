"""Contours: the official ones, simplified, and those drawn from where communes are when there are none."""

import json
from typing import Any

from django.utils.translation import gettext as _

from maillage.core.errors import Refused
from maillage.territories.actions.importing import Imported
from maillage.territories.enums import TerritoryKind
from maillage.territories.models import Contour, Territory
from maillage.territories.registry import shipped

DRAWN = "dessiné d'après les communes"
_TOLERANCE = {
    TerritoryKind.COMMUNE: 0.0008,
    TerritoryKind.EPCI: 0.002,
    TerritoryKind.DEPARTMENT: 0.004,
    TerritoryKind.REGION: 0.006,
}


def load_drawn() -> int:
    """The outlines of départements and régions drawn at build time, where no official contour is; how many there are."""
    import shapely
    from shapely.geometry import mapping, shape

    data = shipped("outlines")["departments"]
    departments = {row.code: row for row in Territory.objects.departments().select_related("region")}
    by_region: dict[Territory, list[Any]] = {}
    drawn = []
    for code, geometry in data.items():
        if department := departments.get(code):
            drawn.append(Contour(territory=department, geometry=geometry, source=DRAWN))
            if department.region:
                by_region.setdefault(department.region, []).append(shape(geometry))
    for region, shapes in by_region.items():
        whole = shapely.union_all([each.buffer(0.002) for each in shapes]).buffer(-0.002).simplify(0.005)
        drawn.append(Contour(territory=region, geometry=_rounded(mapping(whole)), source=DRAWN))
    Contour.objects.filter(source=DRAWN).delete()
    official = set(Contour.objects.values_list("territory_id", flat=True))
    Contour.objects.bulk_create([each for each in drawn if each.territory_id not in official])
    return len(drawn)


def import_contours(content: bytes, title: str) -> Imported:
    """The features of a GeoJSON collection whose `code` is that of a territory; their kind is guessed from the codes."""
    features = _features(content)
    codes = [str(_properties(feature).get("code") or _properties(feature).get("insee") or "") for feature in features]
    kind = _kind_of(codes)
    territories = {row.code: row for row in Territory.objects.filter(kind=kind, code__in=codes)}
    imported = Imported(lines=len(features), found=[TerritoryKind(kind).value])
    known: dict[str, Any] = {}
    for rank, (code, feature) in enumerate(zip(codes, features, strict=True), start=1):
        if code in territories:
            known[code] = _shape(feature.get("geometry"), rank)
        else:
            imported.unknown.append(code)
    simple = _simplified(list(known.values()), _TOLERANCE[kind])
    Contour.objects.filter(territory__in=[territories[code] for code in known]).delete()
    Contour.objects.bulk_create(
        [
            Contour(territory=territories[code], geometry=geometry, source=title[:200])
            for code, geometry in zip(known, simple, strict=True)
        ],
        batch_size=500,
    )
    _measure(territories, features, codes)
    imported.changed = len(known)
    return imported


def _features(content: bytes) -> list[dict[str, Any]]:
    """A hostile file may nest without end: depth is checked before anything walks it."""
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Refused(_("Ce fichier n'est pas un GeoJSON lisible."), status=400) from error
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list) or not all(isinstance(feature, dict) for feature in features):
        raise Refused(_("Ce fichier n'est pas une collection GeoJSON (« FeatureCollection »)."), status=400)
    return features


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    properties = feature.get("properties")
    return properties if isinstance(properties, dict) else {}


def _kind_of(codes: list[str]) -> TerritoryKind:
    """The kind of which most codes are known; régions and départements share some, so the better name wins."""
    best = max(TerritoryKind, key=lambda kind: Territory.objects.filter(kind=kind, code__in=codes[:2000]).count())
    if best == TerritoryKind.REGION and len(codes) > 1:
        departments = Territory.objects.departments().filter(code__in=codes).count()
        regions = Territory.objects.regions().filter(code__in=codes).count()
        return TerritoryKind.DEPARTMENT if departments >= regions else best
    return best


def _shape(geometry: Any, rank: int) -> Any:
    import shapely
    from shapely.geometry import shape

    sentence = _("Objet %(rank)s : ce contour n'est pas un polygone lisible.") % {"rank": rank}
    if not isinstance(geometry, dict) or geometry.get("type") not in {"Polygon", "MultiPolygon"}:
        raise Refused(sentence, status=400)
    try:
        read = shape(geometry)
    except (
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        RecursionError,
        shapely.GEOSException,
    ) as error:
        raise Refused(sentence, status=400) from error
    west, south, east, north = read.bounds if not read.is_empty else (999.0,) * 4
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Refused(_("Objet %(rank)s : ce contour n'est pas en degrés (WGS 84).") % {"rank": rank}, status=400)
    return read if read.is_valid else shapely.make_valid(read)


def _simplified(shapes: list[Any], tolerance: float) -> list[dict[str, Any]]:
    """Simplified together, so that neighbours keep a common line; one by one when they do not tile the plane."""
    import shapely
    from shapely.geometry import mapping

    polygons = [_polygonal(each) for each in shapes]
    try:
        simple = list(shapely.coverage_simplify(polygons, tolerance)) if polygons else []
    except shapely.GEOSException:
        simple = [each.simplify(tolerance) for each in polygons]
    kept = [new if not new.is_empty else old for new, old in zip(simple, polygons, strict=True)]
    return [_rounded(mapping(each)) for each in kept]


def _polygonal(read: Any) -> Any:
    """What `make_valid` gives may hold lines: only surfaces are kept."""
    import shapely

    if read.geom_type != "GeometryCollection":
        return read
    return shapely.union_all([part for part in read.geoms if part.geom_type.endswith("Polygon")])


def _rounded(geometry: Any) -> dict[str, Any]:
    def cut(value: Any) -> Any:
        return round(value, 4) if isinstance(value, float) else [cut(each) for each in value]

    return {"type": geometry["type"], "coordinates": cut(geometry["coordinates"])}


def _measure(territories: dict[str, Territory], features: list[dict[str, Any]], codes: list[str]) -> None:
    """The surface that comes with a contour."""
    changed = []
    for code, feature in zip(codes, features, strict=True):
        surface = _properties(feature).get("surface_km2")
        territory = territories.get(code)
        if territory and isinstance(surface, int | float) and 0 < surface < 1e6:
            territory.surface_km2 = float(surface)
            changed.append(territory)
    Territory.objects.bulk_create(
        changed, batch_size=2000, update_conflicts=True, unique_fields=["kind", "code"], update_fields=["surface_km2"]
    )
