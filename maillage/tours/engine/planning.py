"""`plan`: a good tour at once, then a bound, then what is left of the graph solved to the optimum while there is time."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from maillage.tours.engine.appraisal import Appraisal, Fault, Unserved, appraise, hard, unserved
from maillage.tours.engine.bound import Pricing
from maillage.tours.engine.building import Draft, better, complete, first
from maillage.tours.engine.exact import Solved, solve
from maillage.tours.engine.graph import Graph, unroll
from maillage.tours.engine.season import Season, Stop

QUICK = 300  # Rounds of building before the first bound: most small seasons end there.
LARGEST = 60_000  # Ways that integer programming is given at most: beyond, the bound of the prices stands alone.


class Stage:
    """What `plan` is doing, for whoever watches."""

    BUILDING, BOUNDING, SOLVING, PROVING = "building", "bounding", "solving", "proving"


class FixedStopsClash(Exception):
    """The stops fixed by hand cannot all be in one tour."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(faults)
        self.faults = faults


@dataclass(frozen=True)
class Plan:
    """`bound` is what no tour can exceed, in people; `gap` how far the tour may be from the best, as a share of the bound."""

    tour: Appraisal
    bound: float
    unserved: tuple[Unserved, ...]
    seconds: float

    @property
    def gap(self) -> float:
        if self.bound <= self.tour.objective + 1e-6:
            return 0.0
        return (self.bound - self.tour.objective) / max(abs(self.bound), 1e-9)

    @property
    def proven(self) -> bool:
        return self.gap <= 1e-6


def plan(
    season: Season,
    seconds: float = 45.0,
    rounds: int = 4000,
    known: tuple[Stop, ...] = (),
    watch: Callable[[str, float, float], None] = lambda stage, objective, bound: None,
) -> Plan:
    """The best tour found in `seconds`, with its bound. `known` is a tour to start from; `watch` is told of each stage."""
    return _Planner(season, seconds, rounds, known, watch).answer()


