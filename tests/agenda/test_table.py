"""The working table of events."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone

from maillage.agenda.actions import change_timing
from maillage.agenda.queries import table
from maillage.agenda.queries.calendar import Schedule
from maillage.core.viewer import Viewer
from tests.factories.agenda import make_event, slot

pytestmark = pytest.mark.django_db


def listed(viewer: Viewer, query: str = "") -> list[tuple[str, int]]:
    """Titles with how many days from today their date is told."""
    today = timezone.localdate()
    found = table.events(viewer, table.filters_of(QueryDict(query)))
    return [(event.title, (timezone.localdate(event.next_at) - today).days) for event in found]


def test_the_next_date_is_neither_over_nor_cancelled(network: Any, animator: Viewer) -> None:
    event = make_event(network, "Atelier", schedule=Schedule((slot(-9), slot(3), slot(8))))
    assert listed(animator) == [("Atelier", 3)]
    change_timing(
        by=animator, timing=event.timings.get(day=timezone.localdate() + timedelta(days=3)), is_cancelled=True
    )
    assert listed(animator) == [("Atelier", 8)]


def test_what_is_past_tells_its_last_date_and_comes_latest_first(network: Any, animator: Viewer) -> None:
    make_event(network, "Ancien", schedule=Schedule((slot(-90), slot(-60))))
    make_event(network, "Récent", schedule=Schedule((slot(-5),)))
    assert listed(animator, "periode=passes") == [("Récent", -5), ("Ancien", -60)]
