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
from tests.factories.accounts import make_admin
from tests.factories.directory import make_actor, make_network, make_term
from tests.support.forms import values_of

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


@pytest.mark.parametrize("change", ["state", "circle"])
def test_a_row_of_the_table_after_its_state_or_circle_changed(network, one, other, change):
    actor = make_actor(network, "Muséum")
    page = reverse("directory:actor_row", args=[actor.pk]) + "?colonnes=cercle&colonnes=etat"
    mine = opened(one, page + "&modifier=1", page)
    by = viewer_for(other.user, network)
    if change == "state":
        set_state(by=by, actor=actor, state="hidden")
    else:
        set_circle(by=by, actor=actor, circle=2, reason="vu")
    told = one.post(page, mine | {"name": "Muséum d'ici", "reason": "relu"})
    assert "Quelqu&#x27;un a modifié cette fiche" in told.text
    assert "Muséum d&#x27;ici" in told.text
    actor.refresh_from_db()
    assert actor.name == "Muséum"
    assert actor.listings.get().state == ("hidden" if change == "state" else "published")


@pytest.mark.parametrize(
    ("name", "mine", "theirs"),
    [
        ("settings", {"tagline": "Une accroche"}, {"name": "Autre nom"}),
        ("values", {"invitation_days": "3"}, {"mails_per_hour": "50"}),
    ],
)
def test_the_set_up_of_a_network_changed_by_two(network, one, other, name, mine, theirs):
    page = reverse(f"networks:{name}")
    first, second = opened(one, page), opened(other, page)
    assert one.post(page, first | mine).status_code == 302
    told = other.post(page, second | theirs)
    assert told.status_code == 409
    assert next(iter(theirs.values())) in told.text
    network.refresh_from_db()
    kept = {"tagline": network.tagline, "invitation_days": str(network.setting("invitation_days"))}
    assert mine.items() <= kept.items()


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
