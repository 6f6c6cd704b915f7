"""Small seasons whose best tour is found by trying them all."""

from datetime import date, timedelta
from itertools import combinations

from hypothesis import strategies as st

from maillage.tours.engine.appraisal import appraise, hard
from maillage.tours.engine.season import Limits, Request, Season, Stop, Weights

MONDAY = date(2026, 9, 7)


def working_days(weeks: int, closed: tuple[date, ...] = ()) -> tuple[date, ...]:
    days = [MONDAY + timedelta(days=7 * week + day) for week in range(weeks) for day in range(5)]
    return tuple(day for day in days if day not in closed)


def best_of_all(season: Season) -> float:
    """The objective of the best tour, by enumeration of the sets of stays that overlap nowhere."""
    best = 0.0 if not season.fixed else float("-inf")
    choices = [Stop(start, request) for request, starts in enumerate(season.starts) for start in starts]
    for size in range(1, len(season.requests) + 1):
        for stops in combinations(sorted(choices), size):
            if len({stop.request for stop in stops}) == size and set(season.fixed) <= set(stops):
                found = appraise(season, stops)
                if not hard(season, found.faults):
                    best = max(best, found.objective)
    return best


@st.composite
def small_seasons(draw: st.DrawFn, with_fixed: bool = False) -> Season:
    weeks = draw(st.integers(1, 2))
    closed = draw(st.sets(st.integers(0, 7 * weeks - 1), max_size=3))
    days = working_days(weeks, tuple(MONDAY + timedelta(days=day) for day in closed))
    requests = []
    for key in range(draw(st.integers(1, 4))):
        first = draw(st.integers(0, 7 * weeks - 1))
        last = min(first + draw(st.integers(0, 5)), 7 * weeks - 1)
        requests.append(
            Request(
                key,
                (draw(st.floats(42.5, 44.9)), draw(st.floats(-0.2, 4.7))),
                draw(st.integers(1, 2)),
                ((MONDAY + timedelta(days=first), MONDAY + timedelta(days=last)),),
                draw(st.integers(0, 120)),
                draw(st.floats(0, 40)),
                draw(st.integers(0, 1)),
                draw(st.integers(0, 2)),
            )
        )
    limits = Limits(
        move_km=draw(st.sampled_from([250.0, 500.0, float("inf")])),
        day_km=draw(st.sampled_from([120.0, 400.0])),
        road_km=draw(st.sampled_from([None, 900.0])),
        stops=draw(st.sampled_from([None, 2])),
        per_host=draw(st.sampled_from([None, 1])),
        idle_days=draw(st.integers(0, 4)),
        break_days=draw(st.integers(0, 3)),
    )
    blocked = {MONDAY + timedelta(days=day) for day in draw(st.sets(st.integers(0, 13), max_size=2))}
    season = Season(
        (43.6, 1.44), tuple(day for day in days if day not in blocked), tuple(requests), Weights(), limits,
        frozenset(blocked),
    )  # fmt: skip
    held = [one for one in season.requests if season.offered[int(str(one.key))]]
    if with_fixed and held:
        chosen = draw(st.sampled_from(held))
        start = draw(st.sampled_from(season.offered[int(str(chosen.key))]))
        return Season(
            season.base, season.days, season.requests, season.weights, season.limits, season.blocked,
            (Stop(start, int(str(chosen.key))),),
        )  # fmt: skip
    return season