class _Planner:
    def __init__(
        self,
        season: Season,
        seconds: float,
        rounds: int,
        known: tuple[Stop, ...],
        watch: Callable[[str, float, float], None],
    ) -> None:
        self.season, self.rounds, self.watch = season, rounds, watch
        self.began = monotonic()
        self.seconds = seconds
        self.best = self._from(known)
        self.bound = float("inf")
        self.seed = 0
        self.season_slots = len(season.days)

    def _from(self, known: tuple[Stop, ...]) -> Draft:
        faults = hard(self.season, appraise(self.season, self.season.fixed).faults)
        if faults:
            raise FixedStopsClash(faults)
        best = first(self.season)
        if known and not self._broken(known) and set(self.season.fixed) <= set(known):
            draft = Draft(self.season, known)
            best = max(best, draft, key=lambda one: one.objective)
        return best

    def left(self, share: float = 1.0) -> float:
        return self.seconds * share - (monotonic() - self.began)

    def answer(self) -> Plan:
        self.watch(Stage.BUILDING, self.best.objective, self.bound)
        self._build(QUICK, 0.1)
        self.watch(Stage.BOUNDING, self.best.objective, self.bound)
        graph = unroll(self.season)
        self.pricing = Pricing(self.season, graph)
        graph = self._bounded(graph)
        if self.is_open:
            self.watch(Stage.SOLVING, self.best.objective, self.bound)
            self._build(self.rounds, 0.4)
            self._slide(graph)
            graph = self._bounded(graph)
        if self.is_open and self.left() > 0:
            self.watch(Stage.PROVING, self.best.objective, self.bound)
            if graph.arcs <= LARGEST:
                self._solve(graph)
            else:
                self._build(self.rounds, 0.95)
        tour = appraise(self.season, self.best.stops)
        return Plan(tour, self.bound, tuple(unserved(self.season, tour.stops)), monotonic() - self.began)

    @property
    def is_open(self) -> bool:
        """Whether a better tour is still possible."""
        return self.bound > self.best.objective + 1e-6

    def _build(self, rounds: int, share: float) -> None:
        self.seed += 1
        self._offer(better(self.season, self.best, rounds, lambda: self.left(share) > 0, self.seed))

    def _bounded(self, graph: Graph) -> Graph:
        graph = self._narrowed(graph)
        self.bound = max(min(self.bound, self.pricing.best), self.best.objective)
        return graph

    def _narrowed(self, graph: Graph) -> Graph:
        """Lower the bound, take out what no better tour uses, and again."""
        end = monotonic() + self.seconds * 0.2
        for _ in range(6):
            before = graph.arcs + graph.nodes
            met = self.pricing.lower(self.best.objective, 150, lambda: monotonic() < end)
            self._repair(met[-10:])
            nodes, arcs = self.pricing.promising(self.best.objective)
            least = self.best.objective - 1e-6
            graph = graph.only(nodes >= least, arcs >= least)
            self.pricing.use(graph)
            if (
                monotonic() >= end
                or self.pricing.best <= self.best.objective + 1e-6
                or graph.arcs + graph.nodes > 0.97 * before
            ):
                break
        return graph

    def _repair(self, paths: list[list[Stop]]) -> None:
        """Paths that visit twice, made tours: the first visit stays, what else fits is added."""
        for path in paths:
            draft = Draft(self.season, self.season.fixed)
            here = {stop.request for stop in draft.stops}
            for stop in path:
                if stop.request not in here and not draft.full(stop.request) and draft.fits(stop) is not None:
                    draft.put(stop)
                    here.add(stop.request)
            complete(draft, [one for one in range(len(self.season.requests)) if one not in here])
            self._offer(draft)

    def _offer(self, draft: Draft) -> None:
        if draft.objective > self.best.objective + 1e-9:
            self.best = draft

    def _slide(self, graph: Graph) -> None:
        """Solve stretches of the tour to the optimum, the rest held as it is, along the season and again while it betters."""
        width, step, first, idle = self.season_slots // 4, self.season_slots // 8, 0, 0
        while self.left(0.75) > 0 and idle <= self.season_slots // max(1, step):
            solved = solve(self.season, self._stretch(graph, first, first + width), min(4.0, self.left(0.75)))
            before = self.best.objective
            self._take(solved)
            idle = 0 if self.best.objective > before + 1e-6 else idle + 1
            first = first + step if first + width < self.season_slots else 0

    def _stretch(self, graph: Graph, first: int, last: int) -> Graph:
        """The ways of tours that differ from the best one between two slots alone."""
        import numpy as np

        held = [stop for stop in self.best.stops if stop.start < first or self.season.end(stop) > last]
        there = np.zeros(len(self.season.requests), dtype=bool)
        there[[stop.request for stop in held]] = True
        nodes = (graph.start >= first) & (graph.end <= last) & ~there[graph.request]
        for stop in held:
            nodes |= (graph.request == stop.request) & (graph.start == stop.start)
        return graph.only(nodes, np.ones(graph.arcs, dtype=bool))

    def _take(self, solved: Solved) -> None:
        if solved.stops is not None and not self._broken(solved.stops):
            self._offer(Draft(self.season, solved.stops))

    def _broken(self, stops: tuple[Stop, ...]) -> bool:
        return bool(hard(self.season, appraise(self.season, stops).faults))

    def _solve(self, graph: Graph) -> None:
        solved = solve(self.season, graph, self.left())
        self._take(solved)
        self.bound = max(min(self.bound, solved.bound), self.best.objective)


def quick_plan(season: Season, rounds: int = 200) -> Plan:
    """A good tour and a bound without looking at any clock: always the same for the same season."""
    planner = _Planner(season, float("inf"), rounds, (), lambda stage, objective, bound: None)
    planner.best = better(season, planner.best, rounds, lambda: True)
    pricing = Pricing(season, unroll(season))
    pricing.lower(planner.best.objective, rounds, lambda: True)
    tour = appraise(season, planner.best.stops)
    return Plan(tour, max(pricing.best, tour.objective), tuple(unserved(season, tour.stops)), 0.0)


def bound_of(season: Season, objective: float, seconds: float, rounds: int = 600) -> float | None:
    """What no tour that keeps the fixed stops exceeds, from the objective of one; None when they cannot all be in one."""
    if hard(season, appraise(season, season.fixed).faults):
        return None
    pricing, end = Pricing(season, unroll(season)), monotonic() + seconds
    pricing.lower(objective, rounds, lambda: pricing.best == float("inf") or monotonic() < end)
    return pricing.best
