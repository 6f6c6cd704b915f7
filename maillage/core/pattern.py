"""The mesh drawn in place of a missing picture: one large drawing per hue, of which each object shows its own window.

A list of twenty-four cards thus costs one request per hue, kept for ever by the browser. Everything is decided by the
hue and the seed: the same object always has the same picture.
"""

from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from itertools import product
from random import Random

from maillage.core.colour import from_oklch

VERSION = 1
WIDTH, HEIGHT = 1680, 1320
WINDOW = (480, 240)
_STEP = 70

# Hue angles of the eight families, those of `--hue-1` … `--hue-8` in css/foundation.css.
ANGLES = {1: 262, 2: 25, 3: 150, 4: 75, 5: 320, 6: 205, 7: 350, 8: 115}

Cell = tuple[int, int]
Point = tuple[int, int]


def window(seed: str) -> str:
    """The `svgView` fragment of an object's own window on the drawing."""
    digest = sha256(seed.encode()).digest()
    x = int.from_bytes(digest[:4], "big") % (WIDTH - WINDOW[0])
    y = int.from_bytes(digest[4:8], "big") % (HEIGHT - WINDOW[1])
    return f"svgView(viewBox({x},{y},{WINDOW[0]},{WINDOW[1]}))"


def _nodes(random: Random) -> dict[Cell, Point]:
    """Points of a shaken hexagonal grid, some of them left out so that the mesh breathes."""
    nodes = {}
    for row, column in product(range(-1, HEIGHT // _STEP + 2), range(-1, WIDTH // _STEP + 2)):
        shift = _STEP / 2 if row % 2 else 0
        x = column * _STEP + shift + (random.random() - 0.5) * _STEP * 0.62
        y = row * _STEP * 0.9 + (random.random() - 0.5) * _STEP * 0.62
        if random.random() > 0.16:
            nodes[row, column] = (round(x), round(y))
    return nodes


def _links(nodes: dict[Cell, Point], random: Random) -> Iterator[tuple[Point, Point]]:
    """Links to the neighbours at the right and below: chosen on the grid's triangles, they never cross."""
    for (row, column), point in nodes.items():
        lean = column + (row % 2)
        for neighbour, chance in (((row, column + 1), 0.6), ((row + 1, lean), 0.6), ((row + 1, lean - 1), 0.52)):
            if random.random() < chance and neighbour in nodes:
                yield point, nodes[neighbour]


def _circles(points: list[tuple[Point, int]], paint: str) -> str:
    return f"<g {paint}>" + "".join(f'<circle cx="{x}" cy="{y}" r="{r}"/>' for (x, y), r in points) + "</g>"


@lru_cache(maxsize=8)
def drawing(hue: int) -> str:
    """The whole drawing of a hue (1 to 8), about 30 kB."""
    random = Random(f"maillage {VERSION} {hue}")  # noqa: S311 - a drawing, always the same
    angle = ANGLES[hue]
    ground, haze, thread = (from_oklch(*tone, angle) for tone in ((0.925, 0.05), (0.875, 0.075), (0.64, 0.12)))
    deep, bright, pale = (from_oklch(*tone, angle) for tone in ((0.46, 0.14), (0.68, 0.15), (0.985, 0.012)))
    nodes = _nodes(random)
    lines = "".join(f"M{a[0]} {a[1]}L{b[0]} {b[1]}" for a, b in _links(nodes, random))
    hazes: list[tuple[Point, int]] = []
    groups: dict[str, list[tuple[Point, int]]] = {
        "deep": [],
        "halo": [],
        "bright": [],
        "ring": [],
        "pale": [],
        "dot": [],
    }
    for point in nodes.values():
        draw, size = random.random(), random.random()
        if draw < 0.055:
            groups["deep"].append((point, 14 + round(size * 12)))
            groups["halo"].append((point, 24 + round(size * 14)))
        elif draw < 0.15:
            groups["bright"].append((point, 9 + round(size * 8)))
        elif draw < 0.3:
            groups["ring"].append((point, 6 + round(size * 6)))
        elif draw < 0.45:
            groups["pale"].append((point, 4 + round(size * 4)))
        else:
            groups["dot"].append((point, 2 + round(size * 2)))
        if random.random() < 0.07:
            hazes.append((point, 60 + round(random.random() * 80)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="xMidYMid slice">'
        f'<path fill="{ground}" d="M0 0h{WIDTH}v{HEIGHT}H0z"/>'
        + _circles(hazes, f'fill="{haze}" fill-opacity=".75"')
        + f'<path d="{lines}" fill="none" stroke="{thread}" stroke-width="1.8" stroke-linecap="round"/>'
        + _circles(groups["halo"], f'fill="none" stroke="{thread}" stroke-width="1.4"')
        + _circles(groups["ring"], f'fill="{ground}" stroke="{deep}" stroke-width="2.6"')
        + _circles(groups["bright"], f'fill="{bright}"')
        + _circles(groups["deep"], f'fill="{deep}"')
        + _circles(groups["dot"], f'fill="{deep}"')
        + _circles(groups["pale"], f'fill="{pale}" stroke="{thread}" stroke-width="2"')
        + "</svg>"
    )
