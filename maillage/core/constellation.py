"""The map of a network drawn as what it is: places joined to their neighbours, on the outlines known, in one light SVG.

Places are gathered in the cells of a grid, so that the drawing weighs the same for a hundred actors or a hundred
thousand; their links are the Gabriel graph (two places are joined when no third lies in the disc they span), which is
planar and connected.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from math import cos, hypot, radians, sqrt
from typing import Any

WIDTH = 640
_REACH = 4  # Cells: neighbours are looked for no further, longer links are not drawn.

Located = tuple[float, float, int]  # latitude, longitude, hue (0: none)
Node = tuple[float, float, int, int]  # x, y, number of places, hue


@dataclass(frozen=True)
class Label:
    text: Any
    x: float
    y: float
    url: str


@dataclass(frozen=True)
class Constellation:
    """Ready to draw: circles are (x, y, radius, hue); `links` and `outline` are SVG paths."""

    width: int
    height: int
    circles: list[tuple[float, float, float, int]]
    links: str
    outline: str
    labels: list[Label]


class Projection:
    """Plate carrée at the middle latitude: true enough for a region, and straight."""

    def __init__(self, points: Iterable[tuple[float, float]], margin: int = 24) -> None:
        points = list(points)
        latitudes, longitudes = [point[0] for point in points], [point[1] for point in points]
        self.north, self.west = max(latitudes), min(longitudes)
        self.flattening = cos(radians((self.north + min(latitudes)) / 2))
        self.margin = margin
        wide = max((max(longitudes) - self.west) * self.flattening, 0.05)
        tall = max(self.north - min(latitudes), 0.05)
        self.scale = min((WIDTH - 2 * margin) / wide, 1.1 * WIDTH / tall)
        self.height = round(tall * self.scale + 2 * margin)
        self.left = margin + (WIDTH - 2 * margin - wide * self.scale) / 2

    def __call__(self, latitude: float, longitude: float) -> tuple[float, float]:
        x = self.left + (longitude - self.west) * self.flattening * self.scale
        return round(x, 1), round(self.margin + (self.north - latitude) * self.scale, 1)


def gathered(points: Iterable[tuple[float, float, int]], cell: float) -> list[Node]:
    """One node for each cell that holds points, at their mean, with their number and most frequent hue."""
    cells: dict[tuple[int, int], list[tuple[float, float, int]]] = defaultdict(list)
    for x, y, hue in points:
        cells[int(x // cell), int(y // cell)].append((x, y, hue))
    nodes = []
    for key in sorted(cells):
        held = cells[key]
        hue = Counter(point[2] for point in held).most_common(1)[0][0]
        x, y = (sum(point[axis] for point in held) / len(held) for axis in (0, 1))
        nodes.append((round(x, 1), round(y, 1), len(held), hue))
    return nodes


def linked(nodes: Sequence[Node], reach: float) -> list[tuple[int, int]]:
    """Pairs of nodes nearer than `reach` between which no third one stands."""
    near: list[list[int]] = [[] for _ in nodes]
    buckets: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, (x, y, *_) in enumerate(nodes):
        buckets[int(x // reach), int(y // reach)].append(index)
    for index, (x, y, *_) in enumerate(nodes):
        for across, down in product((-1, 0, 1), repeat=2):
            for other in buckets.get((int(x // reach) + across, int(y // reach) + down), ()):
                if other != index and hypot(nodes[other][0] - x, nodes[other][1] - y) < reach:
                    near[index].append(other)
    pairs = []
    for index, others in enumerate(near):
        x, y = nodes[index][:2]
        for other in others:
            if other < index:
                continue
            middle = ((x + nodes[other][0]) / 2, (y + nodes[other][1]) / 2)
            radius = hypot(x - middle[0], y - middle[1]) - 1e-9
            if all(
                third in (index, other) or hypot(nodes[third][0] - middle[0], nodes[third][1] - middle[1]) >= radius
                for third in others
            ):
                pairs.append((index, other))
    return pairs


def _rings(geometry: dict[str, Any]) -> Iterable[list[list[float]]]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return (polygon[0] for polygon in polygons)


def corners_of(outlines: Iterable[dict[str, Any]]) -> list[tuple[float, float]]:
    """(latitude, longitude) of every corner of GeoJSON polygons: what frames a map of them."""
    return [(lat, lon) for geometry in outlines for ring in _rings(geometry) for lon, lat in ring]


def outline_path(project: Projection, outlines: Iterable[dict[str, Any]]) -> str:
    """GeoJSON polygons as one SVG path."""
    return "".join(
        "M" + "L".join(f"{x} {y}" for x, y in (project(lat, lon) for lon, lat in ring)) + "Z"
        for geometry in outlines
        for ring in _rings(geometry)
    )


def constellation(
    points: Iterable[Located],
    *,
    outlines: Sequence[dict[str, Any]] = (),
    labels: Sequence[tuple[Any, float, float, str]] = (),
    columns: int = 30,
) -> Constellation | None:
    """The drawing of located points; `outlines` are GeoJSON polygons, `labels` (text, latitude, longitude, address)."""
    frame = corners_of(outlines)
    if not frame:
        points = list(points)
        frame = [(lat, lon) for lat, lon, _ in points]
    if not frame:
        return None
    project = Projection(frame)
    cell = WIDTH / columns
    inside = ((*project(lat, lon), hue) for lat, lon, hue in points)
    nodes = gathered(((x, y, hue) for x, y, hue in inside if 0 <= x <= WIDTH and 0 <= y <= project.height), cell)
    largest = max((count for _, _, count, _ in nodes), default=1)
    circles = [(x, y, round(2.6 + 12 * sqrt(count / largest), 1), hue) for x, y, count, hue in nodes]
    links = "".join(
        f"M{nodes[one][0]} {nodes[one][1]}L{nodes[other][0]} {nodes[other][1]}"
        for one, other in linked(nodes, _REACH * cell)
    )
    placed = [Label(text, *project(lat, lon), url) for text, lat, lon, url in labels]
    circles.sort(key=lambda circle: -circle[2])
    return Constellation(WIDTH, project.height, circles, links, outline_path(project, outlines), placed)
