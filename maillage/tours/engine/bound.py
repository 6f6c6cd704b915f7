"""What no tour can exceed: the longest path through the unrolled season when visiting a request twice is priced, not forbidden.

The prices (Lagrange multipliers) are moved by subgradients, towards the value of the linear relaxation of the path
formulation (Picard & Queyranne 1978 for its shape). What a stay or a way could reach at most, given the prices, tells which of
them no better tour can use (`Prices.promising`): they leave the graph.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from maillage.tours.engine.graph import Graph
from maillage.tours.engine.season import Season, Stop

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]


class Paths:
    """Longest paths through a graph, for any value of its nodes and any cost of a kilometre."""

    def __init__(self, graph: Graph) -> None:
        import numpy as np

        self.graph = graph
        slots = range(graph.slots + 2)
        self._nodes = np.searchsorted(graph.start, slots)
        self._arcs = np.searchsorted(graph.head, self._nodes)
        self._heads = [self._segments(graph.head, slot) for slot in slots[:-1]]
        self._by_back = np.argsort(graph.back_at, kind="stable")
        self._backs = np.searchsorted(graph.back_at[self._by_back], slots)
        self._by_leave = np.argsort(graph.leaves_at, kind="stable")
        self._leaves = np.searchsorted(graph.leaves_at[self._by_leave], slots)
        self._by_tail = np.argsort(graph.tail, kind="stable")
        self._tails = graph.tail[self._by_tail]
        self._out = np.searchsorted(self._tails, self._nodes)

    def _segments(self, heads: "Array", slot: int) -> "tuple[Array, Array]":
        """The heads of a slot that have arcs, and where their arcs begin among those of the slot."""
        import numpy as np

        return np.unique(heads[self._arcs[slot] : self._arcs[slot + 1]], return_index=True)

    def forward(self, value: "Array", cost: float) -> "tuple[Array, Array]":
        """The most that a path can bring up to each node (included), and to the base free at each slot."""
        import numpy as np

        graph = self.graph
        reached = np.full(graph.nodes, -np.inf)
        home = np.full(graph.slots + 1, -np.inf)
        ways, first, out, into = (
            -cost * graph.km,
            -cost * graph.from_base,
            -cost * graph.home_out,
            -cost * graph.home_in,
        )
        for slot in range(graph.slots + 1):
            if slot and not graph.cuts[slot]:
                home[slot] = home[slot - 1]
            back = self._by_back[self._backs[slot] : self._backs[slot + 1]]
            if len(back):
                home[slot] = max(home[slot], float((reached[back] + into[back]).max()))
            here = slice(self._nodes[slot], self._nodes[slot + 1])
            if here.start == here.stop:
                continue
            best = np.maximum(first[here], home[graph.leaves_at[here]] + out[here])
            arcs = slice(self._arcs[slot], self._arcs[slot + 1])
            if arcs.start != arcs.stop:
                heads, begins = self._heads[slot]
                come = np.maximum.reduceat(reached[graph.tail[arcs]] + ways[arcs], begins)
                best[heads - here.start] = np.maximum(best[heads - here.start], come)
            reached[here] = best + value[here]
        return reached, home

    def backward(self, value: "Array", cost: float) -> "tuple[Array, Array]":
        """The most that a path can bring after each node (excluded), and after the base left free at each slot."""
        import numpy as np

        graph = self.graph
        after = np.full(graph.nodes, -np.inf)
        home = np.full(graph.slots + 2, -np.inf)
        ways, last, out, into = -cost * graph.km, -cost * graph.to_base, -cost * graph.home_out, -cost * graph.home_in
        for slot in range(graph.slots, -1, -1):
            here = slice(self._nodes[slot], self._nodes[slot + 1])
            if here.start != here.stop:
                best = np.maximum(last[here], home[graph.back_at[here]] + into[here])
                arcs = self._by_tail[self._out[slot] : self._out[slot + 1]]
                if len(arcs):
                    tails, begins = np.unique(graph.tail[arcs], return_index=True)
                    heads = graph.head[arcs]
                    go = np.maximum.reduceat(ways[arcs] + value[heads] + after[heads], begins)
                    best[tails - here.start] = np.maximum(best[tails - here.start], go)
                after[here] = best
            if slot < graph.slots and not graph.cuts[slot + 1]:
                home[slot] = home[slot + 1]
            leaving = self._by_leave[self._leaves[slot] : self._leaves[slot + 1]]
            if len(leaving):
                home[slot] = max(home[slot], float((out[leaving] + value[leaving] + after[leaving]).max()))
        return after, home[:-1]

    def longest(self, value: "Array", cost: float) -> "tuple[float, list[int], float]":
        """The value of the longest path, its nodes, its kilometres. No path at all is worth 0."""
        import numpy as np

        graph = self.graph
        reached, home = self.forward(value, cost)
        ends = reached - cost * graph.to_base
        if not len(ends) or ends.max() == -np.inf:
            return -np.inf, [], 0.0
        node = int(ends.argmax())
        total, path, km = float(ends[node]), [node], float(graph.to_base[node])
        while True:
            before, way = self._before(node, reached, home, cost)
            km += way
            if before is None:
                return total, path[::-1], km
            path.append(before)
            node = before

    def _before(self, node: int, reached: "Array", home: "Array", cost: float) -> "tuple[int | None, float]":
        import numpy as np

        graph = self.graph
        best, before, km = -cost * graph.from_base[node], None, float(graph.from_base[node])
        first, last = np.searchsorted(graph.head, [node, node + 1])
        if first != last:
            come = reached[graph.tail[first:last]] - cost * graph.km[first:last]
            arc = first + int(come.argmax())
            if come.max() > best:
                best, before, km = come.max(), int(graph.tail[arc]), float(graph.km[arc])
        slot = int(graph.leaves_at[node])
        if home[slot] - cost * graph.home_out[node] > best:
            while True:
                back = self._by_back[self._backs[slot] : self._backs[slot + 1]]
                come = reached[back] - cost * graph.home_in[back]
                if len(back) and come.max() >= home[slot]:
                    before = int(back[come.argmax()])
                    return before, float(graph.home_in[before] + graph.home_out[node])
                slot -= 1
        return before, km


@dataclass
class Prices:
    """`visits` for each request, `hosts` for each group of requests of a host, one for a stop, one for a kilometre."""

    visits: "Array"
    hosts: "Array"
    stop: float = 0.0
    km: float = 0.0


class Pricing:
    """The search of the prices that give the lowest bound."""

    def __init__(self, season: Season, graph: Graph) -> None:
        import numpy as np

        self.season, self.limits = season, season.limits
        count = len(season.requests)
        self.worths = np.array(season.worths, dtype=float)
        hosts = [request.host for request in season.requests]
        names = [] if self.limits.per_host is None else list(dict.fromkeys(host for host in hosts if host is not None))
        self.group = np.array([names.index(host) if host in names else len(names) for host in hosts], dtype=np.int64)
        self.groups = len(names)
        self.prices = Prices(np.zeros(count), np.zeros(self.groups + 1))
        self.best = float("inf")
        self.kept = self.prices
        self.path: list[int] = []
        self.use(graph)

    def use(self, graph: Graph) -> None:
        self.graph, self.paths = graph, Paths(graph)

    def _value(self, prices: Prices) -> "Array":
        return (self.worths - prices.visits - prices.hosts[self.group] - prices.stop)[self.graph.request]

    def _constant(self, prices: Prices) -> float:
        limits = self.limits
        return float(
            prices.visits.sum()
            + prices.hosts[: self.groups].sum() * (limits.per_host or 0)
            + prices.stop * (limits.stops or 0)
            + prices.km * (limits.road_km or 0)
        )

    def lower(self, objective: float, rounds: int, go_on: Callable[[], bool]) -> "list[list[Stop]]":
        """Lower the bound from the objective of a known tour; the paths met on the way that bettered it, as stops."""
        import numpy as np

        scale, idle, met = 1.0, 0, []
        for _ in range(rounds):
            if not go_on() or scale < 1e-3:
                break
            prices = self.prices
            found, path, km = self.paths.longest(self._value(prices), self.season.km_cost + prices.km)
            if not self.season.fixed and found < 0:
                found, path, km = 0.0, [], 0.0
            value = found + self._constant(prices)
            if value < self.best - 1e-6:
                self.best, self.kept, idle = value, prices, 0
                met.append([Stop(int(self.graph.start[node]), int(self.graph.request[node])) for node in path])
            else:
                idle += 1
                if idle >= 12:
                    scale, idle = scale / 2, 0
                    prices = self.kept
            if self.best <= objective + 1e-6:
                break
            visits = (
                np.bincount(self.graph.request[path], minlength=len(self.worths))
                if path
                else np.zeros(len(self.worths))
            )
            self._step(prices, visits, km, scale * (value - objective))
        self.prices = self.kept
        return met

    def _step(self, prices: Prices, visits: "Array", km: float, length: float) -> None:
        import numpy as np

        limits = self.limits
        slack = visits - 1.0
        held = [stop.request for stop in self.season.fixed]
        slack[(prices.visits <= 0) & (slack < 0)] = 0.0
        slack[held] = np.maximum(slack[held], 0.0)
        hosts = np.bincount(self.group, weights=visits, minlength=self.groups + 1) - (limits.per_host or 0)
        hosts[self.groups] = 0.0
        hosts[(prices.hosts <= 0) & (hosts < 0)] = 0.0
        stops = float(visits.sum() - limits.stops) if limits.stops is not None else 0.0
        road = (km - limits.road_km) / 100 if limits.road_km is not None else 0.0
        stops = 0.0 if prices.stop <= 0 and stops < 0 else stops
        road = 0.0 if prices.km <= 0 and road < 0 else road
        norm = float((slack**2).sum() + (hosts**2).sum() + stops**2 + road**2)
        if norm == 0:
            return
        step = length / norm
        self.prices = Prices(
            np.maximum(0.0, prices.visits + step * slack),
            np.maximum(0.0, prices.hosts + step * hosts),
            max(0.0, prices.stop + step * stops),
            max(0.0, prices.km + step * road / 100),
        )

    def promising(self, objective: float) -> "tuple[Array, Array]":
        """For each node and each arc, the most that a tour through it can bring under the best prices."""
        graph, prices = self.graph, self.kept
        value, cost = self._value(prices), self.season.km_cost + prices.km
        reached, home = self.paths.forward(value, cost)
        after, home_after = self.paths.backward(value, cost)
        constant = self._constant(prices)
        nodes = reached + after + constant
        arcs = reached[graph.tail] - cost * graph.km + value[graph.head] + after[graph.head] + constant
        into = reached - cost * graph.home_in + home_after[graph.back_at] + constant
        out = home[graph.leaves_at] - cost * graph.home_out + value + after + constant
        graph.home_in[into < objective - 1e-6] = float("inf")
        graph.home_out[out < objective - 1e-6] = float("inf")
        return nodes, arcs
