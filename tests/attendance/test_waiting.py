"""The waiting list: in order, offered what fits, with a term; never more places than there are."""

from datetime import timedelta

import pytest
from django.test import Client

from maillage.agenda.actions import tell_status
from maillage.attendance import actions
from maillage.attendance.enums import State
from maillage.attendance.queries.links import rank_of
from maillage.attendance.queries.standing import date_of, taken_of
from maillage.core.errors import Conflict
from maillage.core.models import Job
from tests.factories.attendance import again, ask, come, later, mails, move_date, open_for, subjects

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(world):
    """Lise has both places; Max, then Zoé with two, then Ali wait."""
    world.lise = come(world, places=2)
    world.max, world.zoe, world.ali = (
        come(world, "max@exemple.test"), come(world, "zoe@exemple.test", 2), come(world, "ali@exemple.test"),
    )  # fmt: skip
    return world


def states(*registrations):
    return [again(each).state for each in registrations]


def minded():
    actions.mind_places.function(Job())


def test_one_who_comes_when_it_is_full_waits_and_reads_the_rank(full):
    assert states(full.max, full.zoe, full.ali) == [State.WAITING] * 3
    assert [rank_of(again(each)) for each in (full.max, full.zoe, full.ali)] == [1, 2, 3]
    assert "au rang 2" in mails("zoe")[-1].text
    from django.urls import reverse

    page = Client().get(reverse("attendance:registration_show", args=[full.ali.pk, full.ali.token])).content.decode()
    assert "Rang dans la liste d’attente</dt><dd>3" in page
    public = Client().get(full.event.get_absolute_url()).content.decode()
    assert "Complet : liste d’attente" in public.replace("\u00a0", " ")


def test_a_place_that_comes_free_goes_to_the_first_whom_it_suits(full):
    actions.cancel_registration(registration=full.lise)
    # Two places: one for Max, then not two for Zoé but one for Ali.
    assert states(full.max, full.zoe, full.ali) == [State.OFFERED, State.WAITING, State.OFFERED]
    assert taken_of(full.session, later()) == 2
    assert subjects("max")[-1] == "Une place s'est libérée : « Nuit des étoiles »"
    actions.accept_offer(registration=full.max)
    actions.decline_offer(registration=full.ali)
    assert states(full.max, full.zoe, full.ali) == [State.CONFIRMED, State.WAITING, State.DECLINED]
    assert rank_of(again(full.zoe)) == 1
    actions.cancel_registration(registration=full.max)
    assert states(full.zoe) == [State.OFFERED]


def test_one_who_comes_next_does_not_pass_before_an_offer(full):
    actions.cancel_registration(registration=full.lise)
    assert ask(full, "eva@exemple.test").state == State.ASKED


def test_an_offer_left_without_an_answer_goes_to_the_next(full, monkeypatch):
    actions.reduce_registration(registration=full.lise, places=1)
    assert states(full.max, full.ali) == [State.OFFERED, State.WAITING]
    type(full.max).objects.filter(pk=full.max.pk).update(expires_at=later(minutes=-1))
    minded()
    assert states(full.max, full.ali) == [State.LAPSED, State.OFFERED]
    assert subjects("max")[-1] == "La place proposée n'est plus gardée : « Nuit des étoiles »"
    with pytest.raises(Conflict):
        actions.accept_offer(registration=full.max)


def test_an_answer_that_comes_after_its_term_is_too_late_even_if_nothing_passed_meanwhile(full):
    actions.reduce_registration(registration=full.lise, places=1)
    with pytest.raises(Conflict):
        actions.accept_offer(registration=full.max, at=later(hours=25))


def test_the_term_is_that_of_the_network_and_never_after_the_beginning(full):
    full.network.settings["registration_offer_hours"] = 48
    full.network.save()
    actions.reduce_registration(registration=full.lise, places=1)
    expires = again(full.max).expires_at
    assert timedelta(hours=47) < expires - later() < timedelta(hours=49)
    actions.decline_offer(registration=full.max)
    move_date(full.session, later(hours=3))
    actions.decline_offer(registration=full.ali)
    assert states(full.zoe) == [State.WAITING]


def test_nothing_is_offered_once_the_date_has_begun(full):
    move_date(full.session, later(minutes=-1))
    type(full.lise).objects.filter(pk=full.lise.pk).update(state=State.CANCELLED)
    minded()
    assert states(full.max) == [State.WAITING]


def test_more_places_are_offered_at_once(full):
    open_for(full, capacity=4)
    assert states(full.max, full.zoe, full.ali) == [State.OFFERED, State.WAITING, State.OFFERED]
    open_for(full, capacity=6)
    assert states(full.zoe) == [State.OFFERED]


def test_fewer_places_than_are_taken_are_refused_in_words(full):
    with pytest.raises(actions.TooFew, match="2 places sont déjà prises"):
        open_for(full, capacity=1)
    assert again(full.opening).capacity == 2
    with pytest.raises(actions.TooFew):
        actions.set_size(by=full.nadia, session=full.session, capacity=1)
    actions.set_size(by=full.nadia, session=full.session, capacity=3)
    assert states(full.max) == [State.OFFERED]
    # A date that has its own number follows the others no more.
    open_for(full, capacity=1)
    assert (again(full.session).size, again(full.other).size) == (3, 1)


def test_fewer_people_may_suit_what_is_left(full):
    actions.reduce_registration(registration=full.lise, places=1)
    actions.decline_offer(registration=full.max)
    actions.cancel_registration(registration=full.ali)
    assert states(full.zoe) == [State.WAITING]
    actions.reduce_registration(registration=full.zoe, places=1)
    assert states(full.zoe) == [State.OFFERED]


def test_an_event_said_full_leads_to_the_list_and_only_what_comes_free_is_offered(world):
    first = come(world)
    tell_status(by=world.nadia, event=world.event, status="full")
    waiting = come(world, "max@exemple.test")
    assert waiting.state == State.WAITING  # Though a place is left: who organises keeps it.
    assert date_of(again(world.session)).standing == "full"
    second = come(world, "zoe@exemple.test")
    actions.cancel_registration(registration=first)
    assert states(waiting, second) == [State.OFFERED, State.WAITING]
    tell_status(by=world.nadia, event=world.event, status="scheduled")
    assert states(second) == [State.OFFERED]


def test_of_a_cancelled_event_nothing_is_offered_until_it_is_back(full):
    tell_status(by=full.nadia, event=full.event, status="cancelled")
    actions.cancel_registration(registration=full.lise)
    assert states(full.max) == [State.WAITING]
    tell_status(by=full.nadia, event=full.event, status="scheduled")
    assert states(full.max, full.ali) == [State.OFFERED, State.OFFERED]


def test_of_an_event_said_full_places_given_back_one_by_one_are_kept_for_who_needs_two(world):
    first, second = come(world), come(world, "omar@exemple.test")
    tell_status(by=world.nadia, event=world.event, status="full")
    pair = come(world, "zoe@exemple.test", 2)
    actions.cancel_registration(registration=again(first))
    assert states(pair) == [State.WAITING]

    actions.cancel_registration(registration=again(second))

    assert states(pair) == [State.OFFERED]
