"""Narrowing what is found, and counting it by kind, theme, territory and date."""

from datetime import timedelta

import pytest
from django.utils import timezone

from maillage.search import actions
from maillage.search.queries import Narrowing, Place, When, search, weighing
from maillage.search.registry import LASTING, SearchDocument

pytestmark = pytest.mark.django_db


@pytest.fixture
def various(make, network):
    today = timezone.localdate()
    make("Club de sciences A", themes=(1, 2), places=("09122", "200067791", "09"))
    make("Club de sciences B", themes=(2,), places=("34172", "243400017", "34"))
    make("Club de sciences C", kind="event", on=today, themes=(1,), places=("34172", "34"))
    make("Club de sciences D", kind="event", on=today - timedelta(days=30), places=("2A004", "2A"))
    make("Club de sciences E", kind="event", on=today - timedelta(days=500))
    network.refresh_from_db()
    return network


ASKED = [
    "sciences",
    "comment trouver un club de sciences ?",
]  # A word, which all hold; a question, answered by the nearest.


@pytest.mark.parametrize("text", ASKED)
@pytest.mark.parametrize(
    ("narrowing", "letters"),
    [
        (Narrowing(), "ABCDE"),
        (Narrowing(kinds=("event",)), "CDE"),
        (Narrowing(themes=(1,)), "AC"),
        (Narrowing(themes=(1, 2)), "ABC"),
        (Narrowing(departments=("34",)), "BC"),
        (Narrowing(departments=("2A", "09")), "AD"),
        (Narrowing(places=("34172",)), "BC"),
        (Narrowing(places=("200067791",)), "A"),
        (Narrowing(when=(When.COMING,)), "C"),
        (Narrowing(when=(When.RECENT, When.PAST)), "DE"),
        (Narrowing(kinds=("event",), themes=(1,), departments=("34",), when=(When.COMING,)), "C"),
        (Narrowing(kinds=("actor",), when=(When.COMING,)), ""),
    ],
)
def test_results_are_narrowed_by_kind_theme_territory_and_date(various, text, narrowing, letters):
    found = search(various, text, narrowing=narrowing, counts=True)
    assert (sorted(hit.title[-1] for hit in found.hits), found.total) == (list(letters), len(letters))


@pytest.mark.parametrize("text", ASKED)
def test_each_facet_is_counted_as_if_it_were_not_used(various, text):
    narrowing = Narrowing(kinds=("event",), departments=("34",))
    counts = search(various, text, narrowing=narrowing, counts=True).counts
    assert (counts.total, counts.kinds, counts.themes) == (1, {"actor": 1, "event": 1}, {1: 1})
    assert (counts.departments, counts.when) == ({"34": 1, "2A": 1}, {"avenir": 1})


def test_what_is_hidden_or_elsewhere_is_not_counted(various, make, other_network):
    make("Club de sciences secret", is_public=False, themes=(1,))
    make("Club de sciences d'ailleurs", network_id=other_network.pk, themes=(1,))
    various.refresh_from_db()
    assert search(various, "sciences", counts=True).counts.themes == {1: 2, 2: 2}
    assert search(various, "sciences", counts=True, public=False).counts.themes == {1: 3, 2: 2}


@pytest.mark.django_db(transaction=True)  # What the process keeps is not read inside a transaction.
def test_facets_follow_what_changes(make, network):
    number = make("Musée", themes=(1,))
    network.refresh_from_db()
    assert search(network, "musée", counts=True).counts.themes == {1: 1}
    make("Musée", object_id=number, themes=(2,))
    make("Musée neuf", themes=(2,))
    network.refresh_from_db()
    assert search(network, "musée", counts=True).counts.themes == {2: 2}


def test_what_is_near_the_place_chosen_comes_first(network, monkeypatch):
    actions.index(
        SearchDocument(
            "actor",
            number,
            network.pk,
            "Médiathèque",
            "/",
            subtitle=place,
            latitude=north,
            longitude=east,
            places=(code,),
        )
        for number, (place, north, east, code) in enumerate(
            [("Nîmes", 43.83, 4.36, "30"), ("Pamiers", 43.11, 1.61, "09")]
        )
    )
    network.refresh_from_db()
    foix = Narrowing(near=Place(42.96, 1.6, "09"))
    assert [hit.subtitle for hit in search(network, "médiathèque").hits] == ["Nîmes", "Pamiers"]
    assert [hit.subtitle for hit in search(network, "médiathèque", narrowing=foix).hits] == ["Pamiers", "Nîmes"]
    monkeypatch.setattr(weighing, "WIDE", 0)
    assert [hit.subtitle for hit in search(network, "médiathèque", narrowing=foix).hits] == ["Pamiers", "Nîmes"]


def test_of_those_alike_what_is_of_these_days_comes_first(make, network):
    today = timezone.localdate()
    make("Fête", on=today - timedelta(days=3000))
    make("Fête", on=today + timedelta(days=3))
    make("Fête", on=today - timedelta(days=900))
    network.refresh_from_db()
    assert [(hit.on - today).days for hit in search(network, "fête").hits] == [3, -900, -3000]


def test_what_lasts_is_of_today_and_what_has_no_end_is_to_come(make, network):
    today = timezone.localdate()
    make("Fête", object_id=1, on=today + timedelta(days=2000))
    make("Fête", object_id=2, since=today - timedelta(days=900), on=LASTING, ends_on=LASTING)
    make("Fête", object_id=3, since=today - timedelta(days=30), on=today + timedelta(days=2000))
    network.refresh_from_db()
    found = search(network, "fête", counts=True)
    assert [hit.object_id for hit in found.hits] == [2, 3, 1]
    assert (found.counts.when, {hit.object_id: hit.day is None for hit in found.hits}) == (
        {"avenir": 3},
        {1: False, 2: True, 3: False},
    )


@pytest.mark.parametrize("wide", [False, True])
def test_what_has_ended_is_worth_less_without_being_written_again(make, network, monkeypatch, wide):
    if wide:  # Ranked on titles alone.
        monkeypatch.setattr(weighing, "WIDE", 0)
    today = timezone.localdate()
    make("Offre", object_id=1, ends_on=today)
    make("Offre", object_id=2, boost=0.9)
    network.refresh_from_db()
    assert [hit.object_id for hit in search(network, "offre").hits] == [1, 2]
    monkeypatch.setattr(weighing.timezone, "localdate", lambda: today + timedelta(days=1))
    assert [hit.object_id for hit in search(network, "offre").hits] == [2, 1]
