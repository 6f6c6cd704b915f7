"""Outlines of départements drawn from where their communes are: for maps without official contours.

Each département is the union of the Voronoi cells of its surely placed communes, cut where no commune is near (sea,
border), then simplified together so that neighbours keep their common line.
"""

from math import cos, radians
from typing import Any

import shapely
from shapely.geometry import MultiPoint, Point, mapping
from shapely.ops import unary_union

_REACH = 0.16  # Degrees of latitude around a commune that are still land.
_TOLERANCE = 0.03


def outlines(lines: list[list[Any]]) -> dict[str, dict[str, Any]]:
    """Département → GeoJSON geometry, from the lines of communes of the shipped file."""
    placed: dict[str, list[tuple[float, float]]] = {}
    for _code, _name, department, _epci, _people, _postal, latitude, longitude, origin in lines:
        if origin == "g" or (origin == "e" and len(department) == 3):
            placed.setdefault(department, []).append((longitude, latitude))
    mainland = {code: points for code, points in placed.items() if len(code) == 2}
    found = _coverage(mainland)
    for code, points in placed.items():
        if len(code) == 3:
            shape = unary_union([Point(point).buffer(0.12) for point in points]).buffer(0.1).buffer(-0.1)
            found[code] = shape.simplify(0.02)
    return {code: _rounded(found[code]) for code in sorted(found)}


def _coverage(placed: dict[str, list[tuple[float, float]]]) -> dict[str, Any]:
    """Longitudes are shrunk to the scale of latitudes at 46.5° N while distances matter."""
    scale = cos(radians(46.5))
    points = {code: [(x * scale, y) for x, y in those] for code, those in placed.items()}
    owner = {point: code for code, those in points.items() for point in those}
    everything = MultiPoint(list(owner))
    cells = shapely.voronoi_polygons(everything, ordered=True)
    land = unary_union([Point(point).buffer(_REACH) for point in owner]).buffer(0.12).buffer(-0.2)
    by_department: dict[str, list[Any]] = {}
    for point, cell in zip(everything.geoms, cells.geoms, strict=True):
        by_department.setdefault(owner[point.x, point.y], []).append(cell)
    codes = sorted(by_department)
    whole = [unary_union(by_department[code]).intersection(land) for code in codes]
    simple = shapely.coverage_simplify([_without_crumbs(shape) for shape in whole], _TOLERANCE)
    return {
        code: shapely.transform(shape, lambda xy: xy / [scale, 1]) for code, shape in zip(codes, simple, strict=True)
    }


def _without_crumbs(shape: Any) -> Any:
    """The parts that matter: an isolated cell of a neighbour is a homonym or an estimate gone astray."""
    parts = getattr(shape, "geoms", [shape])
    largest = max(part.area for part in parts)
    return unary_union([part for part in parts if part.area > largest / 40])


def _rounded(shape: Any) -> dict[str, Any]:
    return mapping(shapely.set_precision(shape, 0.001))
