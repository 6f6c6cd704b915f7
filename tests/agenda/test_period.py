"""What is to come, kept while it is true; and days and hours by the clock of each place."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from maillage.agenda import kit
from maillage.agenda.actions import update_event
from maillage.agenda.models import Event, Timing
from maillage.agenda.queries.calendar import Schedule
from maillage.agenda.queries.months import month_of
from maillage.agenda.queries.schedules import schedule_of
from maillage.core.dates import date_format
from maillage.core.viewer import Viewer
from maillage.directory.actions.writing import Stamp
from maillage.networks.models import Network
from tests.factories.agenda import make_event, slot
from tests.factories.directory import make_actor, make_commune


@pytest.fixture
def here(transactional_db: None) -> Any:
    from tests.factories.directory import make_network

    return make_network(host="testserver")


def titles(network: Any, query: str = "") -> list[str]:
    """As a new request finds them: with the network as it is now."""
    asked = kit.ask(QueryDict(query), Network.objects.get(pk=network.pk))
    return [event.title for event in kit.cards(Viewer(network=network), asked.programme.rows)]


def test_the_second_who_asks_reads_what_the_first_read(here: Any, count_queries: Any) -> None:
    make_event(here)
    first = count_queries(lambda: titles(here))
    assert count_queries(lambda: titles(here)) <= first - 3
    assert titles(here, "gratuit=oui") == []


def test_an_act_is_seen_by_the_next_who_asks(here: Any) -> None:
    event = make_event(here, "Annoncé")
    assert titles(here) == ["Annoncé"]
    make_event(here, "Aussi", schedule=Schedule((slot(9),)))
    assert titles(here) == ["Annoncé", "Aussi"]
    update_event(by=Viewer.as_system(here, "tests"), event=event, values={"schedule": Schedule((slot(20),))})
    assert titles(here) == ["Aussi", "Annoncé"]


def test_a_date_that_ends_goes_by_the_clock_alone(here: Any) -> None:
    make_event(here, "Bientôt fini", schedule=Schedule((slot(3), slot(5))))
    make_event(here, "Plus tard", schedule=Schedule((slot(4),)))
    soon = timezone.now() + timedelta(seconds=1)
    first = Timing.objects.filter(event__title="Bientôt fini").earliest("starts_at")
    Timing.objects.filter(pk=first.pk).update(starts_at=soon - timedelta(hours=1), ends_at=soon)
    assert titles(here) == ["Bientôt fini", "Plus tard"]
    assert titles(here, "quand=passes") == ["Bientôt fini"]
    time.sleep(1.1)
    assert titles(here) == ["Plus tard", "Bientôt fini"]


def test_who_asks_near_a_place_changes_nothing_for_the_next(here: Any) -> None:
    make_event(here, commune=make_commune("34172", "Montpellier", (43.61, 3.88)))
    asked = kit.ask(QueryDict("pres=43.7,3.9"), Network.objects.get(pk=here.pk))
    assert [round(row.distance or 0) for row in asked.programme.rows] == [10]
    asked = kit.ask(QueryDict(""), Network.objects.get(pk=here.pk))
    assert [row.distance for row in asked.programme.rows] == [None]


# --- by the clock of the place -------------------------------------------------------------------------------------------


def martinique() -> Any:
    return make_commune("97209", "Fort-de-France", (14.6, -61.07))


def test_an_evening_overseas_is_told_under_its_own_day(client: Any, network: Any) -> None:
    evening = slot(7, hour=21)
    make_event(network, "Lewoz", commune=martinique(), schedule=Schedule((evening,)))
    make_event(network, "Nuit à Sète", schedule=Schedule((slot(7, hour=22),)))
    make_event(network, "Matin à Sète", schedule=Schedule((slot(8, hour=1),)))
    groups = client.get(reverse("agenda:event_list")).context["groups"]
    assert [[event.title for event in events] for _day, events in groups] == [
        ["Lewoz", "Nuit à Sète"],
        ["Matin à Sète"],
    ]
    assert date_format(evening.starts.date(), "l j F") in groups[0][0].lower()


def test_the_month_tells_the_hour_of_the_place(network: Any) -> None:
    evening = slot(7, hour=21)
    make_event(network, "Lewoz", commune=martinique(), schedule=Schedule((evening,)))
    asked = kit.ask(QueryDict(f"vue=mois&mois={evening.starts:%Y-%m}"), network)
    (day,) = month_of(asked.programme).days
    assert (day.day, [entry.at.hour for entry in day.entries if entry.at]) == (evening.starts.date(), [21])


def test_an_event_that_goes_under_another_clock_stays_at_its_hours(network: Any) -> None:
    event = make_event(network, commune=make_commune("93066", "Saint-Denis", (48.94, 2.36)))
    before = event.timings.get()
    reunion = make_commune("97411", "Saint-Denis", (-20.88, 55.45))
    update_event(by=Viewer.as_system(network, "tests"), event=event, values={"commune": reunion})
    event = Event.objects.get(pk=event.pk)
    after = event.timings.get()
    assert [each.starts.hour for each in schedule_of(event).slots] == [14]
    assert (after.pk, after.uid, event.sequence) == (before.pk, before.uid, 1)
    assert after.starts_at < before.starts_at


def test_an_import_whose_place_is_not_taken_changes_no_clock(network: Any) -> None:
    event = make_event(network)
    event.provenance["commune"] = {"origin": "actor"}
    event.save()
    stamp = Stamp("import", "Un fichier")
    update_event(by=Viewer.as_system(network, "tests"), event=event, values={"commune": martinique()}, stamp=stamp)
    assert Event.objects.get(pk=event.pk).zone == "Europe/Paris"


def test_an_event_takes_the_ways_into_its_place_unless_it_tells_its_own(network: Any) -> None:
    venue = make_actor(network, "Musée", commune=make_commune(), place_access=["mi"], access_notes="Ascenseur")
    plain = make_event(network, "Chez nous", venue=venue)
    own = make_event(network, "Sous la tente", venue=venue, place_access=["hi"])
    assert (plain.place_access, plain.access_notes) == (["mi"], "Ascenseur")
    assert own.place_access == ["hi"]
