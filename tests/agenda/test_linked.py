"""What search engines read in the page of an event."""

from datetime import timedelta
from typing import Any

import pytest

from maillage.agenda.actions import change_timing, tell_status
from maillage.agenda.models import Event
from maillage.agenda.queries.calendar import Schedule
from maillage.agenda.queries.linked import MOST_PARTS, dates_to_link, linked_data
from maillage.core.viewer import Viewer
from tests.factories.agenda import make_event, slot, weekly

pytestmark = pytest.mark.django_db
URL = "https://exemple.fr/agenda/x/"


@pytest.fixture
def by(network: Any) -> Viewer:
    return Viewer.as_system(network, "tests")


def linked(event: Event, **told: Any) -> dict[str, Any]:
    event = Event.objects.select_related("commune__department").get(pk=event.pk)
    return linked_data(event, dates_to_link(event), URL, **told)


def test_an_event_of_one_date_is_whole(network: Any) -> None:
    event = make_event(
        network, "Atelier", age_min=6, age_max=12, price="free", address="2 rue Haute", postal_code="34000",
        summary="En bref", languages=["fr", "oc"],
    )  # fmt: skip
    timing = event.timings.get()
    told = linked(
        event,
        organisers=[("Astroclub", "https://exemple.fr/acteurs/astroclub/"), ("La mairie", "")],
        parent=("Village", "https://exemple.fr/agenda/village/"),
        themes=["Ciel"],
    )
    assert told.pop("location") == {
        "@type": "Place",
        "name": "Montpellier",
        "address": {
            "@type": "PostalAddress",
            "streetAddress": "2 rue Haute",
            "postalCode": "34000",
            "addressLocality": "Montpellier",
            "addressRegion": "Département 34",
            "addressCountry": "FR",
        },
        "geo": {"@type": "GeoCoordinates", "latitude": event.latitude, "longitude": event.longitude},
    }
    assert told == {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": URL,
        "url": URL,
        "name": "Atelier",
        "description": "En bref",
        "inLanguage": ["fr", "oc"],
        "startDate": timing.starts_at.astimezone(event.tz).isoformat(),
        "endDate": timing.ends_at.astimezone(event.tz).isoformat(),
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "organizer": [
            {"@type": "Organization", "name": "Astroclub", "url": "https://exemple.fr/acteurs/astroclub/"},
            {"@type": "Organization", "name": "La mairie"},
        ],
        "typicalAgeRange": "6-12",
        "keywords": ["Ciel"],
        "superEvent": {"@type": "Event", "name": "Village", "url": "https://exemple.fr/agenda/village/"},
        "offers": {
            "@type": "Offer",
            "url": URL,
            "price": 0,
            "priceCurrency": "EUR",
            "availability": "https://schema.org/InStock",
        },
        "isAccessibleForFree": True,
    }


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("postponed", "EventPostponed"),
        ("rescheduled", "EventRescheduled"),
        ("moved_online", "EventMovedOnline"),
        ("cancelled", "EventCancelled"),
        ("full", "EventScheduled"),
    ],
)
def test_how_it_stands_is_told_with_the_date_first_announced(
    network: Any, by: Viewer, status: str, expected: str
) -> None:
    event = make_event(network)
    first = event.timings.get().starts_at.astimezone(event.tz).isoformat()
    tell_status(by=by, event=event, status=status)
    told = linked(event)
    assert told["eventStatus"] == f"https://schema.org/{expected}"
    assert told.get("previousStartDate") == (first if status in ("postponed", "rescheduled") else None)
    assert told.get("offers", {}).get("availability") == ("https://schema.org/SoldOut" if status == "full" else None)


def test_what_is_online_is_at_its_link_else_at_its_page(network: Any) -> None:
    online = make_event(network, attendance="online", online_url="https://visio.exemple.fr/1")
    mixed = make_event(network, attendance="mixed")
    assert linked(online)["location"] == {"@type": "VirtualLocation", "url": "https://visio.exemple.fr/1"}
    assert [each["@type"] for each in linked(mixed)["location"]] == ["Place", "VirtualLocation"]
    assert linked(mixed)["location"][1]["url"] == URL


def test_each_of_several_dates_is_a_part_the_next_ones_alone(network: Any, by: Viewer) -> None:
    event = make_event(network, schedule=Schedule((slot(-3),), (weekly(),)))
    second = event.timings.upcoming()[1]
    change_timing(by=by, timing=second, is_cancelled=True)
    told = linked(event)
    parts = told["subEvent"]
    assert len(parts) == MOST_PARTS
    assert (told["startDate"], told["endDate"]) == (parts[0]["startDate"], parts[-1]["endDate"])
    assert [part["eventStatus"].rsplit("/", 1)[1] for part in parts[:3]] == [
        "EventScheduled", "EventCancelled", "EventScheduled",
    ]  # fmt: skip


def test_whole_days_are_told_as_days_the_last_one_included(network: Any) -> None:
    event = make_event(network, schedule=Schedule((slot(3, hours=50, all_day=True),)))
    day = event.timings.get().day
    assert (linked(event)["startDate"], linked(event)["endDate"]) == (str(day), str(day + timedelta(days=2)))


def test_nothing_is_invented_where_nothing_was_told(network: Any) -> None:
    told = linked(make_event(network))
    for name in ("offers", "isAccessibleForFree", "typicalAgeRange", "image", "organizer", "subEvent", "superEvent"):
        assert name not in told
