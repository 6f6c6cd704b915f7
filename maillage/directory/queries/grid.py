"""Points of a map, gathered in the cells of a grid when they are too many to be sent one by one. Pure arithmetic."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log, pi, radians, tan

Box = tuple[float, float, float, float]  # west, south, east, north, in degrees
Point = tuple[int, float, float]  # id, latitude, longitude

MAX_ZOOM = 18
CELLS_PER_TILE = 3  # A tile of 256 px is cut in three: a group every 85 px, so that their discs do not overlap.


@dataclass(frozen=True, slots=True)
class Cell:
    """Several points shown as one: their number, their mean place, the box that holds them."""

    count: int
    latitude: float
    longitude: float
    box: Box


def inside(points: Iterable[Point], box: Box) -> list[Point]:
    west, south, east, north = box
    return [point for point in points if south <= point[1] <= north and west <= point[2] <= east]


def gathered(points: list[Point], zoom: int, limit: int) -> tuple[list[Point], list[Cell]]:
    """Points alone in their cell and cells of several, on a grid of `zoom`, coarser if needed to stay within `limit`."""
    zoom = max(0, min(zoom, MAX_ZOOM))
    while True:
        cells: dict[tuple[int, int], list[Point]] = {}
        side = CELLS_PER_TILE * 2**zoom
        for point in points:
            cells.setdefault(_cell(point[1], point[2], side), []).append(point)
        if len(cells) <= limit or zoom == 0:
            break
        zoom -= 1
    alone = [held[0] for held in cells.values() if len(held) == 1]
    return alone, [_as_cell(held) for held in cells.values() if len(held) > 1]


def _cell(latitude: float, longitude: float, side: int) -> tuple[int, int]:
    """Column and row in a square of `side` × `side` over the Mercator projection of the web."""
    phi = radians(max(-85.05, min(85.05, latitude)))
    x = (longitude + 180) / 360
    y = (1 - log(tan(phi / 2 + pi / 4)) / pi) / 2
    return int(x * side), int(y * side)


def _as_cell(points: list[Point]) -> Cell:
    latitudes, longitudes = [point[1] for point in points], [point[2] for point in points]
    return Cell(
        len(points),
        sum(latitudes) / len(points),
        sum(longitudes) / len(points),
        (min(longitudes), min(latitudes), max(longitudes), max(latitudes)),
    )


def box_from(text: str) -> Box | None:
    """`west,south,east,north` in degrees, or None."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    if not (-90 <= south <= north <= 90 and -180 <= west <= east <= 180):
        return None
    return west, south, east, north
