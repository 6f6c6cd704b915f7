"""What the search knows of an event."""

from datetime import timedelta

import pytest
from django.utils import timezone

from maillage.agenda.queries.calendar import Schedule
from maillage.directory.actions import set_state
from maillage.search.models import Document
from maillage.search.queries import matching_ids
from maillage.search.registry import LASTING
from tests.factories.agenda import make_event, slot, weekly
from tests.factories.directory import make_actor

pytestmark = pytest.mark.django_db


def found(network, words):
    return matching_ids(network, "event", words).ids


def test_an_event_is_found_by_the_organisers_whose_sheet_everyone_reads_and_by_no_other(network, animator):
    museum, secret = make_actor(network, "Musée des sels"), make_actor(network, "Cabinet secret", state="draft")
    event = make_event(network, organisers=[museum, secret])
    assert (found(network, "sels"), found(network, "cabinet")) == ([event.pk], [])
    set_state(by=animator, actor=museum, state="hidden")
    set_state(by=animator, actor=secret, state="published")
    assert (found(network, "sels"), found(network, "cabinet")) == ([], [event.pk])


def test_an_event_is_of_its_days_and_one_without_end_never_over(network):
    today = timezone.localdate()
    in_days = [today + timedelta(days=number) for number in (1, 3, 5)]
    event = make_event(network, schedule=Schedule((slot(3), slot(5, hour=22, hours=2))))
    endless = make_event(network, "Atelier du mardi", schedule=Schedule(rules=(weekly(tuple(range(7))),)))
    days = (
        dict(Document.objects.values_list("object_id", "since")),
        dict(Document.objects.values_list("object_id", "on")),
    )
    assert days == ({event.pk: in_days[1], endless.pk: in_days[0]}, {event.pk: in_days[2], endless.pk: LASTING})
    assert set(Document.objects.values_list("object_id", "ends_on")) == {(event.pk, in_days[2]), (endless.pk, LASTING)}
