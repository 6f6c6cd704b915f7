"""What another network shared goes into the letter, the radio and what one follows of its host, under its address at home."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from maillage.agenda.actions.stating import feature_event
from maillage.communities.actions.following import follow
from maillage.core.jobs import run_waiting
from maillage.core.viewer import RoleKind
from maillage.newsletters.queries.candidates import Asked, shelves
from maillage.newsletters.queries.checks import written
from maillage.newsletters.queries.reading import content_of
from maillage.radio.queries.candidates import asked_of, candidates
from maillage.radio.queries.linked import linked_episode
from maillage.radio.queries.order import order_of
from maillage.radio.queries.reading import mentions_of
from maillage.sharing import actions
from maillage.sharing.registry import kind_named
from tests.factories.accounts import make_person, viewer
from tests.factories.agenda import make_event
from tests.factories.directory import make_network, make_term
from tests.factories.newsletters import make_letter
from tests.factories.publications import make_publication
from tests.factories.radio import make_episode, make_show

pytestmark = pytest.mark.django_db


@pytest.fixture
def taker(network):
    """Who runs the network of the test client, host of what « Réseau voisin » shares."""
    return viewer(make_person(network, RoleKind.ANIMATOR, email="prend@exemple.test"), network)


@pytest.fixture
def giver():
    home = make_network("Réseau voisin", host="voisin.test")
    return viewer(make_person(home, RoleKind.ANIMATOR, email="donne@exemple.test"), home)


@pytest.fixture
def theme():
    return make_term("theme", "astronomie")


@pytest.fixture
def event(giver, theme):
    made = make_event(giver.network, "Nuit des étoiles", terms=[theme])
    return feature_event(by=giver, event=made, featured=True)


@pytest.fixture
def text(giver, theme):
    return make_publication(giver, "Ce que disent les lucioles", terms=[theme])


def share(content, giver, taker):
    kind = kind_named("evenement" if content._meta.model_name == "event" else "texte")
    (proposed,) = actions.propose(by=giver, kind=kind, content=content, to=[taker.network])
    accepted = actions.accept(by=taker, share=proposed)
    run_waiting()
    taker.network.refresh_from_db()
    return accepted


def proposed_for(letter):
    today = timezone.localdate()
    found = shelves(letter, Asked(since=today - timedelta(days=30), until=today + timedelta(days=30)))
    return {each.title: (each.url, each.is_featured) for shelf in found for each in shelf.candidates}


def test_a_letter_takes_what_was_shared_and_leaves_out_what_is_taken_back(giver, taker, event, text):
    letter = make_letter(taker, "Décembre", event, text)
    assert (proposed_for(letter), letter.blocks.exists()) == ({}, False)
    shares = [share(content, giver, taker) for content in (event, text)]
    addresses = {each.title: f"http://voisin.test{each.get_absolute_url()}" for each in (event, text)}
    letter = make_letter(taker, "Décembre", event, text)

    assert proposed_for(letter) == {title: (address, False) for title, address in addresses.items()}
    content = content_of(letter)
    assert {item.title: item.url for part in content.parts for item in part.items} == addresses
    assert all("Réseau voisin" in item.mention for part in content.parts for item in part.items)
    message = written(letter, content)
    assert [f'href="{address}"' in message for address in addresses.values()] == [True, True]

    for each in shares:
        actions.withdraw(by=giver, share=each)
    left = content_of(letter)
    assert (left.count, [reason for _block, reason in left.left_out]) == (0, ["n'est plus public"] * 2)


def test_what_one_follows_tells_what_was_shared_under_its_address_at_home(client, giver, taker, event, text, theme):
    follow(by=taker, target=theme)
    client.force_login(taker.user)
    page = reverse("communities:own_network")
    assert event.title not in client.get(page).content.decode()
    for content in (event, text):
        share(content, giver, taker)
    body = client.get(page).content.decode()
    for content in (event, text):
        assert f'href="http://voisin.test{content.get_absolute_url()}"' in body
    assert body.count("Réseau voisin") == 2


def test_the_radio_speaks_of_what_was_shared_under_its_address_at_home(giver, taker, event, text):
    episode = make_episode(taker, make_show(taker), events=[event], planned_at=timezone.now() + timedelta(days=6))
    asked = asked_of(QueryDict(), taker.network, episode)
    found = candidates(taker, episode, asked)
    assert ([each.event for each in found.events], found.texts, mentions_of(episode)) == ([], [], [])
    for content in (event, text):
        share(content, giver, taker)

    found = candidates(taker, episode, asked)

    assert ([each.event for each in found.events], found.texts) == ([event], [text])
    address = f"http://voisin.test{event.get_absolute_url()}"
    mentions = mentions_of(episode)
    assert [each.url for each in mentions] == [address]
    assert [line.url for line in order_of(episode).lines] == [address]
    assert [each["url"] for each in linked_episode(episode, taker.network, mentions)["mentions"]] == [address]
