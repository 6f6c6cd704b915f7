"""What « Chiffres clés » draws: the départements shaded by how many actors they have for their inhabitants."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format

from maillage.core.constellation import WIDTH, Projection
from maillage.core.figures import Row
from maillage.territories.models import Contour

SHADES = 4


@dataclass(frozen=True)
class Area:
    """A territory drawn: `shade` from 1 (least) to `SHADES`, 0 when the rate is unknown; (x, y) is the place of its name."""

    row: Row
    path: str
    shade: int
    x: float
    y: float


@dataclass(frozen=True)
class AreaMap:
    """`legend` gives for each shade the least and the greatest rate, written."""

    width: int
    height: int
    areas: list[Area]
    legend: list[tuple[int, str, str]]


def department_map(rows: Sequence[Row]) -> AreaMap | None:
    """The map of `figures.by_department`; None as long as no outline is known."""
    known = Contour.objects.filter(territory__kind="department", territory__code__in=[row.code for row in rows])
    shapes = {code: list(_rings(geometry)) for code, geometry in known.values_list("territory__code", "geometry")}
    drawn = [row for row in rows if row.code in shapes]
    if not drawn:
        return None
    project = Projection((lat, lon) for rings in shapes.values() for ring in rings for lon, lat in ring)
    shades = shades_of([row.rate for row in drawn])
    areas = []
    for row, shade in zip(drawn, shades, strict=True):
        rings = [[project(lat, lon) for lon, lat in ring] for ring in shapes[row.code]]
        path = "".join("M" + "L".join(f"{x} {y}" for x, y in ring) + "Z" for ring in rings)
        areas.append(Area(row, path, shade, *_middle(max(rings, key=len))))
    return AreaMap(WIDTH, project.height, areas, _legend(areas))


def shades_of(rates: Sequence[float | None]) -> list[int]:
    """As many territories in each shade as can be; equal rates share one."""
    known = sorted({rate for rate in rates if rate is not None})
    return [0 if rate is None else 1 + SHADES * known.index(rate) // len(known) for rate in rates]


def _legend(areas: Iterable[Area]) -> list[tuple[int, str, str]]:
    by_shade: dict[int, list[float]] = {}
    for area in areas:
        if area.row.rate is not None:
            by_shade.setdefault(area.shade, []).append(area.row.rate)
    return [
        (shade, number_format(min(rates), 1), number_format(max(rates), 1)) for shade, rates in sorted(by_shade.items())
    ]


def _rings(geometry: dict[str, Any]) -> Iterable[list[list[float]]]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return (polygon[0] for polygon in polygons)


def _middle(ring: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The centre of mass of a ring: its corners would pull it to where the outline is most detailed."""
    area = x = y = 0.0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x1 * y2 - x2 * y1
        area, x, y = area + cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross
    return (round(x / (3 * area), 1), round(y / (3 * area), 1)) if area else ring[0]
