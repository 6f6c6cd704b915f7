"""A NUL, which PostgreSQL keeps in no text, is refused before any view reads it."""

import json

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import make_person
from tests.factories.directory import make_network

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    network = make_network(host="testserver")
    client = Client()
    client.force_login(make_person(network, "animator"))
    return client


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("outreach:need_list", "theme"),
        ("outreach:need_list", "departement"),
        ("outreach:contact_list", "mission"),
        ("directory:contributor_list", "q"),
    ],
)
def test_a_nul_in_an_address_is_answered_with_the_page_of_the_site(client, page, name):
    response = client.get(reverse(page), {name: ["a", "a\0b"]})
    assert response.status_code == 400
    assert "Erreur 400" in response.text and "que rien ne peut enregistrer" in response.text
    assert client.get(reverse(page), {name: "a%00b"}).status_code == 200


@pytest.mark.parametrize("page", ["outreach:need_record", "outreach:official_add"])
def test_a_nul_in_a_form_is_refused_whatever_its_encoding(client, page):
    address = reverse(page)
    sent = {"commune": "x\0y", "title": "Un besoin"}
    assert client.post(address, sent).status_code == 400
    assert client.post(address, "commune=x%00y", content_type="application/x-www-form-urlencoded").status_code == 400
    assert client.post(address, {"commune": "xy"}).status_code == 422


def test_a_charset_of_ones_own_hides_no_nul(client):
    """UTF-7 writes it with letters and signs alone."""
    address = reverse("directory:contributor_list")
    assert client.get(f"{address}?q=%2B%41%41%41%2D", CONTENT_TYPE="text/plain; charset=utf-7").status_code == 400


def test_a_nul_in_a_path_or_in_the_key_of_a_session_is_refused(client):
    assert client.get("/acteurs/mus%00ee/").status_code == 400
    stranger = Client()
    stranger.cookies[settings.SESSION_COOKIE_NAME] = "a" * 20 + "\0"
    assert stranger.get("/").status_code == 400


def test_programs_are_told_as_the_api_tells(client):
    response = client.get("/api/v1/acteurs", {"q": "a\0b"})
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert json.loads(response.content)["status"] == 400


def test_a_body_sent_to_the_api_as_a_form_is_still_its_own_to_refuse(client):
    response = client.post(reverse("api:create_actor"), {"name": "a\0b"})
    assert response.status_code in (401, 403, 422)
