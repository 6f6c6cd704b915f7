"""What is where: copies that are out, by commune of their borrower. For those who lend them and the team alone."""

from dataclasses import dataclass, field
from typing import Any

from maillage.core.viewer import Viewer
from maillage.directory.queries.base_map import frame_of
from maillage.loans.models import LoanUnit
from maillage.loans.queries.board import loans_of
from maillage.territories.models import Territory

MOST = 1000


@dataclass
class Place:
    """A commune (None: nobody said where) and the copies that are there."""

    commune: Territory | None
    units: list[LoanUnit] = field(default_factory=list)


def places(viewer: Viewer) -> list[Place]:
    """In one query, however many are out; where it is used, else where its borrower is."""
    units = LoanUnit.objects.away().filter(loan__in=loans_of(viewer).away().values("pk"))
    rows = units.select_related(
        "copy", "loan__resource__actor", "loan__actor__commune", "loan__contact", "loan__commune"
    ).order_by("loan__last", "loan", "copy__label")[:MOST]
    found: dict[int | None, Place] = {}
    for unit in rows:
        commune = unit.loan.commune or (unit.loan.actor.commune if unit.loan.actor else None)
        found.setdefault(commune.pk if commune else None, Place(commune)).units.append(unit)
    return sorted(
        found.values(), key=lambda place: (place.commune is None, place.commune.name if place.commune else "")
    )


def features(found: list[Place], words: Any) -> dict[str, Any]:
    """As points (GeoJSON), each leading to its part of the list; `words(place)` is its name."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [place.commune.longitude, place.commune.latitude]},
                "properties": {"name": words(place), "url": f"#lieu-{place.commune.code}", "hue": 1, "shape": "circle"},
            }
            for place in found
            if place.commune is not None and place.commune.latitude is not None
        ],
    }


def frame(found: list[Place]) -> str:
    points = [
        (place.commune.latitude, place.commune.longitude)
        for place in found
        if place.commune is not None and place.commune.latitude is not None and place.commune.longitude is not None
    ]
    return frame_of(points)
