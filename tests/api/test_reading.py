"""What programs read."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.models import ApiToken, Role, User, hashed
from maillage.core.viewer import RoleKind, Viewer
from maillage.directory import actions
from maillage.directory.models import Actor
from tests.factories.accounts import PASSWORD, make_person
from tests.factories.directory import make_actor, make_commune, make_network, make_term

pytestmark = pytest.mark.django_db
SECRET_REASON = "motif-qui-ne-sort-pas"


@pytest.fixture
def network():
    return make_network(host="testserver")


@pytest.fixture
def system(network):
    return Viewer.as_system(network, "essai")


def bearer(network, *scopes, kind=RoleKind.ANIMATOR, **fields):
    user = User.objects.create_user(f"{timezone.now().timestamp()}@exemple.fr")
    Role.objects.create(user=user, network=network, kind=kind)
    ApiToken.objects.create(
        user=user, network=network, name="essai", token_hash=hashed("jeton"), scopes=list(scopes), **fields
    )
    return {"HTTP_AUTHORIZATION": "Bearer jeton"}


def walk(client, url="/api/v1/actors?limit=2", between=None):
    """Every actor and tombstone met by following cursors; `between` runs after the first page."""
    actors, tombstones, cursor = [], [], ""
    while cursor is not None:
        page = client.get(f"{url}&cursor={cursor}").json()
        actors += [item["name"] for item in page["items"]]
        tombstones += [item["id"] for item in page["tombstones"]]
        cursor = page["next"]
        if between:
            between()
            between = None
    return actors, tombstones, page["marker"]


def test_an_actor_is_shown_with_its_words_and_place(client, network):
    actor = make_actor(
        network,
        "Planétarium",
        commune=make_commune(),
        family=make_term("family", "musee"),
        terms=[make_term("theme", "ciel")],
        phone="04",
    )
    shown = client.get(f"/api/v1/actors/{actor.pk}").json()
    assert shown["url"] == "http://testserver/acteurs/planetarium/"
    assert shown["commune"] == {"code": "34172", "name": "Montpellier"}
    assert shown["department"]["code"] == "34"
    assert shown["family"]["slug"] == "musee"
    assert [theme["slug"] for theme in shown["themes"]] == ["ciel"]
    assert shown["phone"] == "04"


def test_a_persons_phone_and_home_are_not_given_without_consent(client, network):
    make_actor(
        network,
        "Une personne",
        kind="person",
        phone="06 00 00 00 00",
        email="moi@exemple.fr",
        address="3 impasse du Four",
        latitude=43.612345,
        longitude=3.876543,
    )
    text = client.get("/api/v1/actors").content.decode()
    assert not [told for told in ("06 00", "exemple.fr", "impasse", "43.612") if told in text]
    assert client.get("/api/v1/actors").json()["items"][0]["position"]["latitude"] == 43.61


def test_a_parent_that_is_not_published_is_not_named(client, network, system):
    parent = make_actor(network, "Maison mère")
    branch = make_actor(network, "Antenne", parent=parent)
    named = client.get(f"/api/v1/actors/{branch.pk}").json()["parent"]
    actions.set_state(by=system, actor=parent, state="hidden")
    assert (named["name"], client.get(f"/api/v1/actors/{branch.pk}").json()["parent"]) == ("Maison mère", None)


@pytest.mark.get_may_write("the last use of a token is noted, once an hour")
def test_nothing_of_circles_notes_or_provenance_comes_out(client, network, system):
    actor = make_actor(network, "Discret")
    actions.set_circle(by=system, actor=actor, circle=3, reason=SECRET_REASON, source=SECRET_REASON)
    actions.add_note(by=system, actor=actor, body=SECRET_REASON)
    headers = bearer(network, "read", "write")
    for url in ("/api/v1/actors", f"/api/v1/actors/{actor.pk}", "/api/v1/actors?cercle=3"):
        for given in ({}, headers):
            text = client.get(url, **given).content.decode()
            assert "Discret" in text
            assert SECRET_REASON not in text and "circle" not in text and "provenance" not in text


def test_drafts_and_other_networks_do_not_exist(client, network):
    draft, elsewhere = make_actor(network, state="draft"), make_actor(make_network("Nord"))
    assert client.get("/api/v1/actors").json()["items"] == []
    assert [client.get(f"/api/v1/actors/{actor.pk}").status_code for actor in (draft, elsewhere)] == [404, 404]


def test_filters_are_those_of_the_page(client, network):
    sky = make_term("theme", "ciel")
    make_actor(network, "Planétarium", terms=[sky], commune=make_commune())
    make_actor(network, "Aquarium", commune=make_commune("30189", "Nîmes", (43.83, 4.36)))
    read = lambda query: [item["name"] for item in client.get(f"/api/v1/actors?{query}").json()["items"]]  # noqa: E731
    assert read("theme=ciel") == ["Planétarium"]
    assert read("departement=30") == ["Aquarium"]
    assert read("pres=34172&rayon=10") == ["Planétarium"]
    assert read("theme=ciel&departement=30") == []


def test_an_actor_changed_during_the_walk_is_neither_lost_nor_repeated(client, network, system):
    actors = [make_actor(network, f"Acteur {number}") for number in range(5)]

    def change():
        actions.update_actor(by=system, actor=actors[0], values={"summary": "x"})
        actions.update_actor(by=system, actor=actors[4], values={"name": "Renommé"})
        make_actor(network, "Nouveau")

    met, _tombstones, _marker = walk(client, between=change)
    assert met == ["Acteur 0", "Acteur 1", "Acteur 2", "Acteur 3", "Renommé", "Nouveau"]


def test_since_gives_changes_and_tombstones_once(client, network, system):
    kept, gone, hidden = (make_actor(network, name) for name in ("Gardé", "Fermé", "Masqué"))
    *_rest, marker = walk(client)
    assert walk(client, f"/api/v1/actors?limit=1&since={marker}")[:2] == ([], [])
    actions.update_actor(by=system, actor=kept, values={"summary": "x"})
    actions.archive(by=system, actor=gone, reason="x")
    actions.set_state(by=system, actor=hidden, state="hidden")
    met, tombstones, _marker = walk(client, f"/api/v1/actors?limit=1&since={marker}")
    assert (met, tombstones) == (["Gardé"], [gone.pk, hidden.pk])
    moment = (timezone.now() - timedelta(hours=1)).isoformat().replace("+", "%2B")
    met, tombstones, _marker = walk(client, f"/api/v1/actors?limit=1&updated_since={moment}")
    assert (met, tombstones) == (["Gardé"], [gone.pk, hidden.pk])


def test_one_that_left_answers_410_with_where_it_went(client, network, system):
    actor = make_actor(network)
    actions.set_state(by=system, actor=actor, state="hidden")
    response = client.get(f"/api/v1/actors/{actor.pk}")
    assert response.status_code == 410
    assert response.json()["merged_into"] is None


@pytest.mark.parametrize("cursor", ["zzz", "aWQ6LTE", "%00", "aWQ6OTk5OTk5OTk5OTk5OTk5OTk5OTk5"])
def test_a_cursor_of_ones_own_making_is_a_problem(client, network, cursor):
    response = client.get(f"/api/v1/actors?cursor={cursor}")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


def test_who_has_the_version_gets_304_until_something_changes(client, network, system):
    actor = make_actor(network)
    etag = client.get("/api/v1/actors")["ETag"]
    again = client.get("/api/v1/actors", HTTP_IF_NONE_MATCH=etag)
    assert (again.status_code, again.content) == (304, b"")
    actions.update_actor(by=system, actor=actor, values={"summary": "x"})
    assert client.get("/api/v1/actors", HTTP_IF_NONE_MATCH=etag).status_code == 200


def test_any_site_may_read_but_not_write_with_cookies(client, network):
    assert client.get("/api/v1/topics", HTTP_ORIGIN="https://ailleurs.fr")["Access-Control-Allow-Origin"] == "*"
    preflight = client.options(
        "/api/v1/actors", HTTP_ORIGIN="https://ailleurs.fr", HTTP_ACCESS_CONTROL_REQUEST_METHOD="PATCH"
    )
    assert "PATCH" not in preflight["Access-Control-Allow-Methods"]


def test_too_many_requests_are_told_when_to_come_back(client, network, settings):
    settings.API_RATES = ("2/m", "3/m")
    answers = [client.get("/api/v1/topics") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[2]["Retry-After"]) <= 61


def test_the_number_of_queries_does_not_grow(network, same_queries):
    client = Client()
    # Seven of them, twice, build the index anew, which a request outside a test's transaction does not.
    assert (
        same_queries(page=lambda: client.get("/api/v1/actors"), add=lambda: make_actor(network, terms=[make_term()]))
        <= 23
    )


def test_a_merged_commune_answers_with_the_current_one(client, network):
    commune = make_commune()
    commune.former_communes.create(code="34999", name="Ancienne", name_key="ancienne")
    assert client.get("/api/v1/territories/commune/34999").json()["code"] == "34172"
    assert client.get("/api/v1/territories/commune/00000").status_code == 404
    listed = client.get("/api/v1/territories?kind=commune&q=montp").json()["items"]
    assert [item["code"] for item in listed] == ["34172"]


def test_topics_are_those_of_the_network(client, network):
    make_term("theme", "ciel")
    make_term("theme", "propre-a-un-autre", is_shared=False)
    assert [item["slug"] for item in client.get("/api/v1/topics?vocabulary=theme").json()] == ["ciel"]


def test_the_page_of_the_api_names_every_operation(client, network):
    text = client.get("/api/").content.decode()
    for operation in ("GET /api/v1/actors", "PATCH /api/v1/actors/{actor_id}", "GET /api/v1/topics"):
        assert operation in text


def test_a_program_adds_and_changes_what_its_person_may(client, network):
    make_commune()
    make_term("theme", "ciel")
    make_term("audience", "tous")
    headers = bearer(network, "write")
    post = lambda body: client.post("/api/v1/actors", body, content_type="application/json", **headers)  # noqa: E731
    made = post({"name": "Neuf", "commune": "34172", "themes": ["ciel"], "audiences": ["tous"]})
    assert made.json()["confirmed_at"] is None  # A program has verified nothing.
    assert made.status_code == 201
    actor = Actor.objects.get()
    assert actor.provenance["name"]["origin"] == "api"
    assert actor.listings.get().state == "draft"
    url = f"/api/v1/actors/{actor.pk}"
    changed = client.patch(url, {"themes": [], "summary": "Bref"}, content_type="application/json", **headers).json()
    assert (changed["themes"], [term["slug"] for term in changed["audiences"]], changed["summary"]) == (
        [],
        ["tous"],
        "Bref",
    )
    stale = client.patch(
        url, {"summary": "y"}, content_type="application/json", HTTP_UNMODIFIED_SINCE="2020-01-01T00:00:00Z", **headers
    )
    assert stale.status_code == 409
    assert post({"name": "Autre", "circle": 1}).status_code == 422
    assert post({"name": "\u200b"}).json()["errors"][0]["field"] == "name"
    assert post({"name": "Autre", "siren": "123456789"}).json()["errors"][0]["field"] == "siren"
    assert post({"name": "Autre", "commune": "99999"}).status_code == 422


@pytest.mark.parametrize(
    ("scopes", "kind", "fields", "status"),
    [
        ([], RoleKind.ANIMATOR, {}, 403),
        (["write"], RoleKind.MEMBER, {}, 403),
        (["write"], RoleKind.ANIMATOR, {"revoked_at": timezone.now()}, 401),
        (["write"], RoleKind.ANIMATOR, {"expires_at": timezone.now() - timedelta(days=1)}, 401),
    ],
)
def test_a_token_opens_only_what_it_should(client, network, scopes, kind, fields, status):
    headers = bearer(network, *scopes, kind=kind, **fields)
    response = client.post("/api/v1/actors", {"name": "x"}, content_type="application/json", **headers)
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"


def test_a_token_of_another_network_is_no_token(client, network):
    headers = bearer(make_network("Nord"), "write")
    assert client.get("/api/v1/topics", **headers).status_code == 401


def test_without_token_nothing_is_written(client, network):
    assert client.post("/api/v1/actors", {"name": "x"}, content_type="application/json").status_code == 401


def made_on_the_page(client, network, *scopes):
    """The headers of a token made as people make one."""
    person = make_person(network, RoleKind.ANIMATOR)
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    page = client.post(reverse("accounts:token_list"), {"name": "Outil", "scopes": scopes, "days": "30"})
    client.logout()
    token = re.search(r"<code>([\w-]{43})</code>", page.text)[1]
    return {"HTTP_AUTHORIZATION": f"Bearer {token}"}


@pytest.mark.get_may_write("the last use of a token is noted, once an hour")
def test_a_token_made_on_the_page_reads_and_writes_as_it_says(client, network):
    body = {"data": {"name": "Astroclub"}, "content_type": "application/json"}
    both = made_on_the_page(client, network, "read", "write")
    made = client.post("/api/v1/actors", **body, **both)
    assert made.status_code == 201
    address = f"/api/v1/actors/{made.json()['id']}"
    assert client.get(address, **both).status_code == 200
    reads = made_on_the_page(client, network, "read")
    assert client.post("/api/v1/actors", **body, **reads).status_code == 403
    exports = made_on_the_page(client, network, "export")
    assert client.get(address, **exports).status_code == 403


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00%2B23:00", "9999-12-31T23:59:59-23:00"])
def test_a_date_out_of_the_calendar_is_a_problem(client, network, moment):
    answer = client.get(f"/api/v1/actors?updated_since={moment}")
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("actors?limit=abc", "Donnez un nombre entier."),
        ("actors?limit=0", "Au moins 1."),
        ("actors?limit=9999", "Au plus 200."),
        (f"actors?cursor={'x' * 61}", "Au plus 60 caractères."),
        ("actors?updated_since=hier", "Donnez une date avec son heure au format ISO 8601"),
        ("territories?kind=zz", "Une de ces valeurs : 'region', 'department', 'epci' ou 'commune'."),
    ],
)
def test_what_is_wrong_with_a_value_is_said_in_french(client, network, query, sentence):
    answer = client.get(f"/api/v1/{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["message"].startswith(sentence)


def test_what_is_wrong_in_a_body_is_said_in_french(client, network):
    headers = bearer(network, "write")
    body = {"themes": "ciel", "zz": 1}
    errors = client.post("/api/v1/actors", body, content_type="application/json", **headers).json()["errors"]
    assert {error["field"].split(".")[-1]: error["message"] for error in errors} == {
        "themes": "Donnez une liste.",
        "zz": "Ce champ n'existe pas.",
    }
