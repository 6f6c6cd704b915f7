"""The pages of the search: what they show, to whom, at which cost."""

import re
from html import unescape

import pytest
from django.utils import timezone

from maillage.search.registry import SearchSource, register
from maillage.search.registry import _sources as known_sources
from tests.factories.directory import make_commune, make_term


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


def counted(label, number):
    return f'{label} <span class="badge">{number}</span>'


def test_every_kind_is_on_one_page_with_its_count(client, make):
    make("Maison de la science")
    make("Fête de la science", kind="event")
    html = page(client, q="science")
    assert (counted("Acteurs", 1) in html, counted("Événements", 1) in html, html.count("hit__title")) == (
        True,
        True,
        2,
    )


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


@pytest.fixture
def various(make):
    astronomy, water = make_term("theme", "astronomie"), make_term("theme", "eau", label="Eau")
    make_commune("34172", "Montpellier", (43.6, 3.87))
    make_commune("30189", "Nîmes", (43.83, 4.36))
    make("Club de sciences A", themes=(astronomy.pk,), places=("34172", "34"), latitude=43.6, longitude=3.87)
    make("Club de sciences B", themes=(water.pk,), places=("30",), latitude=43.83, longitude=4.36)
    make("Fête des sciences C", kind="event", on=timezone.localdate(), themes=(water.pk,), places=("34",))


def shown(html):
    return re.findall(r'class="hit__title"><a href="[^"]*">([^<]*)<', html)


@pytest.mark.parametrize(
    ("params", "letters"),
    [
        ({"departement": "34"}, "AC"),
        ({"theme": ["eau", "astronomie"], "departement": "34", "nature": "actor"}, "A"),
        ({"quand": "avenir"}, "C"),
        ({"commune": "34172"}, "A"),
        (
            {"theme": "inconnu", "departement": "XX'", "quand": "demain", "commune": "0", "nature": "x", "page": "9"},
            "ABC",
        ),
        ({"departement": "99"}, ""),
    ],
)
def test_the_address_narrows_the_results(client, various, params, letters):
    assert sorted(title[-1] for title in shown(page(client, q="sciences", **params))) == list(letters)


def test_facets_say_what_they_would_bring_and_chips_take_them_away(client, various):
    html = page(client, q="sciences", departement="34", theme="eau")
    choice = r'value="([^"]+)"( checked)?><span>[^<]*</span><span class="facet__count">(\d+)<'
    assert re.findall(choice, html) == [
        ("30", "", "1"), ("34", " checked", "1"), ("astronomie", "", "1"), ("eau", " checked", "1"),
    ]  # fmt: skip
    chips = re.findall(r'class="chip" href="([^"]*)"><span class="visually-hidden">[^<]*</span>([^<]*)<', html)
    answers = [(label, shown(client.get(f"/recherche/{unescape(url)}").text)) for url, label in chips]
    assert [(label, sorted(title[-1] for title in titles)) for label, titles in answers] == [
        ("Département 34", ["B", "C"]),
        ("Eau", ["A", "C"]),
    ]


def test_what_is_near_the_place_named_comes_first(client, various):
    assert shown(page(client, q="club de sciences", pres="34172"))[0] == "Club de sciences A"
    assert "près de Montpellier" in page(client, q="club", pres_text="montpellier")
    assert "ne désigne pas une seule commune" in page(client, q="club", pres_text="nulle part")


def test_filters_that_leave_nothing_are_taken_away_in_one_go(client, various):
    html = page(client, q="sciences", theme="astronomie", quand="avenir")
    assert ("Rien avec ces filtres" in html, 'href="?q=sciences"' in html) == (True, True)


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
    kept = [make_term("theme", f"theme-{number}").pk for number in range(3)]
    numbers = iter(range(9))

    def add():
        number = next(numbers)
        make("Club", themes=[kept[number % 3]], places=[f"3{number % 3}"], kind=["actor", "event"][number % 2])

    same_queries(page=lambda: page(client, q="club", departement="30", theme="theme-0"), add=add)
