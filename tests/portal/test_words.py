"""The words of public pages: one is not several, a month is named so that it cannot be taken for another."""

import html
import re
from pathlib import Path

import pytest

from maillage.networks.models import ConsortiumMember
from maillage.territories.models import Territory
from tests.factories.directory import make_actor, make_commune, make_network, make_term

PAGES = [
    "/",
    "/acteurs/",
    "/acteurs/?q=museum",
    "/acteurs/?pres=34172&vue=carte",
    "/acteurs/museum/",
    "/acteurs/integrer/",
    "/acteurs/widget/",
    "/acteurs/flux.atom",
    "/chiffres-cles/",
    "/le-reseau/",
    "/plan-du-site/",
    "/recherche/?q=museum",
]


@pytest.fixture
def network(db):
    network = make_network(host="testserver", contact_email="equipe@exemple.fr")
    values = {"commune": make_commune(), "family": make_term("family", "musee"), "terms": [make_term()]}
    Territory.objects.departments().update(population=10_000)
    network.perimeter.set(Territory.objects.regions())
    make_actor(network, "Muséum", **values)
    ConsortiumMember.objects.create(network=network, name="Sciences en Garonne")
    return network


def words_of(page):
    """The text that is read or heard, with the labels and descriptions that are not on the screen."""
    heard = re.sub(r'(?:content|aria-label|title)="([^"]*)"', r">\1<", page)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", heard)).split())


@pytest.mark.parametrize("page", PAGES)
def test_one_is_not_several(network, client, page):
    answer = client.get(page)
    assert answer.status_code == 200
    assert re.findall(r"(?<![\d,.  ])1 (?!fois\b|mois\b)[^\W\d]{3,}s\b", words_of(answer.text)) == []


def test_no_month_is_cut_to_three_letters():
    """« jui » is June or July."""
    templates = Path(__file__).resolve().parents[2].joinpath("maillage").rglob("*.html")
    cut = [path.name for path in templates if re.search(r"""date:["'][^"']*[Mb]""", path.read_text())]
    assert cut == []


def test_one_is_told_to_write_only_where_there_is_an_address(network, client):
    text = client.get("/le-reseau/").text
    assert "Écrivez à la plus proche" not in text
    assert '<a href="mailto:equipe@exemple.fr">Écrivez au réseau</a>' in text
    ConsortiumMember.objects.update(contact_email="garonne@exemple.fr")
    network.touch()
    text = client.get("/le-reseau/").text
    assert "Écrivez à la plus proche" in text and 'href="mailto:garonne@exemple.fr"' in text


def test_the_public_is_not_led_to_what_is_for_those_who_build_the_site(network, client):
    assert [page for page in (*PAGES, "/mentions-legales/", "/aide/") if "/style/" in client.get(page).text] == []
