"""The best tour of a graph by integer programming (HiGHS, through scipy): one variable for each way."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from maillage.tours.engine.graph import Graph
from maillage.tours.engine.season import Season, Stop

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Solved:
    """`bound` holds for tours within this graph; `stops` is None when none was found in time."""

    stops: tuple[Stop, ...] | None
    bound: float
    proven: bool


def solve(season: Season, graph: Graph, seconds: float) -> Solved:
    """Flow conservation at each stay and along the chain of the base; each request at most once; the limits of the whole tour."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    n, slots = graph.nodes, graph.slots
    nodes = np.arange(n)
    first, last = nodes[np.isfinite(graph.from_base)], nodes[np.isfinite(graph.to_base)]
    into, out = nodes[np.isfinite(graph.home_in)], nodes[np.isfinite(graph.home_out)]
    chain = np.arange(1, slots + 1)[~graph.cuts[1:]]
    # Rows: 0…n-1 the stays, n…n+slots the chain, then the source.
    home, source = n, n + slots + 1
    ways = [
        (graph.tail, graph.head, graph.km),
        (np.full(len(first), source), first, graph.from_base[first]),
        (last, np.full(len(last), -1), graph.to_base[last]),
        (into, home + graph.back_at[into], graph.home_in[into]),
        (home + graph.leaves_at[out], out, graph.home_out[out]),
        (home + chain - 1, home + chain, np.zeros(len(chain))),
    ]
    tail, head, km = (np.concatenate(parts) for parts in zip(*ways, strict=True))
    variables = np.arange(len(tail))
    worths = np.array(season.worths, dtype=float)
    to_stay = (head >= 0) & (head < n)
    visited = np.where(to_stay, graph.request[np.where(to_stay, head, 0)], -1)
    gain = np.where(to_stay, worths[np.maximum(visited, 0)], 0.0) - season.km_cost * km
    rows = np.concatenate([head[head >= 0], tail])
    columns = np.concatenate([variables[head >= 0], variables])
    signs = np.concatenate([np.ones((head >= 0).sum()), -np.ones(len(tail))])
    flow = coo_array((signs, (rows, columns)), shape=(source + 1, len(tail)))
    least, most = np.zeros(source + 1), np.zeros(source + 1)
    least[source], most[source] = (
        -1.0,
        -1.0 if season.fixed else 0.0,
    )  # No tour at all is a tour, unless a stop is fixed.
    constraints = [LinearConstraint(flow.tocsc(), least, most)]
    constraints += [
        LinearConstraint(matrix, -np.inf, limit) for matrix, limit in _limits(season, visited, km, len(tail))
    ]
    answer = milp(
        -gain,
        integrality=np.ones(len(tail)),
        bounds=Bounds(0, 1),
        constraints=constraints,
        options={"time_limit": max(0.1, seconds), "mip_rel_gap": 1e-7},
    )
    bound = -answer.mip_dual_bound if answer.mip_dual_bound is not None else np.inf
    if answer.status == 2:
        return Solved(None, -np.inf, True)
    stops = None
    if answer.x is not None:
        taken = np.unique(head[(answer.x > 0.5) & to_stay])
        stops = tuple(Stop(int(graph.start[node]), int(graph.request[node])) for node in taken)
    return Solved(stops, float(bound), answer.status == 0)


def _limits(season: Season, visited: "Array", km: "Array", size: int) -> "list[tuple[Any, Any]]":
    import numpy as np
    from scipy.sparse import coo_array

    limits, stays = season.limits, np.nonzero(visited >= 0)[0]
    held: list[tuple[Any, Any]] = []
    ones = np.ones(len(stays))
    count = len(season.requests)
    held.append((coo_array((ones, (visited[stays], stays)), shape=(count, size)).tocsc(), np.ones(count)))
    if limits.stops is not None:
        held.append(
            (coo_array((ones, (np.zeros(len(stays), dtype=int), stays)), shape=(1, size)).tocsc(), limits.stops)
        )
    if limits.road_km is not None:
        held.append((km.reshape(1, -1), limits.road_km))
    if limits.per_host is not None:
        names = list(dict.fromkeys(one.host for one in season.requests if one.host is not None))
        if names:
            group = np.array([names.index(one.host) if one.host is not None else -1 for one in season.requests])
            those = stays[group[visited[stays]] >= 0]
            matrix = coo_array((np.ones(len(those)), (group[visited[those]], those)), shape=(len(names), size))
            held.append((matrix.tocsc(), np.full(len(names), limits.per_host)))
    return held
