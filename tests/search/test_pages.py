"""The pages of the search: what they show, to whom, at which cost."""

import pytest

from maillage.search.registry import SearchSource, register
from maillage.search.registry import _sources as known_sources


@pytest.fixture(autouse=True)
def kinds():
    """Two kinds of documents, whatever the apps above register."""
    kept = dict(known_sources)
    known_sources.clear()
    register(SearchSource("actor", "Acteurs", list, order=10))
    register(SearchSource("event", "Événements", list, order=20))
    yield
    known_sources.clear()
    known_sources.update(kept)


def page(client, **params):
    return client.get("/recherche/", params).content.decode()


def test_an_empty_question_asks_for_one(client, network):
    assert "un thème ou une question" in page(client)


def test_every_kind_is_on_one_page_with_its_count(client, make):
    make("Maison de la science")
    make("Fête de la science", kind="event")
    html = page(client, q="science")
    assert ("Acteurs (1)" in html, "Événements (1)" in html, html.count("hit__title")) == (True, True, 2)


def test_a_kind_is_read_page_by_page(client, make):
    for number in range(1, 26):
        make(f"Club {number:02}")
    make("Club en fête", kind="event")
    first, second = page(client, q="club", nature="actor"), page(client, q="club", nature="actor", page="2")
    assert (first.count("hit__title"), second.count("hit__title")) == (20, 5)
    assert page(client, q="club", nature="actor", page="99").count("hit__title") == 5


@pytest.mark.parametrize("number", ["0", "-1", "abc", "99999999999", "²", ""])
def test_an_odd_page_number_shows_a_page(client, make, number):
    make("Club")
    assert "Club" in page(client, q="club", nature="actor", page=number)


def test_a_correction_is_said(client, make):
    make("Médiathèque de Lunel")
    html = page(client, q="mediatheqe")
    assert "« médiathèque »" in html
    assert "Médiathèque de Lunel" in html


def test_what_was_typed_is_escaped(client, make):
    make("<script>alert(1)</script> Musée", subtitle="<b>x</b>")
    for html in (page(client, q="<script>musée"), client.get("/recherche/suggestions/?q=mus").content.decode()):
        assert "<script>alert" not in html
        assert "<b>x" not in html


def test_nothing_found_says_what_to_do(client, make):
    make("Musée")
    assert "Aucun résultat" in page(client, q="zzzzzz")


def test_what_is_not_public_is_not_in_the_page(client, make):
    make("Observatoire secret", is_public=False)
    assert "secret" not in page(client, q="observatoire")
    assert "secret" not in client.get("/recherche/suggestions/?q=obs").content.decode()
    assert client.get("/recherche/suggestions/?q=obs&format=json").json() == []


def test_suggestions_are_read_by_comboboxes(client, make):
    number = make("Musée Fenaille", subtitle="Rodez")
    rows = client.get("/recherche/suggestions/?q=fen&format=json").json()
    assert rows == [{"value": f"/acteurs/{number}/", "label": "Musée Fenaille", "detail": "Rodez"}]


def test_a_page_costs_the_same_with_one_and_three_hits(client, make, same_queries):
    same_queries(page=lambda: page(client, q="club", nature="actor"), add=lambda: make("Club"))
