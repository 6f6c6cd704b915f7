"""Which few halts would reach most people: the maximal covering location problem (Church & ReVelle, 1974), by HiGHS."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from maillage.tours.engine.season import DETOUR, EARTH_KM, Point


@dataclass(frozen=True)
class Covering:
    """`halts` are places of the list of candidates; `covered` what they reach, which no other choice passes by more than the gap."""

    halts: tuple[int, ...]
    covered: float
    total: float
    bound: float

    @property
    def gap(self) -> float:
        return max(0.0, self.bound - self.covered) / self.bound if self.bound > 0 else 0.0


def cover(reached_by: Sequence[Sequence[int]], weights: Sequence[float], halts: int, seconds: float = 20.0) -> Covering:
    """`reached_by[i]` are the candidates that reach the demand `i`, of `weights[i]`.

    Demands reached by the same candidates are one row. The greedy choice is returned when nothing better was found in time.
    """
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    groups: dict[tuple[int, ...], float] = defaultdict(float)
    for candidates, weight in zip(reached_by, weights, strict=True):
        if candidates and weight > 0:
            groups[tuple(sorted(set(candidates)))] += weight
    total, demands = float(sum(weights)), list(groups.items())
    sites = sorted({site for candidates, _ in demands for site in candidates})
    if not demands or halts <= 0:
        return Covering((), 0.0, total, 0.0)
    place = {site: column for column, site in enumerate(sites)}
    first = _greedy(demands, halts)
    rows = np.repeat(np.arange(len(demands)), [len(candidates) for candidates, _ in demands])
    columns = np.array([place[site] for candidates, _ in demands for site in candidates])
    size = len(sites) + len(demands)
    each = np.arange(len(demands))
    reach = coo_array(
        (
            np.concatenate([np.ones(len(rows)), -np.ones(len(demands))]),
            (np.concatenate([rows, each]), np.concatenate([columns, len(sites) + each])),
        ),
        shape=(len(demands), size),
    ).tocsc()
    chosen = np.concatenate([np.ones(len(sites)), np.zeros(len(demands))]).reshape(1, -1)
    gains = np.concatenate([np.zeros(len(sites)), [weight for _, weight in demands]])
    answer = milp(
        -gains,
        integrality=np.concatenate([np.ones(len(sites)), np.zeros(len(demands))]),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(reach, 0, np.inf), LinearConstraint(chosen, 0, halts)],
        options={"time_limit": seconds, "mip_rel_gap": 1e-7},
    )
    best = first
    if answer.x is not None:
        found = tuple(sites[column] for column in np.nonzero(answer.x[: len(sites)] > 0.5)[0])
        best = max(first, found, key=lambda one: _covered(demands, one))
    covered = _covered(demands, best)
    bound = -answer.mip_dual_bound if answer.mip_dual_bound is not None else sum(weight for _, weight in demands)
    return Covering(tuple(sorted(best)), covered, total, max(covered, float(bound)))


def _covered(demands: "list[tuple[tuple[int, ...], float]]", halts: Sequence[int]) -> float:
    here = set(halts)
    return sum(weight for candidates, weight in demands if here.intersection(candidates))


def _greedy(demands: "list[tuple[tuple[int, ...], float]]", halts: int) -> tuple[int, ...]:
    chosen: list[int] = []
    left = demands
    for _ in range(halts):
        brought: dict[int, float] = defaultdict(float)
        for candidates, weight in left:
            for site in candidates:
                brought[site] += weight
        if not brought:
            break
        chosen.append(max(brought, key=lambda site: (brought[site], -site)))
        left = [demand for demand in left if chosen[-1] not in demand[0]]
    return tuple(chosen)


def within(demands: Sequence[Point], candidates: Sequence[Point], road_km: float) -> list[list[int]]:
    """For each demand, the candidates within a road distance (guessed: 1.3 × the great circle), itself included."""
    import numpy as np
    from scipy.spatial import cKDTree

    def on_sphere(points: Sequence[Point]) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
        south, west = np.radians(np.array(points, dtype=float)).T
        return np.column_stack([np.cos(south) * np.cos(west), np.cos(south) * np.sin(west), np.sin(south)])

    if not demands or not candidates:
        return [[] for _ in demands]
    chord = 2 * np.sin(min(np.pi / 2, road_km / DETOUR / (2 * EARTH_KM)))
    tree = cKDTree(on_sphere(candidates))
    return [sorted(found) for found in tree.query_ball_point(on_sphere(demands), chord)]
