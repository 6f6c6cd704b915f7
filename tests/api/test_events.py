"""The agenda as programs read it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from maillage.agenda.actions import change_timing, hide_event, update_event
from maillage.agenda.models import Event
from maillage.agenda.queries.calendar import Schedule
from maillage.core.viewer import Viewer
from tests.factories.agenda import make_event, slot, weekly
from tests.factories.directory import make_actor, make_commune, make_network, make_term

pytestmark = pytest.mark.django_db
LIST = "/api/v1/events"


@pytest.fixture
def by(network: Any) -> Viewer:
    return Viewer.as_system(network, "tests")


def walk(query: str = "limit=2", between: Callable[[], Any] | None = None) -> tuple[list[str], list[int], str]:
    """Every event and tombstone met by following cursors; `between` runs after the first page."""
    met: list[str] = []
    gone: list[int] = []
    cursor = ""
    while cursor is not None:
        page = Client().get(f"{LIST}?{query}&cursor={cursor}").json()
        met += [item["title"] for item in page["items"]]
        gone += [item["id"] for item in page["tombstones"]]
        cursor = page["next"]
        if between:
            between()
            between = None
    return met, gone, page["marker"]


def test_an_event_is_shown_with_its_dates_words_and_place(network: Any, client: Client, by: Viewer) -> None:
    club = make_actor(network, "Astroclub")
    hidden = make_actor(network, "À préparer", state="draft")
    event = make_event(
        network,
        "Atelier",
        schedule=Schedule((slot(2), slot(3))),
        terms=[make_term("theme", "ciel", label="Ciel")],
        organisers=[club, hidden],
        venue=hidden,
        place_name="Médiathèque",
        commune=make_commune(),
        bookings=[{"for": "school", "by": "phone", "value": "04 67 00 00 00"}],
        price="free",
    )
    change_timing(by=by, timing=event.timings.all()[1], is_cancelled=True, note="Pluie")
    told = client.get(f"{LIST}/{event.pk}").json()
    first, second = event.timings.all()
    assert [datetime.fromisoformat(each["starts_at"]) for each in told["timings"]] == [
        first.starts_at,
        second.starts_at,
    ]
    assert [(each["uid"], each["cancelled"], each["note"]) for each in told["timings"]] == [
        (first.uid, False, ""),
        (second.uid, True, "Pluie"),
    ]
    expected = {
        "url": "http://testserver/agenda/atelier/",
        "themes": [{"slug": "ciel", "label": "Ciel"}],
        "organisers": [{"id": club.pk, "name": "Astroclub"}],
        "venue": None,
        "place_name": "Médiathèque",
        "commune": {"code": "34172", "name": "Montpellier"},
        "bookings": [{"public": "school", "by": "phone", "value": "04 67 00 00 00"}],
        "price": "free",
        "status": "scheduled",
    }
    assert {key: told[key] for key in expected} == expected
    for secret in ("author", "provenance", "decided", "reason", "revision"):
        assert secret not in told


def test_what_is_not_shown_to_all_does_not_exist(network: Any, client: Client) -> None:
    draft = make_event(network, "Brouillon", state="draft")
    elsewhere = make_event(make_network("Nord"), "Ailleurs")
    make_event(network, "Sous embargo", publish_at=timezone.now() + timedelta(hours=2))
    assert client.get(LIST).json()["items"] == []
    assert [client.get(f"{LIST}/{event.pk}").status_code for event in (draft, elsewhere)] == [404, 404]


def test_without_filter_all_is_read_past_events_too_and_filters_are_those_of_the_page(network: Any) -> None:
    make_event(network, "Passé", schedule=Schedule((slot(-30),)))
    make_event(network, "Demain", schedule=Schedule((slot(1),)), terms=[make_term("theme", "ciel")])
    make_event(
        network, "Plus tard", schedule=Schedule((slot(30),)), commune=make_commune("30189", "Nîmes", (43.83, 4.36))
    )
    make_event(network, "Régulier", schedule=Schedule(rules=(weekly(),)), price="free")
    assert walk()[0] == ["Passé", "Demain", "Plus tard", "Régulier"]
    found = {
        query: walk(f"limit=2&{query}")[0]
        for query in ("quand=demain", "theme=ciel", "departement=30", "gratuit=oui", "quand=passes", "q=tard")
    }
    assert found == {
        "quand=demain": ["Demain"]
        + (["Régulier"] if (timezone.localdate() + timedelta(days=1)).weekday() == 1 else []),
        "theme=ciel": ["Demain"],
        "departement=30": ["Plus tard"],
        "gratuit=oui": ["Régulier"],
        "quand=passes": ["Passé"],
        "q=tard": ["Plus tard"],
    }


def test_an_event_changed_during_the_walk_is_neither_lost_nor_repeated(network: Any, by: Viewer) -> None:
    events = [make_event(network, f"Soirée {number}") for number in range(4)]

    def change() -> None:
        update_event(by=by, event=events[0], values={"summary": "x"})
        make_event(network, "Nouvelle")

    assert walk(between=change)[0] == [*(event.title for event in events), "Nouvelle"]


def test_since_gives_changes_and_tombstones_once(network: Any, client: Client, by: Viewer) -> None:
    kept, gone, _still = (make_event(network, title) for title in ("Gardé", "Retiré", "Inchangé"))
    before = timezone.now()
    marker = walk()[2]
    assert walk(f"since={marker}")[:2] == ([], [])
    update_event(by=by, event=kept, values={"summary": "x"})
    hide_event(by=by, event=gone)
    moment = before.isoformat().replace("+", "%2B")
    for asked in (f"since={marker}", f"updated_since={moment}"):
        assert walk(f"limit=1&{asked}")[:2] == (["Gardé"], [gone.pk])
    assert client.get(f"{LIST}/{gone.pk}").status_code == 410


def test_the_end_of_an_embargo_is_a_change(network: Any) -> None:
    event = make_event(network, "Sous embargo", publish_at=timezone.now() + timedelta(hours=1))
    long_ago = timezone.now() - timedelta(days=9)
    Event.objects.filter(pk=event.pk).update(publish_at=timezone.now(), updated_at=long_ago)
    since = (timezone.now() - timedelta(hours=1)).isoformat().replace("+", "%2B")
    assert walk(f"updated_since={since}")[0] == ["Sous embargo"]


def test_an_embargo_set_on_what_everyone_read_is_a_departure_and_on_what_nobody_read_is_not(
    network: Any, client: Client, by: Viewer
) -> None:
    later = timezone.now() + timedelta(days=3)
    read, unread = make_event(network, "Lu"), make_event(network, "Jamais lu", publish_at=later)
    marker = walk()[2]
    update_event(by=by, event=read, values={"publish_at": later})
    update_event(by=by, event=read, values={"summary": "x"})
    update_event(by=by, event=unread, values={"publish_at": later + timedelta(days=1)})
    assert walk(f"since={marker}")[:2] == ([], [read.pk])
    assert [client.get(f"{LIST}/{event.pk}").status_code for event in (read, unread)] == [410, 404]
    marker = walk()[2]
    update_event(by=by, event=read, values={"publish_at": None})
    assert walk(f"since={marker}")[:2] == (["Lu"], [])


def test_who_has_the_version_gets_304_until_something_changes(network: Any, client: Client, by: Viewer) -> None:
    event = make_event(network)
    etag = client.get(LIST)["ETag"]
    assert client.get(LIST, headers={"If-None-Match": etag}).status_code == 304
    update_event(by=by, event=event, values={"summary": "x"})
    assert client.get(LIST, headers={"If-None-Match": etag}).status_code == 200


def test_the_number_of_queries_does_not_grow(network: Any, same_queries: Callable[..., int]) -> None:
    club = make_actor(network, "Club")

    def add() -> None:
        make_event(network, organisers=[club], terms=[make_term()], schedule=Schedule((slot(2),), (weekly(),)))

    assert same_queries(page=lambda: Client().get(LIST), add=add) <= 20
