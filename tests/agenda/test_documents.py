"""What the search knows of an event."""

import pytest

from maillage.directory.actions import set_state
from maillage.search.queries import matching_ids
from tests.factories.agenda import make_event
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
