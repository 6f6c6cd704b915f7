"""The tour: planned in the background, holding the copy, changed by hand with its cost, published."""

from datetime import timedelta

import pytest

from maillage.activity.models import Notice
from maillage.catalogue.actions.occupying import Taken, occupy
from maillage.catalogue.enums import BookingKind
from maillage.catalogue.models import Booking, Occupancy
from maillage.core.errors import Conflict, Refused
from maillage.core.jobs import run_waiting
from maillage.core.models import Job
from maillage.tours import actions
from maillage.tours.actions.planning import write_plan
from maillage.tours.engine.planning import plan
from maillage.tours.enums import RequestState, SeasonState
from maillage.tours.models import Season, Stop
from maillage.tours.queries import reading
from maillage.tours.queries.costs import cost_of_move
from maillage.tours.queries.halves import span_of
from maillage.tours.queries.stating import remoteness_of, statement
from tests.factories.directory import make_actor, make_commune
from tests.factories.tours import MONDAY, PLACES, make_request


def day(rank):
    return MONDAY + timedelta(days=rank)


def planned(world, **fields):
    """Three hosts, planned by the worker."""
    requests = [make_request(world.team, world.season, place, people=300, **fields) for place in range(3)]
    actions.ask_plan(by=world.team, season=world.season)
    run_waiting()
    world.season.refresh_from_db()
    return requests


def lend(season, first, last):
    return occupy(
        resource=season.resource,
        kind=BookingKind.LOAN,
        span=span_of(first, first, last),
        wanted={},
        copies=[season.copy],
    )


def test_a_plan_serves_with_its_bound_and_tells_who_asked_for_it(world):
    requests = planned(world)
    season = world.season
    assert season.state == SeasonState.PLANNED
    assert season.stops.count() == 3
    assert season.gap == pytest.approx(0, abs=1e-6)
    assert season.km > 0
    assert season.objective == pytest.approx(season.bound)
    for request in requests:
        request.refresh_from_db()
        assert request.state == RequestState.SERVED
    assert Notice.objects.filter(kind="tour_planned", user=world.team.user).exists()
    assert reading.figures_of(season).people == 900


def test_a_stop_holds_the_copy_so_that_it_cannot_be_lent(world):
    planned(world)
    stop = world.season.stops.first()
    with pytest.raises(Taken):
        lend(world.season, stop.first_on, stop.last_on)
    before = Occupancy.objects.count()
    actions.move_stop(by=world.team, season=world.season, request=stop.request, day=None)
    assert Occupancy.objects.count() == before - 4
    assert lend(world.season, stop.first_on, stop.last_on).pk
    assert Booking.objects.filter(kind=BookingKind.TOUR).count() == 2


def test_days_when_the_copy_is_lent_are_left_alone(world):
    lend(world.season, day(0), day(11))
    planned(world)
    assert {stop.first_on >= day(12) for stop in world.season.stops.all()} == {True}


def test_a_loan_that_came_during_the_computation_wins(world):
    make_request(world.team, world.season, people=300)
    season = Season.objects.select_related("network", "base").get()
    stated = statement(season)
    found = plan(stated.season, seconds=5, rounds=10)
    lend(season, day(0), day(20))
    with pytest.raises(Conflict):
        write_plan(season=season, stated=stated, found=found)
    assert not Stop.objects.exists()


def test_planning_again_leaves_fixed_stops_where_they_are(world):
    requests = planned(world)
    actions.move_stop(by=world.team, season=world.season, request=requests[0], day=day(15))
    actions.ask_plan(by=world.team, season=world.season)
    run_waiting()
    stop = Stop.objects.get(request=requests[0])
    assert (stop.first_on, stop.is_fixed) == (day(15), True)
    actions.fix_stop(by=world.team, season=world.season, request=requests[0], is_fixed=False)
    assert not Stop.objects.get(request=requests[0]).is_fixed


def test_the_cost_of_a_move_is_what_it_then_costs(world):
    requests = planned(world)
    season = world.season
    for asked in (day(14), None):
        before = (season.km, season.objective)
        cost = cost_of_move(statement(season), requests[1], asked)
        actions.move_stop(by=world.team, season=season, request=requests[1], day=asked, anyway=True)
        run_waiting()
        season.refresh_from_db()
        assert season.km - before[0] == pytest.approx(cost.change.km)
        assert season.objective - before[1] == pytest.approx(cost.change.objective)
        assert season.bound >= season.objective


def test_a_move_that_breaks_a_rule_is_refused_unless_one_insists_and_never_on_two_at_once(world):
    first = make_request(world.team, world.season, 0, windows=[(0, 4)])
    second = make_request(world.team, world.season, 1)
    with pytest.raises(Refused, match="proposé ces dates"):
        actions.move_stop(by=world.team, season=world.season, request=first, day=day(7))
    actions.move_stop(by=world.team, season=world.season, request=first, day=day(7), anyway=True)
    with pytest.raises(Refused, match="chevaucheraient"):
        actions.move_stop(by=world.team, season=world.season, request=second, day=day(8), anyway=True)
    with pytest.raises(Refused):
        actions.move_stop(by=world.team, season=world.season, request=second, day=day(5), anyway=True)
    assert [stop.first_on for stop in Stop.objects.all()] == [day(7)]
    assert Season.objects.get().state == SeasonState.PLANNED


