"""Registrations of the demonstration: open, full with a list, for schools, not open yet, past with who came."""

import pytest

from maillage.attendance.enums import Standing, State
from maillage.attendance.models import Opening, Registration
from maillage.attendance.queries.standing import dates_of

pytestmark = pytest.mark.once


def test_events_take_registrations_in_every_way(demo):
    openings = Opening.objects.filter(event__network=demo.south).select_related("event__network")
    standings = {date.standing for opening in openings for date in dates_of(opening)}
    assert {Standing.OPEN, Standing.FULL, Standing.SOON} <= standings
    for opening in openings:
        for date in dates_of(opening, coming=False):
            assert date.counts.taken <= date.session.size


def test_someone_waits_someone_is_offered_a_place_and_who_came_is_known(demo):
    states = set(Registration.objects.values_list("state", flat=True))
    assert {State.CONFIRMED, State.WAITING, State.OFFERED, State.CANCELLED} <= states
    assert Registration.objects.filter(is_group=True, level="CM2").exists()
    assert Registration.objects.filter(came__gt=0).exists()
    assert Registration.objects.filter(came=0).exists()
    assert Registration.objects.filter(user__email="membre@maillage.example").count() == 2
