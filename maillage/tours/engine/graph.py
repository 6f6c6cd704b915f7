"""The season unrolled in time: a node for each stay (request × first slot), an arc for each way to the next stay.

A tour is a path through it that meets no request twice. Ways by the base share one chain of slots, "at home and free to leave at
slot t", so that they cost a node two arcs instead of one for every later stay.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from maillage.tours.engine.season import Season

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]


@dataclass
class Graph:
    """Nodes in the order of their starts; arcs in the order of their heads. Kilometres are inf where there is no way.

    `back_at[n]`, `leaves_at[n]` are slots of the chain of the base (see Season), cut before the slots of `cuts`;
    `from_base`, `to_base` are the kilometres of the first and last road, `home_in`, `home_out` those by the chain.
    """

    slots: int
    request: "Array"
    start: "Array"
    end: "Array"
    tail: "Array"
    head: "Array"
    km: "Array"
    from_base: "Array"
    to_base: "Array"
    home_out: "Array"  # From the chain to the stay.
    home_in: "Array"  # From the stay to the chain.
    leaves_at: "Array"
    back_at: "Array"
    cuts: "Array"  # cuts[t]: the chain may not go from slot t - 1 to slot t, since a fixed stop lies there.

    @property
    def nodes(self) -> int:
        return len(self.request)

    @property
    def arcs(self) -> int:
        return len(self.tail)

    def only(self, nodes: "Array", arcs: "Array") -> "Graph":
        """The graph with some nodes and arcs (masks) alone."""
        import numpy as np

        arcs = arcs & nodes[self.tail] & nodes[self.head]
        new = np.cumsum(nodes) - 1
        return Graph(
            self.slots,
            self.request[nodes],
            self.start[nodes],
            self.end[nodes],
            new[self.tail[arcs]],
            new[self.head[arcs]],
            self.km[arcs],
            self.from_base[nodes],
            self.to_base[nodes],
            self.home_out[nodes],
            self.home_in[nodes],
            self.leaves_at[nodes],
            self.back_at[nodes],
            self.cuts,
        )


def unroll(season: Season) -> Graph:
    import numpy as np

    pairs = sorted((start, request) for request, starts in enumerate(season.starts) for start in starts)
    pairs = [(start, request) for start, request in pairs if not _meets_fixed(season, start, request)]
    request = np.array([pair[1] for pair in pairs], dtype=np.int64)
    start = np.array([pair[0] for pair in pairs], dtype=np.int64)
    lengths = np.array([one.length for one in season.requests], dtype=np.int64)
    end = start + lengths[request] if pairs else start
    km = np.array(season.km)
    base = len(season.requests)
    slots = len(season.days)
    longest = season.limits.move_km
    come, go = km[base, request], km[request, base]
    come, go = np.where(come <= longest, come, np.inf), np.where(go <= longest, go, np.inf)
    leaves = [season.leaves_at(one, at) for at, one in pairs]
    back = [season.back_at(one, at + season.requests[one].length) for at, one in pairs]
    out = np.array([slot is not None and slot >= 0 for slot in leaves], dtype=bool)
    into = np.array([slot is not None and slot <= slots for slot in back], dtype=bool)
    tail, head = _direct(season, request, start, end)
    graph = Graph(
        slots, request, start, end, tail, head, km[request[tail], request[head]], come.copy(), go.copy(),
        np.where(out, come, np.inf), np.where(into, go, np.inf),
        np.where(out, [slot or 0 for slot in leaves], 0).astype(np.int64),
        np.where(into, [slot or 0 for slot in back], 0).astype(np.int64),
        np.zeros(slots + 1, dtype=bool),
    )  # fmt: skip
    return _held(season, graph)


def _meets_fixed(season: Season, start: int, request: int) -> bool:
    end = start + season.requests[request].length
    return any(stop.request != request and stop.start < end and start < season.end(stop) for stop in season.fixed)


def _direct(season: Season, request: "Array", start: "Array", end: "Array") -> "tuple[Array, Array]":
    """The pairs of stays that a direct move joins, slot by slot of the second's start."""
    import numpy as np

    drives, km = np.array(season.drives), np.array(season.km)
    days = np.array(season.ordinals)
    last_day = days[end - 1] if len(end) else end
    order = np.argsort(end, kind="stable")
    ends = end[order]
    blocks = np.array(season.blocks, dtype=np.int64)
    tails, heads = [], []
    first = np.searchsorted(start, np.arange(season_slots := len(days)), side="left")
    after = np.searchsorted(start, np.arange(season_slots), side="right")
    for slot in range(season_slots):
        here = np.arange(first[slot], after[slot])
        if not len(here):
            continue
        latest = blocks[np.searchsorted(blocks, slot, side="right") - 1] if len(blocks) and blocks[0] <= slot else -1
        near = order[np.searchsorted(ends, latest + 1) : np.searchsorted(ends, slot, side="right")]
        near = near[days[slot] - last_day[near] - 1 <= season.limits.idle_days]
        one, other = request[near][:, None], request[here][None, :]
        joined = (one != other) & (km[one, other] <= season.limits.move_km)
        joined &= slot - end[near][:, None] >= drives[one, other]
        rows, columns = np.nonzero(joined)
        tails.append(near[rows])
        heads.append(here[columns])
    if not tails:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    tail, head = np.concatenate(tails), np.concatenate(heads)
    by_head = np.argsort(head, kind="stable")
    return tail[by_head], head[by_head]


def _held(season: Season, graph: Graph) -> Graph:
    """Leave no way that jumps over a fixed stop."""
    import numpy as np

    for stop in season.fixed:
        first, last = stop.start, season.end(stop)
        graph = graph.only(
            np.ones(graph.nodes, dtype=bool), ~((graph.end[graph.tail] <= first) & (graph.start[graph.head] >= last))
        )
        graph.from_base[graph.start >= last] = np.inf
        graph.to_base[graph.end <= first] = np.inf
        graph.home_in[(graph.end <= first) & (graph.back_at >= last)] = np.inf
        graph.home_out[(graph.start >= last) & (graph.leaves_at < last)] = np.inf
        graph.cuts[last] = True  # Waiting at home is no way round it either.
    return graph
