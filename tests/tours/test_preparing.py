"""Seasons and requests: who may, what is refused, who is told."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from maillage.activity.models import Notice
from maillage.catalogue.enums import Kind
from maillage.core.errors import Refused
from maillage.core.viewer import RoleHeld, RoleKind, Viewer
from maillage.tours import actions
from maillage.tours.engine.periods import read_periods, shown_periods
from maillage.tours.enums import RequestState, SeasonState
from maillage.tours.forms import SeasonForm
from maillage.tours.models import HostRequest, Season
from maillage.tours.queries.feasibility import checks_of
from tests.factories.accounts import make_person as make_animator
from tests.factories.directory import make_actor, make_commune, make_network
from tests.factories.loans import make_resource
from tests.factories.publications import make_person
from tests.factories.tours import MONDAY, look_after, make_request, make_season


def test_hosts_ask_for_the_actors_that_they_look_after_while_the_season_is_open(world):
    asked = make_request(world.host, world.season, actor=world.library, feasible=False)
    assert (asked.state, asked.author) == (RequestState.ASKED, world.host.user)
    with pytest.raises(Refused):
        make_request(world.host, world.season, actor=make_actor(world.network), feasible=False)
    draft = make_season(world.team, "draft", name="Automne")
    with pytest.raises(Refused):
        make_request(world.host, draft, actor=world.library, feasible=False)
    stranger = make_person(world.network, "Sacha")
    with pytest.raises(Refused):
        make_request(stranger, world.season, actor=world.library, feasible=False)


def test_a_request_is_seen_by_its_host_and_the_team_alone(world):
    asked = make_request(world.team, world.season, actor=world.library, feasible=False)
    other = make_person(world.network, "Sacha")
    look_after(other, make_actor(world.network))
    assert [set(HostRequest.objects.visible_to(viewer)) for viewer in (world.host, world.team, other)] == [
        {asked},
        {asked},
        set(),
    ]
    elsewhere = make_person(make_network("Ailleurs"), "Ada", "animator")
    assert not HostRequest.objects.visible_to(elsewhere).exists()
    assert not Season.objects.visible_to(elsewhere).exists()


def test_a_refusal_says_why_and_the_host_is_told(world):
    asked = make_request(world.host, world.season, actor=world.library, feasible=False)
    with pytest.raises(Refused):
        actions.judge(by=world.team, request=asked, state="refused")
    with pytest.raises(Refused):
        actions.judge(by=world.host, request=asked, state="feasible")
    actions.judge(by=world.team, request=asked, state="refused", reason="La place est trop petite.")
    told = Notice.objects.filter(kind="tour_answer", user=world.host.user)
    assert {notice.title for notice in told} == {"Le Propulseur ne pourra pas venir chez vous cette saison"}


def test_what_the_place_has_is_read_against_what_the_resource_needs(world):
    asked = make_request(world.team, world.season, surface=40, power="strong", has_access=True, feasible=False)
    held = {check.label: check.holds for check in checks_of(asked)}
    assert held == {
        "Surface": False,
        "Électricité": True,
        "Accès d'un camion": True,
        "Stationnement la nuit": None,
        "Aide au montage": None,
    }


def test_periods_lie_in_the_season_and_end_after_they_begin(world):
    with pytest.raises(Refused):
        make_request(world.team, world.season, windows=[(60, 70)])
    with pytest.raises(ValidationError):
        make_request(world.team, world.season, windows=[(5, 2)])


def test_a_season_holds_a_copy_of_its_resource_and_its_dates_in_order(world):
    with pytest.raises(Refused):
        make_season(world.team, name="À l'envers", last_on=MONDAY - timedelta(days=1))
    with pytest.raises(Refused):
        make_season(world.team, name="Trop longue", last_on=MONDAY + timedelta(days=400))
    with pytest.raises(Refused):
        actions.create_season(by=world.host, fields={})


def test_a_season_goes_by_its_states_alone(world):
    season = world.season
    with pytest.raises(Refused):
        actions.change_state(by=world.team, season=season, state="published")
    make_request(world.team, season)
    with pytest.raises(Refused):
        actions.change_state(by=world.team, season=season, state="draft")
    done = actions.change_state(by=world.team, season=season, state="cancelled", reason="Le camion est vendu.")
    assert (done.state, done.reason) == (SeasonState.CANCELLED, "Le camion est vendu.")
    with pytest.raises(Refused):
        actions.edit_season(by=world.team, season=season, fields={"name": "Encore"})


def test_visitors_see_seasons_once_they_are_opened(world):
    make_season(world.team, "draft", name="Automne")
    assert [str(season) for season in Season.objects.visible_to(world.host)] == ["Printemps du Propulseur"]
    assert Season.objects.visible_to(world.team).count() == 2


def test_periods_are_read_as_they_are_typed():
    typed = "21/12/2026 – 3/1/2027\n\n1.5.2027\ndu 2027-02-08 au 2027-02-19"
    read = [(str(first), str(last)) for first, last in read_periods(typed)]
    assert read == [("2026-12-21", "2027-01-03"), ("2027-02-08", "2027-02-19"), ("2027-05-01", "2027-05-01")]
    assert read_periods(shown_periods(read)) == read_periods(typed)
    for text in ("Noël", "31/2/2027", "3/1/2027 – 21/12/2026", "1/1/2027 2/1/2027 3/1/2027"):
        with pytest.raises(ValueError, match=text.split(maxsplit=1)[0]):
            read_periods(text)


def test_those_whose_copy_goes_on_tour_are_told_and_one_takes_what_is_in_reach(world):
    owner = make_person(world.network, "Odile Musée")
    museum = make_actor(world.network, "Muséum", commune=make_commune("34172", "Montpellier", (43.61, 3.88)))
    look_after(owner, museum)
    panels = make_resource(world.network, museum, "Fossiles", kind=Kind.EXHIBITION)
    user = make_animator(world.network, RoleKind.ANIMATOR, "30", email="gard@exemple.test")
    elsewhere = Viewer(world.network, user, frozenset({RoleHeld(RoleKind.ANIMATOR, "30")}))
    with pytest.raises(Refused, match="département"):
        make_season(elsewhere, "draft", resource=panels, name="Ailleurs")
    offered = [
        SeasonForm(viewer=by).fields["copy"].queryset.filter(resource=panels).count() for by in (elsewhere, world.team)
    ]
    assert offered == [0, 1]
    theirs = make_season(elsewhere, "draft", name="Au Gard")
    with pytest.raises(Refused, match="département"):
        actions.edit_season(by=elsewhere, season=theirs, fields={"resource": panels, "copy": panels.copies.get()})

    season = make_season(world.team, "draft", resource=panels, name="Automne")
    actions.edit_season(by=world.team, season=season, fields={"summary": "Sous la halle"})
    told = Notice.objects.filter(kind="tour_taken", user=owner.user)
    assert len({notice.title for notice in told}) == 1
    actions.edit_season(by=world.team, season=season, fields={"last_on": season.last_on - timedelta(days=7)})
    assert len({notice.title for notice in told.all()}) == 2
    assert not Notice.objects.filter(kind="tour_taken").exclude(user=owner.user).exists()
