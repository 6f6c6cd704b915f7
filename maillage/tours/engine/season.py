"""A season stated for the planner: who asks, when the resource works, what a stop is worth and what the road costs.

Slots are positions in the calendar of working days (or half-days, or weeks: the planner only knows their order and dates).
"""

from bisect import bisect_left
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from math import asin, ceil, cos, inf, radians, sin, sqrt

EARTH_KM = 6371.0088
DETOUR = 1.3  # Roads are about 1.3 times as long as the great circle; said wherever kilometres are shown.
BASE = -1  # The place of the base where a request's index is expected.

Point = tuple[float, float]


@dataclass(frozen=True)
class Request:
    """`windows` are the dates (both included) when the host may receive, set-up days included."""

    key: Hashable
    point: Point
    days: int
    windows: tuple[tuple[date, date], ...]
    people: float
    remoteness: float = 0.0  # Kilometres from the nearest known actor.
    set_up: int = 0
    host: Hashable = None

    @property
    def length(self) -> int:
        return self.days + self.set_up


@dataclass(frozen=True)
class Weights:
    """How people, blank areas and road are put on one scale, that of people received.

    A person met where the nearest actor is `far_km` away or more counts `1 + far_bonus`, in proportion nearer; 100 km of road
    cost `people_per_100_km`.
    """

    far_km: float = 20.0
    far_bonus: float = 1.0
    people_per_100_km: float = 20.0

    def worth(self, request: Request) -> float:
        remote = min(request.remoteness / self.far_km, 1.0) if self.far_km > 0 else 1.0
        return request.people * (1 + self.far_bonus * remote)


@dataclass(frozen=True)
class Limits:
    """`day_km` is what is driven before set-up on the day itself: a longer move needs free slots between two stops.

    After more than `idle_days` days without a stop the resource has gone back to its base; a stay may hold closed days, but not
    more than `break_days` in a row. None: no limit.
    """

    move_km: float = inf
    day_km: float = 250.0
    road_km: float | None = None
    stops: int | None = None
    per_host: int | None = None
    idle_days: int = 4
    break_days: int = 3


@dataclass(frozen=True, order=True)
class Stop:
    """`start` is the first slot of the stay (its set-up), `request` the index of the request."""

    start: int
    request: int


@dataclass(frozen=True)
class Leg:
    """A way between two stops: `home` when it passes by the base."""

    km: float
    home: bool


def crow_km(one: Point, other: Point) -> float:
    """Great-circle kilometres (haversine)."""
    south, west, north, east = (radians(value) for value in (*one, *other))
    chord = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(chord)))