def test_publishing_tells_hosts_their_dates_and_who_is_not_served(world):
    served = make_request(world.host, world.season, actor=world.library, feasible=False, people=300)
    actions.judge(by=world.team, request=served, state="feasible")
    left = make_request(world.team, world.season, 5, people=1)
    actions.ask_plan(by=world.team, season=world.season)
    run_waiting()
    season = actions.change_state(by=world.team, season=world.season, state="published")
    left.refresh_from_db()
    assert (season.state, left.state, left.left_out) == ("published", "feasible", "road_cost")
    titles = set(Notice.objects.filter(kind="tour_answer", user=world.host.user).values_list("title", flat=True))
    assert any(title.startswith("Le Propulseur sera chez vous du") for title in titles)
    actions.move_stop(by=world.team, season=season, request=served, day=day(16), anyway=True)
    titles = set(Notice.objects.filter(kind="tour_answer", user=world.host.user).values_list("title", flat=True))
    assert any(title.startswith("Nouvelles dates") for title in titles)
    with pytest.raises(Refused):
        actions.ask_plan(by=world.team, season=season)


def test_withdrawing_or_reopening_frees_the_copy(world):
    requests = planned(world)
    actions.withdraw(by=world.team, request=requests[0])
    assert (Stop.objects.count(), Booking.objects.count()) == (2, 2)
    actions.change_state(by=world.team, season=world.season, state="open")
    assert (Stop.objects.count(), Occupancy.objects.count()) == (0, 0)


def test_a_host_that_gives_up_a_published_stop_is_told_to_the_team(world, mailoutbox):
    world.network.contact_email = "equipe@exemple.test"
    world.network.save()
    request = make_request(world.host, world.season, actor=world.library, feasible=False)
    request = actions.judge(by=world.team, request=request, state="feasible")
    season = actions.move_stop(by=world.team, season=world.season, request=request, day=day(0))
    actions.change_state(by=world.team, season=season, state="published")
    actions.withdraw(by=world.host, request=request)
    run_waiting()
    assert any("renonce au passage" in mail.subject for mail in mailoutbox)
    assert not Stop.objects.exists()
    with pytest.raises(Refused):
        actions.withdraw(by=world.host, request=request)


def test_reasons_name_who_holds_the_dates(world):
    big = make_request(world.team, world.season, 0, people=900, days=5, windows=[(0, 4)])
    small = make_request(world.team, world.season, 1, people=60, windows=[(1, 3)])
    actions.ask_plan(by=world.team, season=world.season)
    run_waiting()
    (left,) = reading.left_out(world.season)
    assert left.request == small
    assert big.actor.name in left.sentence


def test_fixed_stops_that_clash_end_the_computation_with_words(world):
    season, request = world.season, make_request(world.team, world.season, 0, people=300)
    actions.move_stop(by=world.team, season=season, request=request, day=day(0))
    Season.objects.filter(pk=season.pk).update(move_km=1)
    actions.ask_plan(by=world.team, season=season)
    run_waiting()
    job = Job.objects.get(unique_key=reading.key_of(season))
    assert job.status == "failed"
    assert "fixées à la main" in job.error


def test_settings_that_stops_stand_on_do_not_change_under_them(world):
    planned(world)
    with pytest.raises(Refused):
        actions.edit_season(by=world.team, season=world.season, fields={"last_on": day(27)})
    actions.edit_season(by=world.team, season=world.season, fields={"people_per_100_km": 40})
    season = Season.objects.get()
    assert season.bound is None
    assert season.objective == pytest.approx(900 + _bonus(season) - 0.4 * season.km)


def test_the_bound_is_found_again_when_it_may_hold_no_more(world):
    requests = planned(world)
    season = world.season
    best = season.bound
    make_request(world.team, season, 3, people=500)
    season.refresh_from_db()
    assert season.bound is None
    run_waiting()
    season.refresh_from_db()
    assert season.bound > best + 400
    actions.move_stop(by=world.team, season=season, request=requests[0], day=day(9), anyway=True)
    actions.fix_stop(by=world.team, season=season, request=requests[0], is_fixed=False)
    run_waiting()
    season.refresh_from_db()
    assert season.bound >= season.objective


def _bonus(season):
    requests = season.requests.all()
    return sum(row.people * min(row.remoteness / season.far_km, 1) for row in requests)


def test_remoteness_is_the_way_to_another_actor(world):
    request = make_request(
        world.team, world.season, 2, actor=make_actor(world.network, commune=make_commune(*PLACES[2]))
    )
    request = type(request).objects.select_related("season", "commune").get(pk=request.pk)
    assert remoteness_of([request])[request.pk] == pytest.approx(57.9, abs=1)  # From Rodez to Albi.


def test_communes_to_canvass_are_those_far_from_any_actor(world):
    world.network.perimeter.set([make_commune("48095", "Mende", (44.52, 3.5)).department])
    mende = make_commune("48095", "Mende", (44.52, 3.5))
    mende.population = 12_000
    mende.save()
    actions.ask_canvass(by=world.team, season=world.season, halts=2, km=15)
    run_waiting()
    found = Season.objects.get().canvass
    assert (found["communes"], found["covered"], found["gap"]) == ([["48095", "Mende", 12_000]], 12_000, 0)
