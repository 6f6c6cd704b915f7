"""What leaves the agenda beside its calendars: feed, files, the shape of OpenAgenda, the frame, the map of the site."""

import csv
import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.agenda.actions import change_timing, hide_event, tell_status, update_event
from maillage.agenda.models import Event
from maillage.agenda.queries.calendar import Schedule
from maillage.agenda.queries.openagenda import KEYS
from maillage.agenda.queries.rows import COLUMNS
from maillage.core.viewer import RoleKind, Viewer
from tests.factories.accounts import make_admin, make_person, viewer
from tests.factories.agenda import make_event, slot, weekly
from tests.factories.directory import make_actor, make_commune, make_network, make_term

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
KINDS = ["csv", "json", "xlsx", "geojson"]
FILES = [f"agenda/donnees.{kind}" for kind in (*KINDS, "openagenda.json", "fete-de-la-science.csv")]
ADDRESSES = [
    *FILES, "agenda/calendrier.ics", "agenda/flux.atom", "agenda/widget/", "agenda/integrer/", "sitemap-agenda-1.xml",
    "api/v1/events",
]  # fmt: skip


@pytest.fixture
def by(network: Any) -> Viewer:
    return Viewer.as_system(network, "tests")


def content(answer: Any) -> bytes:
    if not answer.streaming:
        return answer.content
    body = b"".join(answer.streaming_content)
    if getattr(answer, "file_to_stream", None) is not None:
        answer.file_to_stream.close()
    return body


def got(address: str, query: str = "", client: Client | None = None) -> bytes:
    answer = (client or Client()).get(f"/{address}{query}")
    assert answer.status_code == 200, address
    return content(answer)


def text_of(address: str, body: bytes) -> str:
    if not address.endswith("xlsx"):
        return body.decode()
    return repr(list(openpyxl.load_workbook(io.BytesIO(body)).active.iter_rows(values_only=True)))


