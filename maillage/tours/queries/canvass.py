"""Communes to canvass: maximal covering of the people who live far from any actor."""

from math import sin
from typing import Any

from maillage.directory.models import Actor
from maillage.networks.queries import departments_of
from maillage.territories.models import Territory
from maillage.tours.engine.covering import cover, within
from maillage.tours.engine.season import EARTH_KM
from maillage.tours.models import Season
from maillage.tours.queries.stating import sphere

MOST_CANDIDATES = 400  # The most peopled of the far communes: the choice takes a second or so.
SECONDS = 15.0


def canvass(season: Season, *, halts: int, km: int) -> dict[str, Any]:
    """`halts` communes from which `km` of road reach most inhabitants of communes more than `far_km` away from any actor."""
    rows = sorted(_far(season), key=lambda row: (-row[3], row[0]))
    points = [row[2] for row in rows]
    found = cover(within(points, points[:MOST_CANDIDATES], km), [row[3] for row in rows], halts, seconds=SECONDS)
    return {
        "halts": halts, "km": km, "far_km": season.far_km, "covered": round(found.covered), "total": round(found.total),
        "gap": round(100 * found.gap, 2),
        "communes": [[rows[place][0], rows[place][1], round(rows[place][3])] for place in found.halts],
    }  # fmt: skip


def _far(season: Season) -> list[tuple[str, str, tuple[float, float], float]]:
    """Code, name, point and inhabitants of the network's communes that are far from any actor."""
    from scipy.spatial import cKDTree

    places = Territory.objects.communes().filter(department__in=[each.pk for each in departments_of(season.network)])
    columns = ("code", "name", "latitude", "longitude", "population")
    rows = [
        (code, name, (south, west), float(people or 0))
        for code, name, south, west, people in places.order_by("pk").values_list(*columns)
        if south is not None and west is not None
    ]
    held = Actor.objects.current().filter(listings__network=season.network_id, listings__state="published")
    known = held.exclude(commune__latitude=None).order_by().values_list("commune__latitude", "commune__longitude")
    points = list(known.distinct())
    if not points or not rows:
        return rows
    chords, _near = cKDTree(sphere(points)).query(sphere([row[2] for row in rows]))
    least = 2 * sin(season.far_km / (2 * EARTH_KM))
    return [row for row, chord in zip(rows, chords, strict=True) if chord >= least]
