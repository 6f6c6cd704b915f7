"""The planner: as good as trying every tour, always with a bound that holds, always within the rules."""

from datetime import timedelta

import pytest
from hypothesis import given, settings

from maillage.tours.engine.appraisal import Breach, Move, Reason, appraise, evaluate
from maillage.tours.engine.bound import Pricing
from maillage.tours.engine.exact import solve
from maillage.tours.engine.graph import unroll
from maillage.tours.engine.planning import FixedStopsClash, plan
from maillage.tours.engine.season import Limits, Request, Season, Stop, Weights

from .seasons import MONDAY, best_of_all, small_seasons, working_days

pytestmark = pytest.mark.once
TOULOUSE, ALBI, AUCH, RODEZ = (43.604, 1.444), (43.928, 2.148), (43.646, 0.586), (44.35, 2.575)
ALWAYS = ((MONDAY, MONDAY + timedelta(days=60)),)


def ask(key, point, people=100, days=1, windows=ALWAYS, **more):
    return Request(key, point, days, windows, people, **more)


@settings(max_examples=120, deadline=None)
@given(small_seasons())
def test_the_plan_is_as_good_as_trying_every_tour(season):
    found = plan(season, seconds=8, rounds=30)
    best = best_of_all(season)
    assert found.tour.objective == pytest.approx(best, abs=1e-4)
    assert found.bound >= best - 1e-4
    assert not found.tour.faults


@settings(max_examples=60, deadline=None)
@given(small_seasons(with_fixed=True))
def test_fixed_stops_stay_where_they_are_and_the_rest_is_as_good_as_can_be(season):
    best = best_of_all(season)
    try:
        found = plan(season, seconds=8, rounds=30)
    except FixedStopsClash:
        assert best == float("-inf")
        return
    assert set(season.fixed) <= set(found.tour.stops)
    assert found.tour.objective == pytest.approx(best, abs=1e-4)


@settings(max_examples=60, deadline=None)
@given(small_seasons())
def test_integer_programming_alone_finds_the_best_tour_of_the_whole_graph(season):
    graph = unroll(season)
    if not graph.nodes:
        return
    solved = solve(season, graph, 8)
    assert solved.proven
    assert appraise(season, solved.stops or ()).objective == pytest.approx(best_of_all(season), abs=1e-4)


@settings(max_examples=60, deadline=None)
@given(small_seasons())
def test_prices_bound_every_tour_whatever_they_are(season):
    graph = unroll(season)
    if not graph.nodes:
        return
    best = best_of_all(season)
    pricing = Pricing(season, graph)
    for rounds in (1, 3, 40):
        pricing.lower(best - 50, rounds, lambda: True)
        assert pricing.best >= best - 1e-4


def test_what_cannot_be_served_is_told_with_its_reason():
    days = working_days(2)
    weekend = ((days[4] + timedelta(days=1), days[4] + timedelta(days=2)),)
    season = Season(
        TOULOUSE,
        days,
        (
            ask("albi", ALBI, 200, days=5, windows=((days[0], days[4]),)),
            ask("dates held by Albi", AUCH, 20, days=2, windows=((days[1], days[2]),)),
            ask("a weekend", AUCH, windows=weekend),
            ask("too far", (48.85, 2.35), 900),
            ask("hardly anyone", RODEZ, 3),
        ),
        limits=Limits(move_km=300),
    )
    found = plan(season, seconds=5, rounds=50)
    assert [season.requests[stop.request].key for stop in found.tour.stops] == ["albi"]
    assert [one.reason for one in found.unserved] == [Reason.TAKEN, Reason.NO_WINDOW, Reason.TOO_FAR, Reason.ROAD_COST]
    assert found.unserved[0].instead_of == (0,)
    assert found.gap == 0


def test_far_from_any_actor_a_person_counts_double():
    near, far = (
        ask("near", ALBI, 100, windows=((MONDAY, MONDAY),)),
        ask("far", ALBI, 60, windows=((MONDAY, MONDAY),), remoteness=30),
    )
    chosen = plan(Season(TOULOUSE, working_days(1), (near, far)), seconds=3, rounds=10).tour.stops
    assert [stop.request for stop in chosen] == [1]
    plain = Season(TOULOUSE, working_days(1), (near, far), Weights(far_bonus=0))
    assert [stop.request for stop in plan(plain, seconds=3, rounds=10).tour.stops] == [0]


def test_the_road_goes_home_when_nobody_waits_for_long():
    season = Season(TOULOUSE, working_days(3), (ask(0, ALBI), ask(1, RODEZ)), limits=Limits(idle_days=4))
    close = appraise(season, [Stop(0, 0), Stop(2, 1)])
    apart = appraise(season, [Stop(0, 0), Stop(9, 1)])
    assert [leg.home for leg in close.legs] == [True, False, True]
    assert [leg.home for leg in apart.legs] == [True, True, True]
    assert apart.km == pytest.approx(2 * (season.km[0][-1] + season.km[1][-1]))


def test_a_long_move_needs_free_days():
    season = Season(TOULOUSE, working_days(1), (ask(0, ALBI), ask(1, (43.83, 4.36))), limits=Limits(day_km=150))
    assert season.drives[0][1] == 1
    assert season.leg(Stop(0, 0), Stop(1, 1)) is None
    assert season.leg(Stop(0, 0), Stop(2, 1)) is not None


def test_days_when_another_has_the_resource_send_it_home():
    days = working_days(2)
    season = Season(TOULOUSE, days[:2] + days[3:], (ask(0, ALBI, days=2), ask(1, RODEZ)), blocked=frozenset({days[2]}))
    assert season.leg(Stop(0, 0), Stop(2, 1)).home
    assert not season.unbroken(1, 2)


def test_a_move_by_hand_says_what_it_costs():
    season = Season(
        TOULOUSE, working_days(2), (ask(0, ALBI, 100), ask(1, AUCH, 50), ask(2, RODEZ, 80, windows=((MONDAY, MONDAY),)))
    )
    stops = [Stop(0, 0), Stop(1, 1)]
    after, cost = evaluate(season, stops, [Move(1, None)])
    assert (after.people, cost.people) == (100, -50)
    assert cost.km == pytest.approx(after.km - appraise(season, stops).km)
    assert cost.objective == pytest.approx(-50 - season.km_cost * cost.km)
    after, cost = evaluate(season, stops, [Move(2, 3)])
    assert [fault.breach for fault in cost.faults] == [Breach.WINDOW]
    after, cost = evaluate(season, stops, [Move(1, 0)])
    assert [fault.breach for fault in cost.faults] == [Breach.OVERLAP]


def test_fixed_stops_that_no_road_joins_are_refused():
    fixed = (Stop(0, 0), Stop(0, 1))
    with pytest.raises(FixedStopsClash):
        plan(Season(TOULOUSE, working_days(1), (ask(0, ALBI), ask(1, AUCH)), fixed=fixed), seconds=2)


def test_given_roads_replace_the_guess():
    roads = [[0, 10, 20], [10, 0, 5], [20, 5, 0]]
    season = Season(TOULOUSE, working_days(1), (ask(0, ALBI), ask(1, AUCH)), roads=roads)
    assert appraise(season, [Stop(0, 0), Stop(1, 1)]).km == 35
