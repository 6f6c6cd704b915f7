"""What a tour served: counted once its stops are behind; who is told when the copy is fit no more; two answers at once."""

from datetime import timedelta
from types import SimpleNamespace
from unittest import mock

import pytest
from django.urls import reverse

from maillage.activity.models import Notice
from maillage.catalogue.actions import edit_copy
from maillage.catalogue.enums import CopyState
from maillage.catalogue.models import Use
from maillage.core.errors import Refused
from maillage.core.viewer import Viewer
from maillage.loans.actions import withdraw_copy
from maillage.loans.queries import figures
from maillage.tours import actions
from maillage.tours.actions.minding import count_stops
from tests.factories.tours import MONDAY, make_request


@pytest.fixture
def toured(world: SimpleNamespace) -> SimpleNamespace:
    """A published tour of one stop in Albi, on a Tuesday and a Wednesday."""
    world.asked = make_request(world.team, world.season, actor=world.library)
    actions.move_stop(by=world.team, season=world.season, request=world.asked, day=MONDAY + timedelta(days=1))
    world.season = actions.change_state(by=world.team, season=world.season, state="published")
    return world


def on(day):
    return mock.patch("django.utils.timezone.localdate", return_value=day)


def test_a_stop_that_took_place_counts_once_among_the_uses_of_its_resource(toured):
    count_stops.function(None)
    assert not Use.objects.exists()
    with on(MONDAY + timedelta(days=10)):
        for _time in range(2):
            count_stops.function(None)
        use = Use.objects.get()
        assert (use.resource, use.reached, use.commune) == (toured.season.resource, 200, toured.asked.commune)
        (row,) = figures.uses(toured.team, MONDAY.year)
        assert (row.loans, row.reached, row.days, row.towns) == (0, 200, 2.0, {toured.asked.commune_id})
        (share,) = figures.occupation(toured.team, MONDAY.year)
        assert share.months[2] == pytest.approx(4 / 62)
    (share,) = figures.occupation(toured.team, MONDAY.year)
    assert sum(share.months) == 0


def told_by_its_lender(*, by, copy, note):
    edit_copy(by=by, copy=copy, fields={"state": "repair", "state_note": note})


def found_at_its_return(*, by, copy, note):
    withdraw_copy(by=by, copy=copy, state=CopyState.REPAIR, note=note)


@pytest.mark.parametrize("breaks", [told_by_its_lender, found_at_its_return])
def test_the_team_and_the_hosts_to_come_are_told_once_that_the_copy_broke(toured, breaks):
    system = Viewer.as_system(toured.network, "tests")
    for note in ("Essieu", "Essieu cassé"):
        breaks(by=system, copy=toured.season.copy, note=note)
    team = Notice.objects.filter(kind="tour_endangered", user=toured.team.user, channel="site")
    said = f"Tournée en danger : « Le Propulseur » ({toured.season.copy.label}) est en réparation"
    assert [notice.title.replace("\xa0", " ") for notice in team] == [said]
    host = Notice.objects.filter(kind="tour_answer", user=toured.host.user, channel="site", title__contains="incertain")
    assert host.count() == 1


def test_of_two_who_answer_a_host_at_once_the_second_reads_the_first_and_loses_nothing(world, signed):
    asked = make_request(world.host, world.season, actor=world.library, feasible=False)
    address = reverse("tours:request_work", args=[world.season.pk, asked.pk])
    client = signed(world.team)
    vu = client.get(address).context["form"].vu
    actions.judge(by=world.team, request=asked, state="feasible")
    late = {"vu": vu, "state": "refused", "reason": "La place est trop petite."}
    answer = client.post(address, late)
    assert (answer.status_code, "La place est trop petite." in answer.content.decode()) == (409, True)
    asked.refresh_from_db()
    assert asked.state == "feasible"
    again = client.post(address, {**late, "state": "feasible", "reason": ""})
    assert again.status_code == 302
    assert Notice.objects.filter(kind="tour_answer", user=world.host.user, channel="site").count() == 1
    told = client.get(address).context["form"].vu
    assert client.post(address, {**late, "vu": told}).status_code == 302


def test_a_stop_that_took_place_is_neither_withdrawn_nor_moved(toured):
    with on(MONDAY + timedelta(days=10)):
        count_stops.function(None)
        with pytest.raises(Refused, match="La halte a eu lieu"):
            actions.withdraw(by=toured.team, request=toured.asked)
        with pytest.raises(Refused, match="La halte a eu lieu"):
            actions.move_stop(by=toured.team, season=toured.season, request=toured.asked, day=None)
    assert (Use.objects.count(), toured.season.stops.count()) == (1, 1)