@dataclass(frozen=True)
class Season:
    """`days` are the working slots in order (a date twice for half-days). `blocked` are dates when someone else has the resource,
    which must then be at its base. `roads` gives road kilometres between all places, the base first; otherwise they are guessed
    from the great circle. `fixed` are stops that stay where they are.
    """

    base: Point
    days: tuple[date, ...]
    requests: tuple[Request, ...]
    weights: Weights = Weights()
    limits: Limits = Limits()
    blocked: frozenset[date] = frozenset()
    fixed: tuple[Stop, ...] = ()
    roads: Sequence[Sequence[float]] | None = field(default=None, repr=False)

    @cached_property
    def km(self) -> list[list[float]]:
        """Road kilometres; the base is last, so that BASE finds it."""
        if self.roads is not None:
            order = [*range(1, len(self.requests) + 1), 0]
            return [[float(self.roads[one][other]) for other in order] for one in order]
        points = [*(request.point for request in self.requests), self.base]
        return [[DETOUR * crow_km(one, other) for other in points] for one in points]

    @cached_property
    def drives(self) -> list[list[int]]:
        """Free slots that each move needs."""
        day = self.limits.day_km
        return [[max(0, ceil(km / day) - 1) if day > 0 else 0 for km in line] for line in self.km]

    @cached_property
    def worths(self) -> list[float]:
        return [self.weights.worth(request) for request in self.requests]

    @property
    def km_cost(self) -> float:
        return self.weights.people_per_100_km / 100

    @cached_property
    def ordinals(self) -> list[int]:
        return [day.toordinal() for day in self.days]

    @cached_property
    def blocks(self) -> list[int]:
        """Slots just before which the resource is with someone else."""
        taken = sorted(day.toordinal() for day in self.blocked)
        found = []
        for slot in range(1, len(self.days)):
            place = bisect_left(taken, self.ordinals[slot - 1] + 1)
            if place < len(taken) and taken[place] < self.ordinals[slot]:
                found.append(slot)
        return found

    @cached_property
    def _blocks_before(self) -> list[int]:
        """How many blocks lie at or before each slot."""
        blocks, counts, seen = set(self.blocks), [], 0
        for slot in range(len(self.days) + 1):
            seen += slot in blocks
            counts.append(seen)
        return counts

    def blocked_between(self, first: int, last: int) -> bool:
        """Whether a block lies just before one of the slots `first`…`last` (both included)."""
        counts = self._blocks_before
        return last >= first and counts[min(last, len(self.days))] > (counts[first - 1] if first > 0 else 0)

    def end(self, stop: Stop) -> int:
        """The slot after the stay."""
        return stop.start + self.requests[stop.request].length

    @cached_property
    def offered(self) -> list[list[int]]:
        """For each request, the first slots of the stays that its windows and the calendar allow."""
        return [self._starts(request) for request in self.requests]

    @cached_property
    def starts(self) -> list[list[int]]:
        """For each request, where the planner may put it: a fixed stop stays where it is, even outside its windows."""
        held = {stop.request: [stop.start] for stop in self.fixed}
        return [held.get(request, starts) for request, starts in enumerate(self.offered)]

    def _starts(self, request: Request) -> list[int]:
        found: set[int] = set()
        for opening, closing in request.windows:
            first, last = bisect_left(self.days, opening), bisect_left(self.days, closing)
            while last < len(self.days) and self.days[last] <= closing:
                last += 1
            found.update(
                start for start in range(first, last - request.length + 1) if self.unbroken(start, request.length)
            )
        return sorted(found)

    def unbroken(self, start: int, length: int) -> bool:
        """Whether a stay holds neither a block nor a closure longer than allowed."""
        inside = range(start + 1, start + length)
        if any(self.ordinals[slot] - self.ordinals[slot - 1] - 1 > self.limits.break_days for slot in inside):
            return False
        return not self.blocked_between(start + 1, start + length - 1)

    def idle(self, end: int, start: int) -> int:
        """Days of the calendar without the resource anywhere, between the slot before `end` and `start`."""
        return max(0, self.ordinals[start] - self.ordinals[end - 1] - 1)

    def back_at(self, request: int, end: int) -> int | None:
        """The first slot when the resource, gone home after a stay, may leave again; None when it cannot go home.

        A stay at the base lasts at least a slot or a closed day.
        """
        drive = self.drives[request][BASE]
        if self.km[request][BASE] > self.limits.move_km or (drive and self.blocked_between(end, end + drive - 1)):
            return None
        there = end + drive
        if there >= len(self.days):
            return there
        rested = there > 0 and self.ordinals[there] - self.ordinals[there - 1] > 1
        return there if rested else there + 1

    def leaves_at(self, request: int, start: int) -> int | None:
        """The last slot when the resource must leave its base to begin a stay at `start`; None when it cannot."""
        drive = self.drives[BASE][request]
        if self.km[BASE][request] > self.limits.move_km or (drive and self.blocked_between(start - drive + 1, start)):
            return None
        return start - drive

    def leg(self, before: Stop | None, after: Stop | None) -> Leg | None:
        """The shortest way allowed from a stop to the next (None: before the first, after the last); None when there is none.

        Before the first stop and after the last the road counts its kilometres, not its days.
        """
        if before is None or after is None:
            place = after.request if after else before.request if before else BASE
            km = self.km[BASE][place] if after else self.km[place][BASE]
            return Leg(km, True) if km <= self.limits.move_km else None
        one, other, end = before.request, after.request, self.end(before)
        free = after.start - end
        if free < 0:
            return None
        km, shortest = self.km[one][other], None
        direct = km <= self.limits.move_km and free >= self.drives[one][other]
        if direct and self.idle(end, after.start) <= self.limits.idle_days:
            if not self.blocked_between(end, after.start):
                shortest = Leg(km, False)
        back, leaves = self.back_at(one, end), self.leaves_at(other, after.start)
        if back is not None and leaves is not None and back <= leaves:
            km = self.km[one][BASE] + self.km[BASE][other]
            if shortest is None or km < shortest.km:
                shortest = Leg(km, True)
        return shortest
