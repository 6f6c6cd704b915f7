"""A season read for the planner (`engine`): its calendar without the days when the copy is taken, and the requests that it may serve."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import inf
from typing import Any

from maillage.catalogue.models import Component, Hold
from maillage.directory.models import Actor
from maillage.tours.engine.season import Limits, Request, Weights, crow_km
from maillage.tours.engine.season import Season as Stated
from maillage.tours.engine.season import Stop as Stay
from maillage.tours.models import HostRequest, Season, Stop
from maillage.tours.queries.halves import bounds, days_of


@dataclass(frozen=True)
class Statement:
    """`rows` are the requests in the order of those of `season`; `stays` the stops of the tour as it is, in its calendar."""

    season: Stated
    rows: tuple[HostRequest, ...]
    stays: tuple[Stay, ...]

    def index(self, request: HostRequest) -> int:
        return next(place for place, row in enumerate(self.rows) if row.pk == request.pk)

    def slot(self, day: date) -> int | None:
        """The place of a day in the calendar of the tour; None when it is not worked."""
        place = bisect_left(self.season.days, day)
        return place if place < len(self.season.days) and self.season.days[place] == day else None

    def dates(self, stay: Stay) -> tuple[date, date, date]:
        """Set-up, opening, last day."""
        request, days = self.season.requests[stay.request], self.season.days
        return days[stay.start], days[stay.start + request.set_up], days[stay.start + request.length - 1]


def statement(season: Season) -> Statement:
    """Six queries whatever the number of requests."""
    rows = tuple(season.requests.candidates().for_rows().order_by("pk"))
    blocked = _taken(season)
    days = tuple(day for day in season.working_days if day not in blocked)
    base = season.base
    requests = tuple(_request(season, row) for row in rows)
    slots = {day: slot for slot, day in enumerate(days)}
    stays, fixed = [], []
    for place, row in enumerate(rows):
        stop: Stop | None = getattr(row, "stop", None)
        if stop is None or (slot := slots.get(stop.first_on)) is None or slot + requests[place].length > len(days):
            continue
        stays.append(Stay(slot, place))
        if stop.is_fixed:
            fixed.append(stays[-1])
    stated = Stated(
        (base.latitude or 0.0, base.longitude or 0.0), days, requests, _weights(season), _limits(season), blocked,
        tuple(sorted(fixed)),
    )  # fmt: skip
    return Statement(stated, rows, tuple(sorted(stays)))


def _request(season: Season, row: HostRequest) -> Request:
    windows = tuple((window.first_on, window.last_on) for window in row.windows.all())
    whole = ((season.first_on, season.last_on),)
    place = row.commune
    return Request(
        row.pk, (place.latitude or 0.0, place.longitude or 0.0), row.days, windows or whole, row.people,
        row.remoteness or 0.0, season.set_up, row.actor_id,
    )  # fmt: skip


def _limits(season: Season) -> Limits:
    return Limits(
        move_km=season.move_km or inf,
        day_km=season.day_km,
        road_km=season.road_km,
        stops=season.most_stops,
        per_host=season.per_host,
        idle_days=season.idle_days,
        break_days=season.break_days,
    )


def _weights(season: Season) -> Weights:
    return Weights(season.far_km, season.far_bonus / 100, season.people_per_100_km)


def _taken(season: Season) -> frozenset[date]:
    """Days when the copy, or what lies in it, is held by something else than this tour."""
    first, last = bounds(season.first_on, season.last_on)
    copies = [season.copy_id, *Component.objects.filter(kit=season.copy_id).values_list("part", flat=True)]
    holds = Hold.objects.filter(copy__in=copies, first__lte=last, last__gte=first)
    rows = holds.exclude(booking__tour_stop__season=season).order_by().values_list("first", "last")
    return frozenset(day for begins, ends in rows for day in days_of(max(begins, first), min(ends, last)))


def remoteness_of(rows: Sequence[HostRequest]) -> dict[int, float]:
    """By request, the kilometres between its commune and the nearest other actor of the network: one query."""
    import numpy as np
    from scipy.spatial import cKDTree

    if not rows:
        return {}
    network = rows[0].season.network_id
    places = Actor.objects.current().filter(listings__network=network, listings__state="published")
    held = list(
        places.exclude(commune=None).order_by("pk").values_list("pk", "commune__latitude", "commune__longitude")
    )
    known = [(pk, (south, west)) for pk, south, west in held if south is not None and west is not None]
    if not known:
        return {}
    points = [point for _pk, point in known]
    tree = cKDTree(sphere(np.array(points)))
    found = {}
    for row in rows:
        point = (row.commune.latitude or 0.0, row.commune.longitude or 0.0)
        _distances, near = tree.query(sphere(np.array([point]))[0], k=min(2, len(known)))
        others = [place for place in np.atleast_1d(near) if known[place][0] != row.actor_id]
        found[row.pk] = crow_km(point, points[others[0]]) if others else 0.0
    return found


def sphere(points: Any) -> Any:
    """Points in degrees on the unit sphere, one a row."""
    import numpy as np

    south, west = np.radians(points).T
    return np.column_stack([np.cos(south) * np.cos(west), np.cos(south) * np.sin(west), np.sin(south)])
