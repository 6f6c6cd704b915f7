"""The five outputs of a list: map, feed, data, widget, beside the page."""

import csv
import io
import json
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from django.urls import reverse

from maillage.directory.queries import grid
from maillage.directory.queries.rows import COLUMNS
from tests.factories.accounts import make_admin
from tests.factories.directory import make_actor, make_commune, make_network, make_term, many_actors

ATOM = "{http://www.w3.org/2005/Atom}"
KINDS = ["csv", "json", "xlsx", "geojson"]


@pytest.fixture
def network(db):
    return make_network(host="testserver")


def content(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def export(client, kind, **query):
    response = client.get(reverse("directory:actor_export", args=[kind]), query)
    assert response.status_code == 200
    return response


def rows_of(client, kind, **query):
    """Names in the order of the file."""
    body = content(export(client, kind, **query))
    if kind == "json":
        return [actor["nom"] for actor in json.loads(body)["actors"]]
    if kind == "geojson":
        return [feature["properties"]["nom"] for feature in json.loads(body)["features"]]
    if kind == "csv":
        return [row["Nom"] for row in csv.DictReader(io.StringIO(body.decode("utf-8-sig")), delimiter=";")]
    sheet = openpyxl.load_workbook(io.BytesIO(body)).active
    return [row[1] for row in sheet.iter_rows(min_row=2, values_only=True)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_file_holds_the_filtered_list_whole_and_in_order(client, network, kind):
    musee = make_term("family", "musee")
    for n in range(30, 0, -1):
        make_actor(network, f"Musée {n:02}", family=musee)
    make_actor(network, "Autre")
    make_actor(network, "À préparer", family=musee, state="draft")
    assert rows_of(client, kind, famille="musee", page="2") == [f"Musée {n:02}" for n in range(1, 31)]


@pytest.mark.parametrize("kind", ["csv", "json", "geojson"])
def test_the_public_file_is_the_same_whoever_asks(client, network, kind):
    """No account is needed, and none gives more: what the team alone knows leaves by its own table."""
    make_actor(network, "Musée", email="a@b.fr", source="Liste interne", summary="Un musée")
    make_actor(network, "À préparer", state="draft")
    anyone = content(export(client, kind))
    client.force_login(make_admin(network))
    assert content(export(client, kind)) == anyone
    assert b"Liste interne" not in anyone


@pytest.mark.parametrize("kind", KINDS)
def test_a_persons_mail_and_telephone_never_leave_in_bulk(client, network, kind):
    """Even with consent: their page shows them, a file does not."""
    for consent in (True, False):
        make_actor(
            network,
            f"Camille {consent}",
            kind="person",
            email="camille@atelier.fr",
            phone="0611223344",
            contact_name="Camille Roux",
            contact_is_public=consent,
        )
    body = content(export(client, kind))
    if kind == "xlsx":
        cells = openpyxl.load_workbook(io.BytesIO(body)).active.iter_rows(values_only=True)
        body = repr(list(cells)).encode()
    assert b"Camille True" in body
    for secret in (b"atelier.fr", b"0611223344", b"Roux"):
        assert secret not in body


def test_an_organisation_gives_its_public_telephone_only_and_no_file_gathers_addresses(client, network):
    make_actor(network, "A", email="a@a.fr", phone="0467000001", contact_is_public=True)
    make_actor(network, "B", email="b@b.fr", phone="0467000002", contact_is_public=False)
    actors = json.loads(content(export(client, "json")))["actors"]
    assert [actor["telephone"] for actor in actors] == ["0467000001", ""]
    for kind in ("csv", "json", "geojson"):
        assert b"@a.fr" not in content(export(client, kind))


def test_no_output_lets_the_home_of_a_person_be_found(client, network):
    """Frames, distances and boxes are reckoned from the point that is told, or they would give the true one away."""
    rachel = make_actor(
        network, "Rachel", kind="person", latitude=43.98855, longitude=4.41269, position_quality="exact"
    )
    points = reverse("directory:actor_points")
    told = client.get(points).json()
    assert told["features"][0]["geometry"]["coordinates"] == [4.41, 43.99]
    assert told["bounds"] == [4.41, 43.99, 4.41, 43.99]
    assert client.get(f"{points}?bbox=4.4126,43.9885,4.4128,43.9886").json()["features"] == []
    lists = reverse("directory:actor_list")
    assert "43.988" not in client.get(f"{lists}?vue=carte&q=Rachel").text
    around = [client.get(f"{lists}?pres={43.99 + away},4.41&rayon=5").context["count"] for away in (0.0449, 0.0451)]
    assert around == [1, 0]
    # North of the told point, south of the true one, two neighbours at the same distance of the first: the nearer name wins.
    make_actor(network, "Nord", latitude=44.0080, longitude=4.41, position_quality="exact")
    south = make_actor(network, "Sud", latitude=43.9719, longitude=4.41, position_quality="exact")
    sheet = client.get(reverse("directory:actor_show", args=[rachel.slug])).context
    assert [(card.name, round(card.distance, 2)) for card in sheet["near"]] == [("Nord", 2.0), ("Sud", 2.01)]
    make_actor(network, "Témoin", latitude=43.9542, longitude=4.41, position_quality="exact")
    sheet = client.get(reverse("directory:actor_show", args=[south.slug])).context
    assert [card.name for card in sheet["near"]] == ["Témoin", "Rachel", "Nord"]


def test_a_formula_in_a_name_is_neutralised(client, network):
    make_actor(network, '=HYPERLINK("http://x")')
    assert rows_of(client, "csv") == ['\'=HYPERLINK("http://x")']
    sheet = openpyxl.load_workbook(io.BytesIO(content(export(client, "xlsx")))).active
    assert (sheet["B2"].data_type, sheet["B2"].value) == ("s", '=HYPERLINK("http://x")')


def test_the_columns_of_the_files_are_those_announced(client, network):
    make_actor(network, "A")
    actor = json.loads(content(export(client, "json")))["actors"][0]
    assert list(actor) == [column.name for column in COLUMNS]


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_an_attachment_that_no_browser_guesses_and_no_search_engine_keeps(client, network, kind):
    response = export(client, kind)
    content(response)
    assert response["Content-Disposition"].startswith(f'attachment; filename="acteurs-{network.slug}-')
    assert (response["X-Content-Type-Options"], response["X-Robots-Tag"]) == ("nosniff", "noindex")


def test_files_cost_two_queries_for_each_hundred_actors(network, client, count_queries):
    many_actors(network, 3)
    few = count_queries(lambda: content(export(client, "csv")))
    many_actors(network, 100)
    assert count_queries(lambda: content(export(client, "csv"))) == few
    many_actors(network, 101)
    assert count_queries(lambda: content(export(client, "csv"))) == few + 2


def test_harvesting_is_slowed_down(client, network):
    answers = [client.get(reverse("directory:actor_export", args=["json"])) for _ in range(31)]
    assert [answer.status_code for answer in answers] == [200] * 30 + [429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 3600


def test_the_feed_gives_the_latest_first(client, network):
    musee = make_term("family", "musee", label="Musée")
    make_actor(network, "Zoo d'abord", family=musee, commune=make_commune(), summary="Ours & loups")
    make_actor(network, "Arrivé ensuite", family=musee)
    make_actor(network, "Autre famille")
    response = client.get(reverse("directory:actor_feed"), {"famille": "musee", "tri": "nom"})
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(response.content)
    assert [entry.find(f"{ATOM}title").text for entry in feed.iter(f"{ATOM}entry")] == ["Arrivé ensuite", "Zoo d'abord"]
    assert next(link.get("href") for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self").endswith(
        "/acteurs/flux.atom?famille=musee"
    )


def test_an_empty_feed_is_still_a_feed(client, network):
    assert ET.fromstring(client.get(reverse("directory:actor_feed")).content).tag == f"{ATOM}feed"


def test_few_points_are_given_one_by_one(client, network):
    actor = make_actor(
        network, "Musée", family=make_term("family", "musee", hue=2, shape="square"), latitude=43.6, longitude=3.8
    )
    make_actor(network, "Sans lieu")
    data = client.get(reverse("directory:actor_points")).json()
    assert (data["count"], data["grouped"]) == (2, False)
    assert data["features"] == [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [3.8, 43.6]},
            "properties": {
                "name": "Musée",
                "url": actor.get_absolute_url(),
                "place": "",
                "hue": 2,
                "shape": "square",
            },
        }
    ]


def test_a_persons_home_is_shown_to_a_kilometre(client, network):
    make_actor(network, "Camille", kind="person", latitude=43.612345, longitude=3.876543)
    data = client.get(reverse("directory:actor_points")).json()
    assert data["features"][0]["geometry"]["coordinates"] == [3.88, 43.61]


def test_many_points_are_grouped_and_the_answer_stays_small(client, network):
    many_actors(network, 3000)
    response = client.get(reverse("directory:actor_points"), {"zoom": "9"})
    data = response.json()
    assert data["grouped"]
    told = sum(feature["properties"].get("count", 1) for feature in data["features"])
    assert told == 3000
    assert len(response.content) < 300_000


def test_a_window_of_the_map_gives_what_is_inside(client, network):
    make_actor(network, "Dedans", latitude=43.6, longitude=3.8)
    make_actor(network, "Dehors", latitude=44.6, longitude=3.8)
    data = client.get(reverse("directory:actor_points"), {"bbox": "3,43,4,44", "zoom": "12"}).json()
    assert [feature["properties"]["name"] for feature in data["features"]] == ["Dedans"]


@pytest.mark.parametrize("text", ["", "1,2,3", "a,b,c,d", "nan,0,1,1", "5,0,1,1", "0,-91,1,1", "inf,0,inf,1"])
def test_a_window_that_is_none_is_ignored(text):
    assert grid.box_from(text) is None


def test_a_hundred_thousand_points_make_at_most_the_asked_number_of_features():
    points = [(n, 42 + n % 317 / 60, -1 + n // 317 / 60) for n in range(100_000)]
    for zoom in (0, 5, 12, 18):
        alone, cells = grid.gathered(points, zoom, 1000)
        assert len(alone) + len(cells) <= 1000
        assert len(alone) + sum(cell.count for cell in cells) == 100_000


def test_the_widget_may_be_framed_and_nothing_else(client, network):
    make_actor(network, "Musée")
    widget = client.get(reverse("directory:actor_widget"))
    assert "frame-ancestors *" in widget["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in client.get(reverse("directory:actor_list"))["Content-Security-Policy"]
    assert widget.cookies == {}
    assert "<form" not in widget.text


def test_the_snippet_of_a_list_still_empty_says_so(client, network):
    page = client.get(reverse("directory:actor_embed"), {"q": "introuvable"}).text
    assert "Aucun acteur ne répond encore à cette recherche" in page
    assert "Votre page montrera 0" not in page


def test_the_snippet_keeps_the_filters(client, network):
    make_actor(network, "Musée", family=make_term("family", "musee"))
    page = client.get(reverse("directory:actor_embed"), {"famille": "musee", "vue": "carte"}).text
    assert "/acteurs/widget/?famille=musee&quot; title=" in page.replace('" title=', "&quot; title=")
