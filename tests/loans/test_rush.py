"""LOAN-1, and the sixth abuse case: two hundred people ask for the last one, each from a process of its own."""

import multiprocessing
import os
from typing import Any

import pytest
from django.db import connection

from maillage.accounts.models import User
from maillage.catalogue.actions import Taken
from maillage.catalogue.models import Occupancy, Resource
from maillage.catalogue.queries.availability import whole
from maillage.catalogue.queries.lending import terms_of
from maillage.core.viewer import RoleHeld, RoleKind, Viewer
from maillage.loans import actions
from maillage.loans.models import Loan
from maillage.loans.queries.terms import Asked, other_dates
from maillage.networks.models import Network
from tests.factories.loans import day_in, make_loans_world, morning
from tests.support.at_once import in_a_process

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.on_both]
PEOPLE = 200
RESERVE = 15  # Connections that a PostgreSQL server keeps for others.


def _room() -> int:
    """How many processes may hold a connection at once."""
    if connection.vendor == "sqlite":
        return PEOPLE
    with connection.cursor() as cursor:
        cursor.execute("SHOW max_connections")
        most = int(cursor.fetchone()[0])
        cursor.execute("SELECT count(*) FROM pg_stat_activity")
        return min(PEOPLE, most - int(cursor.fetchone()[0]) - RESERVE)


def _ask(network: int, resource: int, user: int) -> tuple[str, int]:
    """The real action, then, for whoever loses, the dates that the page proposes."""
    here = Network.objects.get(pk=network)
    by = Viewer(network=here, user=User.objects.get(pk=user), roles=frozenset({RoleHeld(RoleKind.MEMBER)}))
    found = Resource.objects.select_related("actor", "network").get(pk=resource)
    asked = Asked(found, whole(found, 1), morning(10), morning(12))
    try:
        loan = actions.request_loan(by=by, resource=found, wanted=asked.wanted, first=asked.first, last=asked.last)
    except Taken:
        return "taken", len(other_dates(asked, terms_of(found), day_in(0)))
    return "won", loan.pk


def _play(gate: Any, told: Any, network: int, resource: int, users: list[int]) -> None:
    """A process: ready, let go with all the others, and what came of each of its requests."""
    in_a_process()
    gate.wait()
    for user in users:
        try:
            told.put(_ask(network, resource, user))
        except BaseException as fault:
            told.put((repr(fault), 0))
    connection.close()
    os._exit(0)


def test_of_two_hundred_who_ask_for_the_last_one_exactly_one_has_it():
    world = make_loans_world("rush.test")
    people = User.objects.bulk_create(
        User(email=f"p{number}@exemple.test", name=f"Personne {number}") for number in range(PEOPLE)
    )
    processes = _room()
    shares: list[list[int]] = [[user.pk for user in people[rank::processes]] for rank in range(processes)]
    context = multiprocessing.get_context("fork")
    gate, told = context.Barrier(processes), context.SimpleQueue()
    connection.close()  # Each process opens its own.

    playing = [
        context.Process(target=_play, args=(gate, told, world.network.pk, world.kit.pk, share)) for share in shares
    ]
    for each in playing:
        each.start()
    answers = [told.get() for _each in range(PEOPLE)]
    for each in playing:
        each.join(30)

    assert sorted({kind for kind, _number in answers}) == ["taken", "won"]
    assert [kind for kind, _number in answers].count("won") == 1
    assert {number for kind, number in answers if kind == "taken"} == {3}
    assert Loan.objects.count() == 1
    assert Occupancy.objects.count() == 5
