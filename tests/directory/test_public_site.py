"""What search engines read."""

from xml.etree import ElementTree as ET

import pytest
from django.urls import reverse

from maillage.directory.views import public_site
from tests.factories.directory import make_actor, make_network

LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


@pytest.fixture
def network(db):
    return make_network(host="reseau.exemple.test")


def locations(client, url):
    response = client.get(url, headers={"host": "reseau.exemple.test"})
    assert response.status_code == 200
    return [each.text for each in ET.fromstring(response.content).iter(LOC)]


def test_the_map_of_the_site_comes_in_pieces_that_hold_every_actor_once(client, network, monkeypatch):
    monkeypatch.setattr(public_site, "PER_FILE", 2)
    made = {make_actor(network).get_absolute_url() for _ in range(5)}
    make_actor(network, state="draft")
    index = locations(client, reverse("directory:sitemap"))
    assert [url.rsplit("/", 1)[1] for url in index] == [
        "sitemap-pages.xml",
        "sitemap-1.xml",
        "sitemap-2.xml",
        "sitemap-3.xml",
    ]
    found = [
        url for part in ("1", "2", "3") for url in locations(client, reverse("directory:sitemap_part", args=[part]))
    ]
    assert sorted(url.removeprefix("http://reseau.exemple.test") for url in found) == sorted(made)


def test_the_pages_of_the_menu_are_in_it(client, network):
    found = locations(client, reverse("directory:sitemap_part", args=["pages"]))
    assert "http://reseau.exemple.test/acteurs/" in found


def test_robots_are_shown_the_map_and_kept_from_files(client, network):
    text = client.get(reverse("directory:robots"), headers={"host": "reseau.exemple.test"}).text
    assert "Sitemap: http://reseau.exemple.test/sitemap.xml" in text
    assert "Disallow: /acteurs/donnees." in text
