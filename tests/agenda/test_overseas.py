"""A network lives by its own clock: its days begin at its midnight, and nobody is written to in its night."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from maillage.activity.enums import Rhythm
from maillage.activity.queries import next_letter
from maillage.agenda.queries.calendar import Schedule, Slot
from maillage.core.errors import Refused
from maillage.core.mail import after_quiet
from maillage.networks.actions import save_settings
from tests.factories.accounts import viewer
from tests.factories.agenda import local, make_event
from tests.factories.directory import make_commune

# One in the morning of the 11th in Saint-Denis, ten in the evening of the 10th in Paris.
NIGHT = datetime(2027, 3, 10, 21, tzinfo=UTC)


@pytest.fixture
def overseas(network, admin, monkeypatch):
    network = save_settings(
        by=viewer(admin, network),
        network=network,
        values={"time_zone": "Indian/Reunion", "quiet_from": 21, "quiet_until": 8},
    )
    monkeypatch.setattr(timezone, "now", lambda: NIGHT)
    for day in (11, 12):
        schedule = Schedule((Slot(local(f"2027-03-{day}T10:00"), local(f"2027-03-{day}T12:00")),))
        make_event(network, f"Le {day}", schedule=schedule, commune=make_commune("97411", "Saint-Denis"))
    return network


@pytest.mark.parametrize(("asked", "found"), [("aujourdhui", {"Le 11"}), ("demain", {"Le 12"})])
def test_today_is_the_day_of_the_network(client, overseas, asked, found):
    body = client.get(reverse("agenda:event_list"), {"quand": asked}).content.decode()
    assert {title for title in ("Le 11", "Le 12") if f">{title}</a>" in body} == found
    assert timezone.get_current_timezone_name() == "Europe/Paris"


def test_its_night_is_quiet_and_its_letters_leave_in_its_morning(overseas):
    assert after_quiet(overseas, NIGHT) == datetime(2027, 3, 11, 4, tzinfo=UTC)
    assert next_letter(Rhythm.DAILY, overseas, None, NIGHT) == datetime(2027, 3, 11, 5, tzinfo=UTC)


def test_a_clock_that_is_not_offered_is_refused(network, admin):
    with pytest.raises(Refused, match="choisissez dans la liste"):
        save_settings(by=viewer(admin, network), network=network, values={"time_zone": "Mars/Olympus"})
