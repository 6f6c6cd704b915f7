"""What others told of a need stays, whoever clicks; a step is closed by those whom it concerns; no date stops a page."""

import pytest
from django.urls import reverse

from maillage.accounts.actions import forbid_address
from maillage.core.errors import Refused
from maillage.core.viewer import RoleKind
from maillage.directory.actions.merging import merge
from maillage.outreach.actions import asking, needs
from maillage.outreach.actions.contacts import finish_step
from maillage.outreach.enums import NeedAnswer, NeedState, Through
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import make_actor, make_commune
from tests.factories.outreach import make_contact, make_need

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(network):
    return viewer(make_person(network, RoleKind.ANIMATOR), network)


@pytest.fixture
def lab(network):
    return make_actor(network, "Labo des eaux", commune=make_commune(), email="labo@exemple.test")


@pytest.fixture
def museum(network):
    return make_actor(network, "Musée des sels", commune=make_commune("30189", "Nîmes"))


@pytest.fixture
def asked(network, team, lab):
    return asking.ask_about(by=team, need=make_need(network, lab, days=5, is_own=True))


def click(client, asked, answer, words=""):
    address = reverse("outreach:need_asked", args=[asked.pk, asked.token])
    return client.post(address, {"reponse": answer, "suite": words})


# --- the personal link --------------------------------------------------------------------------------------------------


def test_a_click_keeps_who_answered_and_the_words_of_the_team(client, team, museum, asked):
    need = asked.need
    needs.answer_need(by=team, need=need, answered_by=museum, through=Through.OFFER, outcome="Atelier le 3 mai")
    assert click(client, asked, "answered", "Autre chose").status_code == 302
    need.refresh_from_db()
    assert (need.answered_by, need.through, need.outcome) == (museum, Through.OFFER, "Atelier le 3 mai")


def test_a_click_completes_an_answer_without_words(client, team, museum, asked):
    need = asked.need
    needs.answer_need(by=team, need=need, answered_by=museum)
    click(client, asked, "answered", "Un bel atelier")
    need.refresh_from_db()
    assert (need.answered_by, need.outcome) == (museum, "Un bel atelier")


@pytest.mark.parametrize("answer", ["kept", "abandoned"])
def test_a_click_undoes_no_answer_of_the_team(client, team, museum, asked, answer):
    needs.answer_need(by=team, need=asked.need, answered_by=museum, outcome="Atelier le 3 mai")
    page = click(client, asked, answer)
    assert page.status_code == 409 and "déjà clos" in page.text
    asked.need.refresh_from_db()
    assert (asked.need.state, asked.need.answered_by) == (NeedState.ANSWERED, museum)


def test_what_the_team_abandoned_is_not_answered_by_a_click(client, team, asked):
    needs.abandon_need(by=team, need=asked.need, outcome="Plus d'actualité")
    assert click(client, asked, "answered").status_code == 409
    asked.need.refresh_from_db()
    assert (asked.need.state, asked.need.outcome) == (NeedState.ABANDONED, "Plus d'actualité")


def test_whoever_holds_the_link_may_change_their_mind(client, asked):
    for answer in (NeedAnswer.ABANDONED, NeedAnswer.ANSWERED, NeedAnswer.KEPT, NeedAnswer.ABANDONED):
        assert click(client, asked, answer).status_code == 302
    asked.need.refresh_from_db()
    assert asked.need.state == NeedState.ABANDONED


def test_an_address_refused_for_good_stays_in_no_asking(client, asked):
    forbid_address(email="Labo@exemple.test", reason="objection")
    asked.refresh_from_db()
    assert asked.email == ""
    assert click(client, asked, "kept").status_code == 410


# --- merging ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("swapped", [False, True])
def test_of_two_sheets_made_one_none_answered_the_other(network, team, lab, museum, swapped):
    need = make_need(network, lab, state="answered", answered_by=museum, through=Through.OWN)
    kept, gone = (museum, lab) if swapped else (lab, museum)
    merge(by=team, kept=kept, gone=gone, chosen={})
    need.refresh_from_db()
    assert (need.actor, need.answered_by, need.state) == (kept, None, NeedState.ANSWERED)


def test_what_a_third_one_answered_follows(network, team, lab, museum):
    third = make_actor(network, "Club astro", commune=make_commune())
    need = make_need(network, third, state="answered", answered_by=museum)
    merge(by=team, kept=lab, gone=museum, chosen={})
    need.refresh_from_db()
    assert (need.actor, need.answered_by) == (third, lab)


# --- the history of a relation ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_moment_out_of_time_is_ignored(client, team, lab, moment):
    client.force_login(team.user)
    assert client.get(reverse("outreach:relation", args=[lab.pk]), {"avant": moment}).status_code == 200


# --- steps of a contact -------------------------------------------------------------------------------------------------


def bound(network, code):
    by = viewer(make_person(network, RoleKind.ANIMATOR, code), network)
    assert not by.animates("30") and by.animates(code)
    return by


def test_a_step_out_of_reach_is_left_to_those_whom_it_concerns(network, team, lab, museum):
    by = bound(network, "34")
    away = make_contact(network, museum, next_step="Rappeler", next_for=team.user)
    with pytest.raises(Refused):
        finish_step(by=by, contact=away)
    assert finish_step(by=team, contact=away).next_done_at


def test_a_step_is_closed_by_whoever_is_to_take_it_or_reaches_one_of_its_actors(network, team, lab, museum):
    by = bound(network, "34")
    own = make_contact(network, museum, next_step="Rappeler", next_for=by.user)
    shared = make_contact(network, museum, lab, next_step="Rappeler", next_for=team.user)
    nobody = make_contact(network, next_step="Rappeler", next_for=team.user)
    for contact in (own, shared, nobody):
        assert finish_step(by=by, contact=contact).next_done_at
