"""Good tours at once: stops put in one by one where they bring most, then part of the tour undone and rebuilt, many times.

Ruin and recreate with late acceptance. The random numbers are seeded: the same season gives the same tour for the same number of rounds.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from random import Random

from maillage.tours.engine.season import Season, Stop

TIGHT = (
    0.0,
    0.5,
    1.0,
    2.0,
)  # How much the holes left in the calendar count when a place is chosen, in the mean worth of a slot.
MEMORY = 60  # Rounds between a tour and the one that must be bettered.


class Draft:
    """A tour in the making: always within the rules."""

    def __init__(self, season: Season, stops: Iterable[Stop] = (), tightness: float = 0.0) -> None:
        self.season = season
        self.tightness = tightness
        self.stops: list[Stop] = sorted(stops)
        self.km = self._road()
        self.worth = sum(season.worths[stop.request] for stop in self.stops)
        self.hosts = Counter(season.requests[stop.request].host for stop in self.stops)

    def _road(self) -> float:
        if not self.stops:
            return 0.0
        legs = [
            self.season.leg(one, other) for one, other in zip([None, *self.stops], [*self.stops, None], strict=True)
        ]
        return sum(leg.km for leg in legs if leg)

    @property
    def objective(self) -> float:
        return self.worth - self.season.km_cost * self.km

    def added_km(self, stop: Stop) -> float | None:
        """What the road grows by; None when the stop does not fit."""
        place = bisect_left(self.stops, stop)
        before = self.stops[place - 1] if place else None
        after = self.stops[place] if place < len(self.stops) else None
        end = self.season.end(stop)
        if (after and after.start < end) or (before and self.season.end(before) > stop.start):
            return None
        come, go = self.season.leg(before, stop), self.season.leg(stop, after)
        if come is None or go is None:
            return None
        straight = self.season.leg(before, after) if before or after else None
        return come.km + go.km - (straight.km if straight else 0.0)

    def full(self, request: int) -> bool:
        """Whether a limit on the whole tour leaves no room for the request, wherever it goes."""
        limits, host = self.season.limits, self.season.requests[request].host
        if limits.stops is not None and len(self.stops) >= limits.stops:
            return True
        return limits.per_host is not None and host is not None and self.hosts[host] >= limits.per_host

    def fits(self, stop: Stop) -> float | None:
        """What the road grows by, when neither the stops nor the limit of the road forbid it."""
        added, most = self.added_km(stop), self.season.limits.road_km
        return None if added is None or (most is not None and self.km + added > most) else added

    def best_place(self, request: int) -> tuple[float, Stop] | None:
        """What the request brings at its best place, if it fits anywhere."""
        if self.full(request):
            return None
        best: tuple[float, Stop] | None = None
        score_of_best = 0.0
        for start in self.season.starts[request]:
            stop = Stop(start, request)
            added = self.fits(stop)
            if added is None:
                continue
            gain = self.season.worths[request] - self.season.km_cost * added
            score = gain - self.tightness * self._crumb(stop) if self.tightness else gain
            if best is None or score > score_of_best:
                best, score_of_best = (gain, stop), score
        return best

    def _crumb(self, stop: Stop) -> int:
        """The smaller of the two holes that the stop would leave: those that nothing fits in any more."""
        place = bisect_left(self.stops, stop)
        before = self.season.end(self.stops[place - 1]) if place else 0
        after = self.stops[place].start if place < len(self.stops) else len(self.season.days)
        return min(stop.start - before, after - self.season.end(stop))

    def put(self, stop: Stop) -> None:
        self.km += self.added_km(stop) or 0.0
        self.stops.insert(bisect_left(self.stops, stop), stop)
        self.worth += self.season.worths[stop.request]
        self.hosts[self.season.requests[stop.request].host] += 1


def complete(draft: Draft, requests: Iterable[int]) -> None:
    """Put in the requests that bring something, in this order, each at its best place."""
    for request in requests:
        found = draft.best_place(request)
        if found and found[0] > 0:
            draft.put(found[1])


def first(season: Season) -> Draft:
    """The fixed stops, then the requests by what they bring for each slot."""
    draft = Draft(season, season.fixed)
    complete(draft, sorted(_free(season, draft), key=lambda request: -_density(season, request)))
    return draft


def better(season: Season, draft: Draft, rounds: int, go_on: Callable[[], bool], seed: int = 1) -> Draft:
    """The best tour found from this one while `go_on()`; each round undoes a part and rebuilds it."""
    random, best, current = Random(seed), draft, draft  # noqa: S311 (no secret hangs on it)
    history = [draft.objective] * MEMORY
    slot_worth = draft.worth / max(1, len(season.days))
    for turn in range(rounds):
        if not go_on():
            break
        tried = Draft(season, _ruined(season, current.stops, random), random.choice(TIGHT) * slot_worth)
        waiting = _free(season, tried)
        complete(tried, _ordered(season, waiting, random))
        if tried.objective >= min(current.objective, history[turn % MEMORY]) - 1e-9:
            current = tried
        history[turn % MEMORY] = current.objective
        if current.objective > best.objective + 1e-9:
            best = current
    return best


def _free(season: Season, draft: Draft) -> list[int]:
    here = {stop.request for stop in draft.stops}
    return [request for request in range(len(season.requests)) if request not in here and season.starts[request]]


def _density(season: Season, request: int) -> float:
    return season.worths[request] / max(1, season.requests[request].length)


def _ordered(season: Season, waiting: list[int], random: Random) -> list[int]:
    random.shuffle(waiting)
    kind = random.randrange(4)
    if kind == 1:
        waiting.sort(key=lambda request: -_density(season, request) * random.uniform(0.7, 1.3))
    elif kind == 2:
        waiting.sort(key=lambda request: -season.worths[request] * random.uniform(0.7, 1.3))
    elif kind == 3:
        waiting.sort(key=lambda request: len(season.starts[request]))
    return waiting


def _ruined(season: Season, stops: Sequence[Stop], random: Random) -> list[Stop]:
    """What is left when a stretch of the tour, or stops here and there, are taken off; joined again where a way is missing."""
    if not stops:
        return []
    fixed = set(season.fixed)
    count = random.randint(1, max(1, min(12, len(stops) // 2)))
    if random.random() < 0.6:
        start = random.randrange(len(stops))
        gone = set(stops[start : start + count])
    else:
        gone = set(random.sample(list(stops), count))
    kept: list[Stop] = []
    for stop in (*(stop for stop in stops if stop in fixed or stop not in gone), None):
        while kept and kept[-1] not in fixed and season.leg(kept[-1], stop) is None:
            kept.pop()
        if stop is not None and (stop in fixed or season.leg(kept[-1] if kept else None, stop)):
            kept.append(stop)
    return kept
