"""Partnerships: declared by one, confirmed by the other, counted once (MAT-6)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from maillage.activity.models import Entry
from maillage.core.errors import Conflict, Refused
from maillage.core.jobs import run_waiting
from maillage.directory.actions.merging import merge
from maillage.directory.models import ActorMember
from maillage.outreach.actions import partnerships as actions
from maillage.outreach.models import Partnership
from maillage.outreach.queries import partnerships as queries
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import make_actor, make_commune, make_network
from tests.factories.outreach import make_introduction, make_partnership

pytestmark = pytest.mark.django_db
TITLE = "Un cycle d'ateliers sur l'eau"


@pytest.fixture
def one(network):
    return make_actor(network, "Maison de l'eau", email="eau@exemple.test", commune=make_commune())


@pytest.fixture
def other(network):
    return make_actor(
        network, "Collège des sources", email="college@exemple.test", commune=make_commune("30189", "Nîmes")
    )


def represent(network, actor):
    person = make_person(network)
    ActorMember.objects.create(actor=actor, user=person)
    return viewer(person, network)


def test_the_other_side_confirms_and_it_counts(network, animator, one, other, smtp_server):
    made = actions.declare_partnership(by=represent(network, one), actor=one, other=other, title=TITLE)
    assert queries.count_partnerships(animator).confirmed == 0
    run_waiting()
    (message,) = smtp_server.received
    assert message["To"] == "college@exemple.test"
    assert made.token in message.get_body(("plain",)).get_content()
    with pytest.raises(Refused):
        actions.decide_partnership(by=represent(network, one), partnership=made, confirmed=True)
    for _click in range(2):
        actions.decide_by_link(partnership=made, confirmed=True)
    assert queries.count_partnerships(animator).confirmed == 1
    assert Entry.objects.filter(verb="partnership.confirmed").count() == 1
    with pytest.raises(Conflict):
        actions.decide_by_link(partnership=made, confirmed=False)


def test_declared_by_both_it_is_one_and_confirmed(network, animator, one, other):
    first = actions.declare_partnership(by=represent(network, one), actor=one, other=other, title=TITLE)
    with pytest.raises(Refused, match="qu'une fois"):
        actions.declare_partnership(by=animator, actor=one, other=other, title=f"  {TITLE.upper()} ")
    second = actions.declare_partnership(by=represent(network, other), actor=other, other=one, title=TITLE.upper())
    assert (second.pk, second.state) == (first.pk, "confirmed")
    assert Partnership.objects.count() == 1
    actions.declare_partnership(by=animator, actor=one, other=other, title="Autre chose")
    assert Partnership.objects.count() == 2


def test_the_database_holds_one_row_a_pair_and_object(network, one, other):
    make_partnership(network, one, other)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_partnership(network, other, one, title=TITLE.upper())
    with pytest.raises(IntegrityError), transaction.atomic():
        Partnership.objects.create(network=network, first=other, second=one, title="À l'envers")


def test_refused_is_not_counted_and_may_be_confirmed_after_all(network, animator, one, other):
    made = make_partnership(network, one, other)
    actions.decide_partnership(by=animator, partnership=made, confirmed=False)
    assert queries.count_partnerships(animator) == queries.PartnershipCount("", "Tous", 0, 1)
    actions.decide_partnership(by=animator, partnership=made, confirmed=True)
    assert queries.count_partnerships(animator).confirmed == 1


def test_strangers_other_networks_and_the_future_are_refused(network, animator, one, other):
    stranger = viewer(make_person(network), network)
    with pytest.raises(Refused):
        actions.declare_partnership(by=stranger, actor=one, other=other, title=TITLE)
    with pytest.raises(Refused):
        actions.declare_partnership(by=animator, actor=one, other=one, title=TITLE)
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Refused):
        actions.declare_partnership(by=animator, actor=one, other=other, title=TITLE, began_on=tomorrow)
    with pytest.raises(ValidationError):
        actions.declare_partnership(by=animator, actor=one, other=other, title="")
    elsewhere = make_network()
    outsider = viewer(make_person(elsewhere, "animator"), elsewhere)
    with pytest.raises(Refused):
        actions.decide_partnership(by=outsider, partnership=make_partnership(network, one, other), confirmed=True)


def test_an_old_link_or_another_address_confirms_nothing(client, network, one, other):
    made = make_partnership(network, one, other, expires_at=timezone.now() - timedelta(days=1))
    url = reverse("outreach:partnership_link", args=[made.pk, made.token])
    assert client.get(url).status_code == 410
    assert client.post(url, {"reponse": "oui"}).status_code == 410
    with pytest.raises(Refused):
        actions.decide_by_link(partnership=made, confirmed=True)


def test_the_message_that_asks_to_confirm_may_be_stopped_by_its_link_alone(client, animator, one, other, smtp_server):
    made = actions.declare_partnership(by=animator, actor=one, other=other, title=TITLE)
    run_waiting()
    message = smtp_server.received.pop()
    url = reverse("outreach:partnership_stop", args=[made.pk, made.token])
    assert message["List-Unsubscribe"].endswith(f"{url}>")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert url in message.get_body(("plain",)).get_content()
    assert client.get(url).status_code == 200
    assert actions.ask_again(by=animator, partnership=made)
    made.refresh_from_db()  # A new link, to the same address.
    assert client.post(reverse("outreach:partnership_stop", args=[made.pk, made.token])).status_code == 200
    run_waiting()
    smtp_server.received.clear()
    assert not actions.ask_again(by=animator, partnership=made)
    actions.declare_partnership(by=animator, actor=one, other=other, title="Autre chose")
    run_waiting()
    assert smtp_server.received == []
    made.refresh_from_db()
    assert client.get(reverse("outreach:partnership_link", args=[made.pk, made.token])).status_code == 200


def test_the_link_of_a_former_address_stops_nothing(client, network, one, other):
    made = make_partnership(network, one, other, email="ancienne@exemple.test")
    client.post(reverse("outreach:partnership_stop", args=[made.pk, made.token]))
    made.refresh_from_db()
    assert made.stopped_at is None


def test_merging_does_not_lose_a_wish_to_be_left_alone(network, animator, one, other):
    twin = make_actor(network, "Maison de l'eau bis")
    make_partnership(network, one, other)
    make_partnership(network, other, twin, stopped_at=timezone.now())
    merge(by=animator, kept=one, gone=twin, chosen={})
    assert Partnership.objects.get().stopped_at is not None


def test_merging_counts_the_same_partnership_once_and_keeps_it_confirmed(network, animator, one, other):
    twin = make_actor(network, "Maison de l'eau bis")
    make_partnership(network, one, other)
    make_partnership(network, other, twin, state="confirmed")
    make_partnership(network, one, twin, title="Ensemble")
    kept, gone = one, twin
    merge(by=animator, kept=kept, gone=gone, chosen={})
    held = Partnership.objects.get()
    assert {held.first_id, held.second_id} == {one.pk, other.pk}
    assert held.state == "confirmed"


def test_merging_keeps_the_order_of_the_pair_and_who_declared(network, animator, one, other):
    later = make_actor(network, "Venue plus tard")
    made = make_partnership(network, one, other)
    assert made.by_first
    merge(by=animator, kept=later, gone=one, chosen={})
    made = Partnership.objects.get()
    assert (made.first, made.second, made.declarer) == (other, later, later)


def test_figures_by_department_and_mission(network, animator, one, other):
    make_partnership(network, one, other, state="confirmed")
    make_partnership(network, one, other, title="Déclaré")
    by_place = queries.count_partnerships_by_department(animator)
    assert [(line.key, line.confirmed, line.declared) for line in by_place] == [("30", 1, 2), ("34", 1, 2)]
    assert [(line.label, line.confirmed) for line in queries.count_partnerships_by_mission(animator)] == [
        ("Sans mission", 1)
    ]


def test_a_representative_declares_confirms_and_tells_on_its_own_page(client, network, animator, one, other):
    person = make_person(network)
    ActorMember.objects.create(actor=other, user=person)
    client.force_login(person)
    made = make_partnership(network, one, other)
    introduction = make_introduction(network, one, other, met=20)
    page = client.get(reverse("outreach:own_relations"))
    assert TITLE in page.content.decode().replace("&#x27;", "'")
    client.post(reverse("outreach:partnership_decide", args=[made.pk]), {"reponse": "oui"})
    made.refresh_from_db()
    assert (made.state, made.decided_by) == ("confirmed", person)
    client.post(reverse("outreach:own_outcome", args=[introduction.pk]), {"answer": "project"})
    introduction.refresh_from_db()
    assert introduction.ending == "project"
    data = {"actor": str(other.pk), "other": str(one.pk), "title": "Une exposition", "began_on": "2026-01-15"}
    assert client.post(reverse("outreach:own_relations"), data).status_code == 302
    assert Partnership.objects.get(title="Une exposition").declarer == other
    wrong = client.post(reverse("outreach:own_relations"), data | {"title": "", "other_text": "", "other": ""})
    assert wrong.status_code == 422
    assert Partnership.objects.count() == 2


def test_a_project_told_by_the_link_is_declared_from_there(client, network, one, other):
    introduction = make_introduction(network, one, other, met=20)
    side = introduction.found
    url = reverse("outreach:introduction_news", args=[side.pk, side.token])
    client.get(url + "?reponse=project")
    introduction.refresh_from_db()
    assert introduction.ending == ""
    client.post(url, {"answer": "project"})
    assert "Déclarer ce partenariat" in client.get(url).content.decode()
    assert client.post(url, {"objet": " "}).status_code == 422
    client.post(url, {"objet": TITLE})
    made = Partnership.objects.get()
    assert (made.declarer, made.introduction) == (other, introduction)


def test_lists_cost_the_same_whatever_they_hold(client, animator, network, one, same_queries):
    def add():
        another = make_actor(network)
        make_partnership(network, one, another)
        make_introduction(network, one, another, met=3)

    for name in ("partnership_list", "introduction_list"):
        assert same_queries(page=lambda name=name: client.get(reverse(f"outreach:{name}")), add=add) < 40