def titles(kind: str, query: str = "") -> list[str]:
    """In the order of the file."""
    body = got(f"agenda/donnees.{kind}", query)
    if kind == "json":
        return [event["titre"] for event in json.loads(body)["events"]]
    if kind == "geojson":
        return [feature["properties"]["titre"] for feature in json.loads(body)["features"]]
    if kind == "csv":
        return [row["Titre"] for row in csv.DictReader(io.StringIO(body.decode("utf-8-sig")), delimiter=";")]
    return [row[1] for row in openpyxl.load_workbook(io.BytesIO(body)).active.iter_rows(min_row=2, values_only=True)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_file_holds_what_is_found_whole_and_in_order(network: Any, kind: str) -> None:
    sky = make_term("theme", "ciel")
    for n in range(9, 0, -1):
        make_event(network, f"Soirée {n}", terms=[sky], schedule=Schedule((slot(n),)))
    make_event(network, "Autre chose")
    assert titles(kind, "?theme=ciel&page=2") == [f"Soirée {n}" for n in range(1, 10)]


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_not_shown_to_all_is_in_no_output_whoever_asks(network: Any, by: Viewer, address: str) -> None:
    later = timezone.now() + timedelta(hours=2)
    make_event(network, "Annoncé")
    make_event(network, "Sous embargo", publish_at=later)
    make_event(network, "Brouillon", state="draft")
    hide_event(by=by, event=make_event(network, "Retiré"))
    make_event(make_network("Nord"), "Ailleurs")
    team = Client()
    team.force_login(make_admin(network))
    for client in (Client(), team):
        text = text_of(address, got(address, client=client))
        if "integrer" not in address:
            assert "Annoncé" in text or "annonce" in text
        for secret in ("Sous embargo", "sous-embargo", "Brouillon", "brouillon", "Retiré", "retire/", "Ailleurs"):
            assert secret not in text


def test_an_event_under_embargo_appears_at_the_minute_set(network: Any) -> None:
    event = make_event(network, "Sous embargo", publish_at=timezone.now() + timedelta(hours=2))
    assert titles("json") == []
    Event.objects.filter(pk=event.pk).update(publish_at=timezone.now() - timedelta(seconds=1))
    assert titles("json") == ["Sous embargo"]


def test_a_row_tells_the_dates_of_the_period_by_the_clock_of_the_place(network: Any, by: Viewer) -> None:
    reunion = make_commune("97411", "Saint-Denis", (-20.88, 55.45))
    event = make_event(
        network, commune=reunion, schedule=Schedule((slot(2, hour=9), slot(3, hour=9), slot(60, hour=9)))
    )
    change_timing(by=by, timing=event.timings.all()[1], is_cancelled=True)
    last = timezone.localdate() + timedelta(days=10)
    (told,) = json.loads(got("agenda/donnees.json", f"?au={last}"))["events"]
    day = timezone.localdate() + timedelta(days=2)
    assert list(told) == [column.name for column in COLUMNS]
    assert told["dates"] == [f"{day}T09:00:00+04:00/{day}T11:00:00+04:00"]


def test_organisers_are_named_where_their_sheet_is_public(network: Any) -> None:
    club = make_actor(network, "Astroclub")
    make_event(network, organisers=[club, make_actor(network, "À préparer", state="draft")], organiser_name="La mairie")
    (told,) = json.loads(got("agenda/donnees.json"))["events"]
    assert told["organisateurs"] == ["Astroclub", "La mairie"]


def test_a_formula_in_a_title_is_neutralised(network: Any) -> None:
    make_event(network, '=HYPERLINK("http://x")')
    assert titles("csv") == ['\'=HYPERLINK("http://x")']


def test_files_are_attachments_that_no_search_engine_keeps_and_harvesting_is_slowed_down(network: Any) -> None:
    client = Client()
    answers = [client.get(f"/{FILES[n % len(FILES)]}") for n in range(31)]
    assert [answer.status_code for answer in answers] == [200] * 30 + [429]
    for answer in answers[:30]:
        content(answer)
        assert answer["Content-Disposition"].startswith("attachment; filename=")
        assert answer["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("address", ["agenda/donnees.csv", "agenda/donnees.openagenda.json", "agenda/flux.atom"])
def test_outputs_cost_the_same_queries_whatever_the_number_of_events(
    network: Any, same_queries: Callable[..., int], address: str
) -> None:
    club, theme = make_actor(network, "Club"), make_term()

    def add() -> None:
        make_event(network, organisers=[club], terms=[theme], venue=club, schedule=Schedule((slot(2),), (weekly(),)))

    assert same_queries(page=lambda: got(address), add=add) <= 20


def test_the_shape_is_that_of_openagenda(network: Any, by: Viewer) -> None:
    parent = make_event(network, "Village des sciences")
    event = make_event(
        network,
        "Atelier",
        summary="En bref",
        description="<p>Longuement</p>",
        address="2 rue Haute",
        postal_code="34000",
        place_name="Médiathèque",
        age_min=6,
        place_access=["mi", "hi", "sl"],
        bookings=[{"for": "public", "by": "email", "value": "a@b.fr"}],
        terms=[make_term("theme", "ciel", label="Ciel")],
        parent=parent,
        identifiers={"ics": "abc"},
        price="free",
        website="https://exemple.fr/",
    )
    tell_status(by=by, event=event, status="full")
    found = json.loads(got("agenda/donnees.openagenda.json"))
    assert (found["total"], len(found["events"])) == (2, 2)
    told = next(each for each in found["events"] if each["slug"] == event.slug)
    assert tuple(told) == KEYS
    timing = event.timings.get()
    begin = datetime.fromisoformat(told["timings"][0]["begin"])
    assert (begin, begin.utcoffset()) == (timing.starts_at, timing.starts_at.astimezone(event.tz).utcoffset())
    expected = {
        "uid": event.pk,
        "title": {"fr": "Atelier"},
        "description": {"fr": "En bref"},
        "longDescription": {"fr": "<p>Longuement</p>"},
        "conditions": {"fr": "gratuit"},
        "keywords": {"fr": ["Ciel"]},
        "status": 5,
        "attendanceMode": 1,
        "age": {"min": 6, "max": None},
        "accessibility": {"ii": False, "hi": True, "vi": False, "pi": False, "mi": True, "sl": True},
        "registration": [{"type": "email", "value": "a@b.fr", "for": "public"}],
        "price": "free",
        "links": [{"link": "https://exemple.fr/"}],
        "extIds": [{"key": "ics", "value": "abc"}],
        "canonicalUrl": "http://testserver/agenda/atelier/",
    }
    assert {key: told[key] for key in expected} == expected
    place = told["location"]
    assert {key: place[key] for key in ("name", "address", "city", "postalCode", "insee", "countryCode")} == {
        "name": "Médiathèque",
        "address": "2 rue Haute",
        "city": "Montpellier",
        "postalCode": "34000",
        "insee": "34172",
        "countryCode": "FR",
    }


def test_the_feed_gives_the_latest_published_first(network: Any) -> None:
    """By the moment everyone could read them, and whatever their dates."""
    sky = make_term("theme", "ciel")
    late = make_event(network, "Sorti d'embargo", terms=[sky], publish_at=timezone.now() + timedelta(hours=1))
    make_event(network, "D'abord", terms=[sky], schedule=Schedule((slot(1),)), summary="Ours & loups")
    make_event(network, "Ensuite", terms=[sky], schedule=Schedule((slot(90),)))
    make_event(network, "Autre thème")
    Event.objects.filter(pk=late.pk).update(published_at=timezone.now() - timedelta(days=9), publish_at=timezone.now())
    feed = ET.fromstring(got("agenda/flux.atom", "?theme=ciel&tri=date&vue=carte"))
    entries = [entry.find(f"{ATOM}title").text for entry in feed.iter(f"{ATOM}entry")]
    assert entries == ["Sorti d'embargo", "Ensuite", "D'abord"]
    own = next(link.get("href") for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self")
    assert own == "http://testserver/agenda/flux.atom?theme=ciel"


def test_a_feed_has_all_that_atom_requires(network: Any) -> None:
    """RFC 4287, 4.1.1 and 4.1.2: an id, a title, a moment with its zone, and an author for all."""
    make_event(network, "Atelier", summary="Ours & loups")
    feed = ET.fromstring(got("agenda/flux.atom"))
    entries = feed.findall(f"{ATOM}entry")
    for each in (feed, *entries):
        assert all(len(each.findall(f"{ATOM}{name}")) == 1 for name in ("id", "title", "updated"))
        assert datetime.fromisoformat(each.findtext(f"{ATOM}updated") or "").tzinfo is not None
        assert each.findtext(f"{ATOM}id", "").startswith("http://testserver/")
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == network.name
    assert [link.get("href") for link in entries[0].findall(f"{ATOM}link")] == ["http://testserver/agenda/atelier/"]


def test_an_empty_feed_is_still_a_feed(network: Any) -> None:
    assert ET.fromstring(got("agenda/flux.atom")).tag == f"{ATOM}feed"


def test_the_frame_may_be_framed_and_holds_no_cookie_nor_form(network: Any, client: Client) -> None:
    make_event(network, "Atelier")
    widget = client.get(reverse("agenda:event_widget"))
    assert "frame-ancestors *" in widget["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in client.get(reverse("agenda:event_embed"))["Content-Security-Policy"]
    assert widget.cookies == {}
    assert "<form" not in widget.text
    assert "Atelier" in widget.text


def test_the_snippet_and_the_address_to_follow_keep_the_filters(network: Any, client: Client) -> None:
    make_event(network, "Atelier", price="free")
    page = client.get(reverse("agenda:event_embed"), {"gratuit": "oui", "vue": "carte", "page": "3"}).text
    assert 'src="http://testserver/agenda/widget/?gratuit=oui"' in page
    assert "http://testserver/agenda/calendrier.ics?gratuit=oui" in page


def test_events_are_on_the_map_of_the_site_past_ones_too(network: Any, client: Client, monkeypatch: Any) -> None:
    from maillage.directory.views import public_site

    monkeypatch.setattr(public_site, "PER_FILE", 2)
    made = {make_event(network, schedule=Schedule((slot(days),))).get_absolute_url() for days in (-30, 1, 2)}
    index = [each.text for each in ET.fromstring(got("sitemap.xml")).iter(LOC)]
    files = [url.removeprefix("http://testserver/") for url in index if "agenda" in url]
    assert files == ["sitemap-agenda-1.xml", "sitemap-agenda-2.xml"]
    found = [each.text for name in files for each in ET.fromstring(got(name)).iter(LOC)]
    assert sorted(url.removeprefix("http://testserver") for url in found) == sorted(made)


def test_robots_leave_files_frames_and_lists_without_end(network: Any) -> None:
    lines = got("robots.txt").decode().splitlines()
    for pattern in ("/agenda/donnees.", "/agenda/widget/", "/agenda/?*&", "/agenda/*/evenement.ics"):
        assert f"Disallow: {pattern}" in lines


def test_an_editor_of_an_event_reads_no_more_of_it_in_files_than_anyone(network: Any, by: Viewer) -> None:
    person = make_person(network, RoleKind.MEMBER)
    event = make_event(network, "Atelier", state="draft")
    Event.objects.filter(pk=event.pk).update(author=person)
    client = Client()
    client.force_login(person)
    assert Event.objects.visible_to(viewer(person, network)).get() == event
    assert client.get(reverse("agenda:event_take", args=[event.slug])).status_code == 404
    update_event(by=by, event=event, values={"summary": "x"})
    assert json.loads(got("agenda/donnees.json", client=client))["events"] == []
