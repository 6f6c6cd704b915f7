"""The tours of the demonstration: one on the road, one proposed for forty weeks, one that takes requests."""

import pytest

from maillage.catalogue.models import Occupancy
from maillage.tours.engine.appraisal import appraise, hard
from maillage.tours.enums import RequestState
from maillage.tours.models import HostRequest, Season, Stop
from maillage.tours.queries.stating import statement

pytestmark = pytest.mark.once


def test_three_seasons_of_the_lorry_are_in_three_states(demo):
    seasons = Season.objects.filter(network=demo.south).order_by("first_on")
    assert [season.state for season in seasons] == ["published", "planned", "open"]
    assert seasons[1].requests.count() == 60
    assert (seasons[1].last_on - seasons[1].first_on).days > 39 * 7


def test_proposed_tours_keep_their_rules_and_hold_the_lorry(demo):
    for season in Season.objects.filter(network=demo.south, stops__isnull=False).distinct():
        stated = statement(season)
        told = appraise(stated.season, stated.stays)
        assert not hard(stated.season, told.faults)
        assert len(stated.stays) == season.stops.count() > 6
        assert season.bound >= season.objective == pytest.approx(told.objective)
    halves = sum(2 * ((stop.last_on - stop.first_on).days + 1) for stop in Stop.objects.all())
    assert Occupancy.objects.filter(hold__booking__kind="tour").count() == halves


def test_requests_are_in_every_state_but_withdrawn(demo):
    states = set(HostRequest.objects.values_list("state", flat=True))
    assert states == {RequestState.ASKED, RequestState.FEASIBLE, RequestState.REFUSED, RequestState.SERVED}
    left = HostRequest.objects.filter(state=RequestState.FEASIBLE, season__state="planned")
    assert left.exclude(left_out="").exists()
