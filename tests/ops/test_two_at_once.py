"""Two people write the same thing at once: the second is told, and nothing of either is lost."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from maillage.accounts.queries import viewer_for
from maillage.activity.models import Entry
from maillage.directory.actions import set_circle, set_state, update_actor
from maillage.directory.actions.bulk_edit import BulkChange, start_bulk
from maillage.directory.models import Listing, Qualification
from maillage.networks.models import ConsortiumMember
from tests.factories.accounts import make_admin, make_platform_admin
from tests.factories.directory import make_actor, make_commune, make_network, make_term
from tests.support.forms import Forms, values_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def network():
    return make_network(host="testserver")


@pytest.fixture
def one(network):
    return signed_in(network)


@pytest.fixture
def other(network):
    return signed_in(network)


def signed_in(network):
    client = Client()
    client.user = make_admin(network)
    client.force_login(client.user)
    return client


def opened(client, page, action=""):
    """The form that someone has before the eyes, as it would be sent."""
    return values_of(client.get(page), action or page)


def test_an_actor_edited_by_two(network, one, other):
    actor = make_actor(network, "Muséum", website="https://avant.example", phone="04 67 00 00 00")
    page = reverse("directory:actor_edit_step", args=[actor.pk, "contact"])
    mine, theirs = opened(one, page), opened(other, page)
    assert one.post(page, mine | {"website": "https://un.example"}).status_code == 302
    told = other.post(page, theirs | {"website": "https://deux.example"})
    assert told.status_code == 409
    assert "https://un.example" in told.text
    assert 'value="https://deux.example"' in told.text
    actor.refresh_from_db()
    assert actor.website == "https://un.example"


def test_a_bulk_change_during_an_edit(network, one, other):
    families = [make_term("family", slug) for slug in ("musee", "association")]
    actor = make_actor(network, "Muséum", family=families[0])
    page = reverse("directory:actor_edit", args=[actor.pk])
    mine = opened(one, page, reverse("directory:actor_edit_step", args=[actor.pk, "identite"]))
    by = viewer_for(other.user, network)
    start_bulk(by=by, ids=[actor.pk], change=BulkChange(family=families[1].pk, source="Forum"))
    told = one.post(reverse("directory:actor_edit_step", args=[actor.pk, "identite"]), mine | {"name": "Muséum d'ici"})
    actor.refresh_from_db()
    assert actor.family == families[1]
    assert (told.status_code, actor.name) == (302, "Muséum d'ici") or told.status_code == 409


def test_a_circle_given_by_two(network, one, other):
    actor = make_actor(network, "Muséum")
    page, action = (reverse(f"directory:{name}", args=[actor.pk]) for name in ("actor_work", "actor_qualify"))
    mine, theirs = opened(one, page, action), opened(other, page, action)
    assert one.post(action, mine | {"circle": "1", "reason": "Mission première"}).status_code == 302
    told = other.post(action, theirs | {"circle": "3", "reason": "Très occasionnel"})
    assert told.status_code == 409
    assert "Très occasionnel" in told.text
    assert Qualification.objects.get(actor=actor).circle == 1
    again = other.post(action, opened(other, page, action) | {"circle": "3", "reason": "Très occasionnel"})
    assert again.status_code == 302
    assert Qualification.objects.in_force().get(actor=actor).circle == 3


ROW = "colonnes=cercle&colonnes=famille&colonnes=etat&colonnes=resume"


def test_a_row_of_the_table_edited_by_two_keeps_what_each_changed(network, one, other):
    family = make_term("family", "musee")
    actor = make_actor(network, "Muséum", summary="Avant")
    page = f"{reverse('directory:actor_row', args=[actor.pk])}?{ROW}"
    mine, theirs = opened(one, page + "&modifier=1", page), opened(other, page + "&modifier=1", page)
    assert one.post(page, mine | {"summary": "Après", "family": str(family.pk)}).status_code == 200
    set_state(by=viewer_for(one.user, network), actor=actor, state="hidden")
    set_circle(by=viewer_for(one.user, network), actor=actor, circle=2, reason="vu")
    assert other.post(page, theirs | {"name": "Muséum d'ici"}).status_code == 200
    actor.refresh_from_db()
    assert (actor.name, actor.summary, actor.family) == ("Muséum d'ici", "Après", family)
    assert (actor.listings.get().state, Qualification.objects.get().circle) == ("hidden", 2)


def test_the_same_cell_changed_by_two_is_told_with_both_values(network, one, other):
    actor = make_actor(network, "Muséum", summary="Avant")
    page = f"{reverse('directory:actor_row', args=[actor.pk])}?{ROW}"
    mine, theirs = opened(one, page + "&modifier=1", page), opened(other, page + "&modifier=1", page)
    one.post(page, mine | {"summary": "De la première", "name": "Muséum d'ici", "circle": "1", "reason": "vu"})
    told = other.post(page, theirs | {"summary": "Du second", "circle": "3", "reason": "relu"})
    assert told.status_code == 409
    assert "Quelqu&#x27;un a changé ce que vous modifiez" in told.text
    sent = Forms(told.text, page).values
    # What was typed is kept, what is stored is beside it; the name, left alone, is the new one.
    assert (sent["summary"], sent["circle"], sent["reason"], sent["name"]) == ("Du second", "3", "relu", "Muséum d'ici")
    assert "</strong> De la première</p>" in told.text and "</strong> 1</p>" in told.text
    actor.refresh_from_db()
    assert (actor.summary, Qualification.objects.get().circle) == ("De la première", 1)
    assert other.post(page, sent).status_code == 200
    actor.refresh_from_db()
    assert (actor.name, actor.summary) == ("Muséum d'ici", "Du second")
    assert Qualification.objects.in_force().get().circle == 3


def set_up_of(network):
    """Each form of the set-up: what two people change apart, then the same field, which its page shows."""
    term = make_term("theme", "astronomie")
    member = ConsortiumMember.objects.create(network=network, name="Association", role="Avant")
    text = {"body": "<p>Texte de la seconde</p>"}
    return {
        "settings": (reverse("networks:settings"), {"tagline": "Une accroche"}, {"tagline": "Autre accroche"}),
        "values": (reverse("networks:values"), {"invitation_days": "3"}, {"invitation_days": "50"}),
        "perimeter": (reverse("networks:perimeter"), {"perimeter": "commune:31555"}, {"perimeter": "departement:31"}),
        "text": (reverse("networks:legal_text", args=["notice"]), {"body": "<p>Texte de la première</p>"}, text),
        "member": (reverse("networks:consortium_update", args=[member.pk]), {"role": "Après"}, {"role": "Autre rôle"}),
        "words": (
            reverse("networks:vocabulary", args=["theme"]),
            {f"label-{term.pk}": "Ciel"},
            {f"label-{term.pk}": "Espace"},
        ),
        "platform": (reverse("networks:network_update", args=[network.pk]), {"host": "un.test"}, {"host": "deux.test"}),
    }


SHOWN = {
    "settings": "Une accroche",
    "values": "3",
    "perimeter": "commune:31555 Toulouse",
    "text": "Texte de la première",
    "member": "Après",
    "words": "Ciel",
    "platform": "un.test",
}


@pytest.mark.parametrize("name", SHOWN)
def test_the_set_up_of_a_network_changed_by_two(network, name):
    make_commune("31555", "Toulouse", (43.6, 1.44))
    people = [Client(), Client()]
    for client in people:
        client.force_login(make_platform_admin() if name == "platform" else make_admin(network))
    one, other = people
    address, mine, theirs = set_up_of(network)[name]
    network.host = None
    network.save()
    first, second = opened(one, address), opened(other, address)
    assert one.post(address, first | mine).status_code == 302
    told = other.post(address, second | theirs, headers={"host": "un.test"} if name == "platform" else {})
    assert told.status_code == 409
    assert f"</strong> {SHOWN[name]}</p>" in told.text
    sent = Forms(told.text, address).values
    assert theirs.items() <= sent.items()
    assert other.post(address, sent).status_code == 302


def test_what_two_people_change_of_a_network_apart_is_kept(network, one, other):
    page = reverse("networks:settings")
    first, second = opened(one, page), opened(other, page)
    assert one.post(page, first | {"tagline": "Une accroche"}).status_code == 302
    assert other.post(page, second | {"name": "Autre nom"}).status_code == 302
    network.refresh_from_db()
    assert (network.tagline, network.name) == ("Une accroche", "Autre nom")


@pytest.mark.django_db(transaction=True)
def test_acts_of_two_networks_on_the_same_actors_never_wait_for_each_other():
    """Without one order of locks, PostgreSQL would break a circle of waits by making one of the acts fail."""
    here, there = make_network(host="testserver"), make_network("Réseau voisin")
    actors = [make_actor(network, f"Musée {n}") for n, network in enumerate((here, there, here))]
    sides = [viewer_for(make_admin(network), network) for network in (here, there)]
    for by in sides:
        for actor in actors:
            Listing.objects.get_or_create(network=by.network, actor=actor, defaults={"state": "published"})

    qualified = []

    def live(number):
        by = sides[number % 2]
        chance = Random(number)
        try:
            for turn in range(12):
                act(by, chance, f"{number}.{turn}")
        finally:
            connection.close()

    def act(by, chance, text):
        mine = [actor for actor in actors if actor.home_network_id == by.network_id]
        actor = chance.choice(actors)
        match chance.randrange(4):
            case 0:
                update_actor(by=by, actor=chance.choice(mine), values={"summary": text})
            case 1:
                set_state(by=by, actor=actor, state=chance.choice(["published", "hidden"]))
            case 2:
                set_circle(by=by, actor=actor, circle=chance.choice([1, 2, 3]), reason=text)
                qualified.append(text)
            case 3:
                start_bulk(by=by, ids=[each.pk for each in actors], change=BulkChange(source=text))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(live, range(4)))
    entries = Entry.objects.filter(verb="actor.qualify")
    assert sorted(entry.details["reason"] for entry in entries) == sorted(qualified)
