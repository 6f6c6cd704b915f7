"""Anonymous pages are kept until the network changes, and not a moment longer."""

import pytest
from django.core.cache import caches
from django.test import Client

from maillage.core.viewer import Viewer
from maillage.directory.actions import create_actor, set_state, update_actor
from maillage.networks.models import Network
from tests.factories.directory import make_network

LIST = "/acteurs/"


@pytest.fixture
def network(db):
    return make_network(host="occitanie.test")


@pytest.fixture
def visitor(network):
    return Client(headers={"host": "occitanie.test"})


@pytest.fixture
def publish(network):
    def publish(name):
        return create_actor(by=Viewer.as_system(network, "essai"), values={"name": name}, state="published")

    return publish


def test_a_page_seen_again_costs_one_query_and_is_the_same(visitor, publish, count_queries):
    publish("Musée Fenaille")
    first = visitor.get(LIST)
    assert b"Fenaille" in first.content
    again = []
    assert count_queries(lambda: again.append(visitor.get(LIST)), kept_pages=True) == 1
    assert again[0].content == first.content
    assert dict(again[0].items()) == dict(first.items())
    assert "Content-Security-Policy" in again[0]


def test_a_known_page_answers_304_without_being_rendered_or_kept(visitor, count_queries):
    etag = visitor.get(LIST)["ETag"]
    caches["pages"].clear()
    answers = []
    assert count_queries(lambda: answers.append(visitor.get(LIST, headers={"if-none-match": f'"x", {etag}'}))) == 1
    assert (answers[0].status_code, answers[0].content, answers[0]["ETag"]) == (304, b"", etag)


def test_no_page_is_stale_after_a_write(visitor, publish, network):
    assert b"Fenaille" not in visitor.get(LIST).content
    actor = publish("Musée Fenaille")
    shown = visitor.get(LIST)
    assert b"Fenaille" in shown.content
    by = Viewer.as_system(network, "essai")
    update_actor(by=by, actor=actor, values={"name": "Musée Soulages"})
    renamed = visitor.get(LIST, headers={"if-none-match": shown["ETag"]})
    assert renamed.status_code == 200
    assert b"Soulages" in renamed.content
    assert b"Fenaille" not in renamed.content
    set_state(by=by, actor=actor, state="hidden")
    assert b"Soulages" not in visitor.get(LIST).content


def test_a_change_of_the_network_itself_shows_at_once(visitor, network):
    visitor.get(LIST)
    network.name = "Réseau renommé"
    network.save()
    assert "Réseau renommé" in visitor.get(LIST).content.decode()


def test_a_network_that_closes_shows_nothing_kept(visitor, network):
    etag = visitor.get(LIST)["ETag"]
    Network.objects.filter(pk=network.pk).update(is_public=False)
    assert visitor.get(LIST, headers={"if-none-match": etag}).status_code == 404


def test_networks_do_not_share_pages(visitor, publish):
    publish("Musée Fenaille")
    make_network("Hauts-de-France", host="hdf.test")
    mine = visitor.get(LIST)
    theirs = visitor.get(LIST, headers={"host": "hdf.test", "if-none-match": mine["ETag"]})
    assert theirs.status_code == 200
    assert b"Fenaille" not in theirs.content


def test_what_makes_pages_differ_keeps_them_apart(visitor):
    etags = {
        visitor.get(LIST)["ETag"],
        visitor.get(LIST, {"q": "x"})["ETag"],
        visitor.get(LIST, headers={"cookie": "theme=dark"})["ETag"],
        visitor.get(LIST, headers={"hx-request": "true"})["ETag"],
    }
    assert len(etags) == 4


def test_nobody_chooses_what_htmx_is_answered_for_others(visitor):
    """Going back asks for a whole page, and words being typed for a step of the history: neither is for who asks next."""
    asked = {"hx-request": "true", "hx-target": "resultats", "hx-current-url": "http://occitanie.test/acteurs/"}
    part, typed = visitor.get(f"{LIST}?q=a", headers=asked), {"hx-current-url": "http://occitanie.test/acteurs/?q=b"}
    caches["pages"].clear()
    visitor.get(f"{LIST}?q=a", headers=asked | {"hx-history-restore-request": "true"})
    visitor.get(f"{LIST}?q=a", headers=asked | typed)
    again = visitor.get(f"{LIST}?q=a", headers=asked)
    assert (again.content, dict(again.items())) == (part.content, dict(part.items()))


def test_themes_that_do_not_exist_do_not_fill_the_cache(visitor):
    odd = visitor.get(LIST, headers={"cookie": "theme=<script>"})
    assert odd["ETag"] == visitor.get(LIST, headers={"cookie": ""})["ETag"]


def test_people_who_are_signed_in_are_never_given_a_kept_page(visitor, network, django_user_model):
    kept = visitor.get(LIST)
    visitor.force_login(django_user_model.objects.create_user(email="a@example.org"))
    own = visitor.get(LIST, headers={"if-none-match": kept["ETag"]})
    assert own.status_code == 200
    assert "ETag" not in own


def test_a_page_with_a_form_is_never_kept(visitor, publish):
    """Its protection against forgery belongs to one visitor."""
    actor = publish("Musée Fenaille")
    page = visitor.get(f"/acteurs/{actor.slug}/signaler/")
    assert b"csrfmiddlewaretoken" in page.content
    assert "ETag" not in page


def test_only_found_pages_are_kept(visitor):
    assert "ETag" not in visitor.get("/acteurs/inconnu/")
    assert "ETag" not in visitor.post(LIST)


def test_what_a_view_does_to_its_network_stays_in_its_request(network):
    from maillage.networks.middleware import network_for

    first = network_for("occitanie.test")
    first.name = "autre"
    first.settings["x"] = 1
    second = network_for("occitanie.test")
    assert (second.name, second.settings) == (network.name, {})
