"""What who organises does: the list of a date, who came, one registration cancelled, a file; reminders and what is forgotten."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from maillage.accounts.actions import erase_account
from maillage.accounts.signals import suppressed
from maillage.activity.models import Entry
from maillage.attendance import actions
from maillage.attendance.enums import State
from maillage.attendance.models import Registration, Session
from maillage.attendance.queries.standing import counts_of
from maillage.core.errors import Conflict, Refused
from maillage.core.models import Job
from tests.factories.agenda import make_event
from tests.factories.attendance import again, come, later, mails, move_date, open_for, subjects

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(world):
    client = Client()
    client.force_login(world.nadia.user)
    return client


def at(name, *args):
    return reverse(f"attendance:{name}", args=[getattr(each, "pk", each) for each in args])


def test_who_may_edit_the_event_opens_registrations_from_its_page(world, client):
    event = make_event(world.network, "Atelier")
    type(event).objects.filter(pk=event.pk).update(author=world.nadia.user)
    assert at("opening_edit", event) in client.get(reverse("agenda:event_work", args=[event.pk])).content.decode()
    data = {
        "is_open": "on", "per_date": "True", "capacity": "12", "most": "4", "most_group": "30", "groups": "on",
        "opens_on": "", "opens_hour": "", "closes_before": "2", "words": "Apportez un gilet.",
    }  # fmt: skip
    assert client.post(at("opening_edit", event), {**data, "capacity": "0"}).status_code == 422
    assert client.post(at("opening_edit", event), data).status_code == 302
    opening = event.registrations
    assert (opening.capacity, opening.most, opening.groups, opening.closes_before) == (12, 4, True, 2)
    page = Client().get(event.get_absolute_url()).content.decode().replace("\u00a0", " ")
    assert "12 places restantes" in page
    assert f'href="{event.get_absolute_url()}inscription/"' in page
    assert "schema.org/InStock" in page


def test_another_member_reads_no_name(world):
    come(world)
    other = Client()
    other.force_login(world.basile.user)
    for address in (at("board", world.event), at("session_show", world.session), at("session_sheet", world.session)):
        assert other.get(address).status_code == 403
    assert other.post(at("session_export", world.session)).status_code == 403
    with pytest.raises(Refused):
        actions.set_opening(by=world.basile, event=world.event, fields={"capacity": 9})


def test_two_who_set_registrations_at_once_are_told(world, client):
    page = client.get(at("opening_edit", world.event))
    form = page.context["form"]
    data = {
        each.html_name: each.value() for each in form if each.value() not in (None, "") and each.value() is not False
    } | {"vu": form.vu}
    open_for(world, capacity=30)
    answer = client.post(at("opening_edit", world.event), {**data, "capacity": "40"})
    assert answer.status_code == 409
    assert "Valeur actuelle" in answer.content.decode()
    assert again(world.opening).capacity == 30


def test_once_people_count_on_it_a_date_stays_a_date(world, client):
    come(world)
    assert 'name="per_date"' not in client.get(at("opening_edit", world.event)).content.decode()
    with pytest.raises(Conflict):
        open_for(world, per_date=False)


def test_an_event_without_a_date_opens_nothing(world):
    from maillage.agenda.queries.calendar import Schedule

    event = make_event(world.network, "Sur rendez-vous", schedule=Schedule(by_appointment=True))
    with pytest.raises(Refused, match="une date"):
        open_for(world, event)


def test_the_list_has_who_comes_and_who_waits_and_its_file_is_safe_and_noted(world, client):
    come(world, places=2, name="=HYPERLINK(1)")
    come(world, "max@exemple.test", name="Max")
    page = client.get(at("session_show", world.session)).content.decode()
    assert "max@exemple.test" in page
    answer = client.post(at("session_export", world.session))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[1].startswith("'=HYPERLINK(1);lise@exemple.test;2;")
    assert lines[2].split(";")[5:7] == ["en liste d'attente", "1"]
    entry = Entry.objects.get(verb="registrations.exported")
    assert (entry.details, "lise" in entry.label) == ({"count": 2}, False)
    assert "Signature" in client.get(at("session_sheet", world.session)).content.decode()


def test_who_came_is_noted_from_the_day_itself_one_button_each(world, client):
    lise = come(world, places=2)
    assert client.post(at("registration_count", world.session, lise), {"tous": "1"}).status_code == 409
    move_date(world.session, later(minutes=-10))
    address = at("registration_count", world.session, lise)
    for data, came in (({"tous": "1"}, 2), ({"personne": "1"}, 0), ({"venus": "1"}, 1), ({"rien": "1"}, None)):
        assert client.post(address, data).status_code == 302
        assert again(lise).came == came
    assert client.post(address, {"venus": "beaucoup"}).status_code == 422
    assert client.post(address, {"venus": "9999"}).status_code == 422
    client.post(address, {"tous": "1"})
    assert counts_of([world.session], later())[world.session.pk].came == 2


def test_one_registration_is_cancelled_with_a_word_and_the_next_is_served(world, client):
    lise, max_ = come(world, places=2), come(world, "max@exemple.test")
    address = at("registration_remove", world.session, lise)
    assert client.post(address, {"message": " "}).status_code == 422
    assert client.post(address, {"message": "Salle trop petite."}).status_code == 302
    assert (again(lise).state, again(max_).state) == (State.REMOVED, State.OFFERED)
    assert "Salle trop petite." in mails("lise")[-1].text
    assert client.post(address, {"message": "Encore."}).status_code == 409


def test_a_registration_of_another_date_is_not_reached_by_this_one(world, client):
    lise = come(world)
    assert client.post(at("registration_count", world.other, lise), {"tous": "1"}).status_code == 404
    assert client.get(at("registration_remove", world.other, lise)).status_code == 404


def test_the_day_before_each_is_reminded_once(world):
    lise, late = come(world), come(world, "tard@exemple.test")
    Registration.objects.filter(pk=lise.pk).update(confirmed_at=later(days=-3))
    actions.remind.function(Job())
    assert subjects("lise")[-1].startswith("Inscription confirmée")
    move_date(world.session, later(hours=20))
    actions.remind.function(Job())
    actions.remind.function(Job())
    assert [subject for subject in subjects("lise") if subject.startswith("Rappel")] == [
        "Rappel : « Nuit des étoiles »"
    ]
    assert not [subject for subject in subjects("tard") if subject.startswith("Rappel")]
    assert again(late).reminded_at is None


def test_nobody_is_reminded_of_what_is_cancelled(world):
    lise = come(world)
    Registration.objects.filter(pk=lise.pk).update(confirmed_at=later(days=-3))
    type(world.event).objects.filter(pk=world.event.pk).update(status="cancelled")
    move_date(world.session, later(hours=20))
    actions.remind.function(Job())
    assert not [subject for subject in subjects("lise") if subject.startswith("Rappel")]


def test_at_their_term_names_are_forgotten_and_counts_stay(world):
    lise, basile = come(world), come(world, "basile@exemple.test")
    move_date(world.session, later(days=-59))
    actions.forget_registrants.function(Job())
    assert again(lise).name
    move_date(world.session, later(days=-61))
    Registration.objects.filter(pk=lise.pk).update(came=1)
    token = lise.token
    actions.forget_registrants.function(Job())
    for each in (again(lise), again(basile)):
        assert (each.name, each.email, each.user) == ("", "", None)
    counts = counts_of([world.session], later())[world.session.pk]
    assert (counts.registered, counts.taken, counts.came) == (2, 2, 1)
    assert Client().get(reverse("attendance:registration_show", args=[lise.pk, token])).status_code == 404


def test_what_nobody_confirmed_goes_after_two_days(world):
    from tests.factories.attendance import ask

    old, kept = ask(world), ask(world, "max@exemple.test")
    Registration.objects.filter(pk=old.pk).update(created_at=later(days=-3))
    actions.forget_registrants.function(Job())
    assert list(Registration.objects.all()) == [kept]


def test_an_account_that_goes_gives_its_places_to_the_next(world):
    user = world.basile.user
    own = come(world, user.email, 2)
    Registration.objects.filter(pk=own.pk).update(user=user)
    waits = come(world, "max@exemple.test")
    erase_account(by=world.basile, user=user)
    assert (again(own).name, again(own).email, again(own).user) == ("", "", None)
    assert (again(own).state, again(waits).state) == (State.CANCELLED, State.OFFERED)


def test_an_address_that_is_forbidden_is_forgotten_here_too(world):
    lise = come(world)
    suppressed.send(sender=None, email="Lise@exemple.test")
    assert (again(lise).email, again(lise).state) == ("", State.CANCELLED)


def test_a_page_kept_for_visitors_follows_the_places_left(world):
    visitor, address = Client(), world.event.get_absolute_url()

    def page():
        return visitor.get(address).content.decode().replace("\u00a0", " ")

    assert "2 places restantes" in page()
    lise = come(world)
    assert "1 place restante" in page()
    actions.cancel_registration(registration=lise)
    assert "2 places restantes" in page()


def test_another_network_reaches_nothing(world):
    from tests.factories.directory import make_network

    make_network("Ailleurs", host="ailleurs.test")
    lise = come(world)
    elsewhere = Client(HTTP_HOST="ailleurs.test")
    for address in (
        reverse("attendance:register", args=[world.event.slug]),
        reverse("attendance:registration_show", args=[lise.pk, lise.token]),
    ):
        assert elsewhere.get(address).status_code == 404


def test_a_list_costs_the_same_for_one_and_three(world, client, same_queries):
    open_for(world, capacity=100)
    numbers = iter(range(100))

    def add():
        come(world, f"p{next(numbers)}@exemple.test")

    same_queries(page=lambda: client.get(at("session_show", world.session)), add=add)
    same_queries(page=lambda: client.get(at("board", world.event)), add=add)
    same_queries(page=lambda: Client().get(world.event.get_absolute_url()), add=add)


def test_the_whole_of_an_event_closes_at_its_first_date(world):
    open_for(world, per_date=False)
    whole = Session.objects.get(opening=world.opening)
    assert whole.starts_at == world.event.timings.order_by("starts_at").first().starts_at
    assert whole.ends_at - whole.starts_at > timedelta(days=6)


def test_the_api_says_where_one_registers_and_what_is_left(world):
    come(world)
    told = Client().get(f"/api/v1/events/{world.event.pk}").json()["registration"]
    assert (told["state"], told["places_left"]) == ("open", 3)
    assert told["url"].endswith(f"/agenda/{world.event.slug}/inscription/")
    other = make_event(world.network, "Sans inscription")
    assert Client().get(f"/api/v1/events/{other.pk}").json()["registration"] is None


def test_once_the_date_has_begun_nobody_is_taken_off_the_list(world, client):
    lise = come(world)
    move_date(world.session, later(minutes=-5))
    assert client.post(at("registration_remove", world.session, lise), {"message": "Trop tard."}).status_code == 409
    assert again(lise).state == State.CONFIRMED
    page = client.get(at("session_show", world.session)).content.decode()
    assert at("registration_remove", world.session, lise) not in page
