"""What a tour is worth, which rules it breaks, what a move by hand changes, and why a request is left out."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from maillage.tours.engine.season import BASE, Leg, Season, Stop


class Breach(Enum):
    """A rule that a tour drawn by hand may break."""

    WINDOW = "window"  # Outside the dates of the host, or closed days.
    OVERLAP = "overlap"  # Begins before the stop before is over.
    ROAD = "road"  # No way from the stop before: too far, or too little time.
    STOPS = "stops"
    ROAD_TOTAL = "road_total"
    HOST = "host"
    TWICE = "twice"


class Reason(Enum):
    """Why a request is left out of a tour."""

    NO_WINDOW = "no_window"  # No stay fits its dates and the calendar.
    TOO_FAR = "too_far"  # No way to it and back within the longest move.
    ROAD_COST = "road_cost"  # It would fit; the road would cost more than it brings.
    LIMIT = "limit"  # It would fit, were it not for a limit on the whole tour.
    TAKEN = "taken"  # Other stops hold its dates.
    WORTH_ADDING = "worth_adding"  # It would fit and bring something: the tour can be bettered.


@dataclass(frozen=True)
class Fault:
    breach: Breach
    stop: Stop | None = None  # None: a rule of the whole tour.


@dataclass(frozen=True)
class Appraisal:
    """`legs` are the ways to each stop, then the one home; None where there is none (the straight road is counted)."""

    stops: tuple[Stop, ...]
    legs: tuple[Leg | None, ...]
    km: float
    people: float
    worth: float
    objective: float
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Difference:
    """What a change costs: after minus before."""

    km: float
    people: float
    objective: float
    faults: tuple[Fault, ...]  # Those that were not there before.


@dataclass(frozen=True)
class Move:
    """Put a request at a slot, or take it off (None)."""

    request: int
    start: int | None


@dataclass(frozen=True)
class Unserved:
    """`loss` is what putting it in would cost, in people, at the best place; `instead_of` are the requests that hold it."""

    request: int
    reason: Reason
    loss: float = 0.0
    instead_of: tuple[int, ...] = ()


def appraise(season: Season, stops: Iterable[Stop]) -> Appraisal:
    """Any list of stops, even one that breaks rules."""
    stops = tuple(sorted(stops))
    faults: list[Fault] = []
    legs: list[Leg | None] = []
    km = 0.0
    for before, after in zip((None, *stops), (*stops, None), strict=True) if stops else ():
        leg = season.leg(before, after)
        legs.append(leg)
        km += leg.km if leg else _straight(season, before, after)
        if leg is None:
            late = before and after and after.start < season.end(before)
            faults.append(Fault(Breach.OVERLAP if late else Breach.ROAD, after or before))
    faults += [Fault(Breach.WINDOW, stop) for stop in stops if stop.start not in season.offered[stop.request]]
    people = sum(season.requests[stop.request].people for stop in stops)
    worth = sum(season.worths[stop.request] for stop in stops)
    faults += _of_the_whole(season, stops, km)
    return Appraisal(stops, tuple(legs), km, people, worth, worth - season.km_cost * km, tuple(faults))


def _straight(season: Season, before: Stop | None, after: Stop | None) -> float:
    return season.km[before.request if before else BASE][after.request if after else BASE]


def _of_the_whole(season: Season, stops: Sequence[Stop], km: float) -> Iterable[Fault]:
    limits = season.limits
    if limits.stops is not None and len(stops) > limits.stops:
        yield Fault(Breach.STOPS)
    if limits.road_km is not None and km > limits.road_km + 1e-6:
        yield Fault(Breach.ROAD_TOTAL)
    served = Counter(stop.request for stop in stops)
    hosts = Counter(season.requests[stop.request].host for stop in stops)
    for stop in stops:
        if served[stop.request] > 1:
            yield Fault(Breach.TWICE, stop)
        host = season.requests[stop.request].host
        if limits.per_host is not None and host is not None and hosts[host] > limits.per_host:
            yield Fault(Breach.HOST, stop)


def moved(stops: Iterable[Stop], moves: Iterable[Move]) -> tuple[Stop, ...]:
    places = {stop.request: stop for stop in stops}
    for move in moves:
        places.pop(move.request, None)
        if move.start is not None:
            places[move.request] = Stop(move.start, move.request)
    return tuple(sorted(places.values()))


def evaluate(season: Season, stops: Iterable[Stop], moves: Iterable[Move]) -> tuple[Appraisal, Difference]:
    """The tour once moved by hand, and what the moves cost."""
    before = appraise(season, stops)
    after = appraise(season, moved(before.stops, moves))
    known = set(before.faults)
    return after, Difference(
        after.km - before.km,
        after.people - before.people,
        after.objective - before.objective,
        tuple(fault for fault in after.faults if fault not in known),
    )


def hard(season: Season, faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Those that a plan may not have: what was fixed by hand may lie outside the dates of its host."""
    return tuple(fault for fault in faults if fault.breach != Breach.WINDOW or fault.stop not in season.fixed)


def unserved(season: Season, stops: Sequence[Stop]) -> list[Unserved]:
    """Why each request is left out, by its best place in the tour as it is."""
    now = appraise(season, stops)
    here = {stop.request for stop in stops}
    return [_why(season, now, request) for request in range(len(season.requests)) if request not in here]


def _why(season: Season, now: Appraisal, request: int) -> Unserved:
    starts = season.starts[request]
    if not starts:
        return Unserved(request, Reason.NO_WINDOW)
    if not _reachable(season, request):
        return Unserved(request, Reason.TOO_FAR)
    tried = [_placed(season, now, Stop(start, request)) for start in starts]
    possible = [found for found in tried if found is not None]
    if not possible:
        return Unserved(request, Reason.TAKEN)
    after, pushed = max(possible, key=lambda found: (not found[1], found[0].objective))
    loss = now.objective - after.objective
    if pushed:
        after, pushed = max(possible, key=lambda found: found[0].objective)
        return Unserved(request, Reason.TAKEN, now.objective - after.objective, pushed)
    if after.faults:
        return Unserved(request, Reason.LIMIT, loss)
    return Unserved(request, Reason.ROAD_COST if loss >= 0 else Reason.WORTH_ADDING, loss)


def _reachable(season: Season, request: int) -> bool:
    places = [*range(len(season.requests)), BASE]
    longest = season.limits.move_km
    others = [place for place in places if place != request]
    return any(season.km[place][request] <= longest for place in others) and any(
        season.km[request][place] <= longest for place in others
    )


def _placed(season: Season, now: Appraisal, stop: Stop) -> tuple[Appraisal, tuple[int, ...]] | None:
    """The tour with this stop, and the requests that leave for it: those it overlaps, then the neighbours that no way joins."""
    end = season.end(stop)
    before = [one for one in now.stops if season.end(one) <= stop.start]
    after = [one for one in now.stops if one.start >= end]
    while before and season.leg(before[-1], stop) is None:
        before.pop()
    while after and season.leg(stop, after[0]) is None:
        after.pop(0)
    if (
        season.leg(before[-1] if before else None, stop) is None
        or season.leg(stop, after[0] if after else None) is None
    ):
        return None
    kept = {*before, *after}
    pushed = tuple(one.request for one in now.stops if one not in kept)
    fixed = {one.request for one in season.fixed}
    if fixed & set(pushed):
        return None
    return appraise(season, [*before, stop, *after]), pushed
