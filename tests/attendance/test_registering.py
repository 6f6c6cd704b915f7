"""Registering without an account or with one: places held and confirmed, fewer places, cancelling; nothing is revealed."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from maillage.agenda.models import Event
from maillage.attendance import actions
from maillage.attendance.enums import State
from maillage.attendance.models import Opening, Registration, Session
from maillage.attendance.queries.standing import date_of, taken_of
from maillage.core import forms
from maillage.core.errors import Conflict, Refused
from tests.factories.attendance import again, ask, come, later, link_in, mails, move_date, open_for, subjects

pytestmark = pytest.mark.django_db


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(forms, "LEAST_SECONDS", 0)


def typed(world, **values):
    page = Client().get(reverse("attendance:register", args=[world.event.slug]))
    kept = {"opened": page.context["form"]["opened"].value(), "session": str(world.session.pk)}
    return {**kept, "name": "Lise Petit", "email": "lise@exemple.test", "places": "2", **values}


def test_a_visitor_registers_and_confirms_by_the_link_of_the_message(world, quick):
    client = Client()
    address = reverse("attendance:register", args=[world.event.slug])
    answer = client.post(address, typed(world))
    assert (answer.status_code, answer["Location"]) == (302, address + "envoyee/")
    registration = Registration.objects.get()
    assert (registration.state, registration.places) == (State.PENDING, 2)
    assert taken_of(world.session, later()) == 2

    (mail,) = mails("lise")
    link = link_in(mail)
    assert "Confirmer" in client.get(link).content.decode()
    assert again(registration).state == State.PENDING  # A link scanner confirms nothing.
    client.post(link, {"acte": "confirmer"})
    assert again(registration).state == State.CONFIRMED
    assert subjects("lise") == [
        "Confirmez votre inscription : « Nuit des étoiles »", "Inscription confirmée : « Nuit des étoiles »",
    ]  # fmt: skip


def test_what_is_not_confirmed_in_time_gives_its_place_back(world):
    first = ask(world, places=2)
    second = ask(world, "max@exemple.test", at=later(hours=3))
    assert again(first).state == State.EXPIRED
    assert second.state == State.PENDING
    # The late one is served all the same, as anyone would be who comes now.
    assert actions.confirm_registration(registration=first, at=later(hours=3)).state == State.WAITING


def test_the_answer_and_the_places_left_are_the_same_for_an_address_that_is_registered(world, quick):
    open_for(world, capacity=10)
    come(world)
    before = taken_of(world.session, later())
    known = Client().post(reverse("attendance:register", args=[world.event.slug]), typed(world))
    after_known = taken_of(world.session, later())
    unknown = Client().post(
        reverse("attendance:register", args=[world.event.slug]), typed(world, email="max@exemple.test")
    )
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert (after_known - before, taken_of(world.session, later()) - after_known) == (2, 2)
    assert "déjà une inscription" in mails("lise")[-1].text
    assert "déjà une inscription" not in mails("max")[-1].text
    twin = Registration.objects.filter(email="lise@exemple.test").last()
    with pytest.raises(Conflict):
        actions.confirm_registration(registration=twin)


def test_an_address_is_written_to_three_times_a_day(world, quick):
    open_for(world, capacity=50)
    address = reverse("attendance:register", args=[world.event.slug])
    answers = {Client().post(address, typed(world))["Location"] for _each in range(4)}
    assert answers == {address + "envoyee/"}
    assert len(mails("lise")) == 3


def test_a_connection_that_asks_too_often_waits(world, quick):
    address = reverse("attendance:register", args=[world.event.slug])
    answers = [Client().post(address, {}).status_code for _each in range(21)]
    assert answers == [422] * 20 + [429]
    cache.clear()


def test_with_an_account_one_is_registered_at_once_under_its_address(world):
    user = world.basile.user
    EmailAddress.objects.get_or_create(user=user, email=user.email, verified=True, primary=True)
    client = Client()
    client.force_login(user)
    address = reverse("attendance:register", args=[world.event.slug])
    assert user.name in client.get(address).content.decode()
    client.post(address, {"session": world.session.pk, "name": user.name, "places": "1", "email": "autre@exemple.test"})
    registration = Registration.objects.get()
    assert (registration.state, registration.email, registration.user) == (State.CONFIRMED, user.email, user)
    assert client.post(address, {"session": world.session.pk, "name": "B", "places": "1"}).status_code == 409
    assert world.event.title in client.get(reverse("attendance:own_list")).content.decode()
    assert "Voir mon inscription" in client.get(world.event.get_absolute_url()).content.decode()


def test_one_gives_places_back_and_never_takes_more(world):
    registration = come(world, places=2)
    for wrong in (0, 2, 3):
        with pytest.raises(Refused):
            actions.reduce_registration(registration=registration, places=wrong)
    actions.reduce_registration(registration=registration, places=1)
    assert date_of(world.session).left == 1
    actions.cancel_registration(registration=registration)
    assert date_of(world.session).left == 2
    assert subjects("lise")[-1] == "Inscription annulée : « Nuit des étoiles »"


def test_a_link_opens_its_own_registration_alone(world):
    one, two = ask(world), ask(world, "max@exemple.test")
    crossed = reverse("attendance:registration_show", args=[one.pk, two.token])
    assert Client().get(crossed).status_code == 404
    assert Client().post(crossed, {"acte": "annuler"}).status_code == 404
    assert again(one).state == State.PENDING


def test_places_are_asked_within_what_one_may_take(world, quick):
    open_for(world, capacity=8, most=3)
    address = reverse("attendance:register", args=[world.event.slug])
    refused = Client().post(address, typed(world, places="4"))
    assert refused.status_code == 422
    assert refused.context["form"].errors == {"places": ["3 places au plus."]}
    assert refused.context["form"]["name"].value() == "Lise Petit"
    with pytest.raises(Refused):
        ask(world, places=4)


def test_a_school_group_says_its_school_and_level_and_takes_more(world, quick):
    open_for(world, capacity=60, groups=True, most_group=30)
    address = reverse("attendance:register", args=[world.event.slug])
    refused = Client().post(address, typed(world, places="25", is_group="on"))
    assert set(refused.context["form"].errors) == {"group_name", "level"}
    made = Client().post(address, typed(world, places="25", is_group="on", group_name="École Jean-Moulin", level="CM2"))
    assert made.status_code == 302
    group = Registration.objects.get()
    assert (group.places, group.group_name, group.level) == (25, "École Jean-Moulin", "CM2")
    open_for(world, groups=False)
    with pytest.raises(Refused):
        ask(world, "max@exemple.test", is_group=True, group_name="École", level="CP")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"is_open": False}, "Les inscriptions sont closes."),
        ({"closes_before": 24 * 30}, "Les inscriptions sont closes."),
    ],
)
def test_what_is_closed_takes_nobody_and_says_so(world, quick, fields, words):
    data = typed(world)
    open_for(world, **fields)
    address = reverse("attendance:register", args=[world.event.slug])
    assert words in Client().get(address).content.decode()
    assert Client().post(address, data).status_code == 422
    with pytest.raises(Refused):
        ask(world)


def test_what_is_not_open_yet_says_when_it_will_be(world):
    day = later(days=2)
    open_for(world, opens_on=day.date())
    with pytest.raises(Refused, match="pas encore ouvertes"):
        ask(world)
    page = Client().get(world.event.get_absolute_url()).content.decode()
    assert "Inscriptions à partir du" in page
    ask(world, at=later(days=3))


def test_a_date_that_began_takes_nobody_and_changes_no_more(world):
    registration = come(world)
    move_date(world.session, later(minutes=-5))
    with pytest.raises(Refused):
        ask(world, "max@exemple.test")
    with pytest.raises(Refused):
        actions.cancel_registration(registration=registration)


@pytest.mark.parametrize("state", ["hidden", "suspended", "draft"])
def test_an_event_that_nobody_reads_takes_nobody(world, state):
    registration = come(world)
    type(world.event).objects.filter(pk=world.event.pk).update(state=state)
    address = reverse("attendance:register", args=[world.event.slug])
    assert Client().get(address).status_code == 404
    team = Client()
    team.force_login(world.team.user)
    assert team.get(address).status_code == 404
    with pytest.raises(Refused):
        ask(world, "max@exemple.test")
    # Who is registered may still give the place back, without reading what was hidden.
    page = Client().get(reverse("attendance:registration_show", args=[registration.pk, registration.token]))
    assert page.status_code == 200
    assert world.event.title not in page.content.decode()


def test_messages_leave_only_while_they_are_true(world):
    from maillage.attendance.notices import still_true

    registration = ask(world)
    assert still_true(f"{registration.pk}:confirm")
    actions.confirm_registration(registration=registration)
    assert not still_true(f"{registration.pk}:confirm")
    assert still_true(f"{registration.pk}:reminder")
    assert not still_true("999999:settled")


def test_a_hold_never_outlasts_the_beginning(world):
    move_date(world.session, later(minutes=30))
    registration = ask(world)
    assert registration.expires_at is not None
    assert registration.expires_at <= world.session.starts_at
    assert registration.expires_at - later() < timedelta(hours=1)


def test_when_the_chosen_date_takes_nobody_any_more_the_one_that_is_left_is_chosen_knowingly(world):
    address = reverse("attendance:register", args=[world.event.slug])
    Session.objects.filter(pk=world.session.pk).update(is_off=True)
    answer = Client().post(address, {"session": str(world.session.pk), "name": "Lise", "places": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'type="radio" name="session" value="{world.other.pk}"' in page
    assert "Erreur\u00a0: Erreur" not in page


def test_before_registrations_open_the_page_says_when_by_the_clock_of_the_place(world):
    far = later(days=3)
    Opening.objects.update(opens_at=far)
    Session.objects.filter(pk=world.session.pk).update(is_off=True)
    Event.objects.filter(pk=world.event.pk).update(zone="Indian/Reunion")
    page = Client().get(reverse("attendance:register", args=[world.event.slug])).content.decode()
    local = far.astimezone(ZoneInfo("Indian/Reunion"))
    assert "pas encore ouvertes" in page
    assert f"à {local:%-H}" in page


def test_invented_addresses_do_not_empty_an_event(world):
    open_for(world, capacity=40)
    held = [ask(world, f"invente{number}@exemple.test", places=5) for number in range(8)]
    assert [each.state for each in held] == [State.PENDING] * 4 + [State.ASKED] * 4
    there = ask(world, "lise@exemple.test", places=2)
    assert actions.confirm_registration(registration=there, at=later()).state == State.CONFIRMED
