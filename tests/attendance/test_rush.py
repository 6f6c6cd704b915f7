"""Many who take the last places at once, on both databases: never more than there are, nobody lost."""

import multiprocessing
import os
from typing import Any

import pytest
from django.db import connection

from maillage.attendance import actions
from maillage.attendance.models import Registration, Session
from maillage.attendance.queries.standing import taken_of
from maillage.core.viewer import Viewer
from maillage.networks.models import Network
from tests.factories.attendance import ask, come, later, make_attendance_world, open_for
from tests.support.at_once import in_a_process, queued

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.on_both]
PEOPLE, PLACES = 24, 5


def _play(gate: Any, told: Any, network: int, session: int, number: int) -> None:
    """A process of its own, let go with all the others."""
    in_a_process()
    gate.wait()
    try:
        made = actions.register(
            by=Viewer(network=Network.objects.get(pk=network)),
            session=Session.objects.select_related("opening__event").get(pk=session),
            name=f"Personne {number}",
            email=f"p{number}@exemple.test",
            places=1,
        )
        told.put(str(made.state if made is not None else "silent"))
    except BaseException as fault:
        told.put(repr(fault))
    connection.close()
    os._exit(0)


def test_of_many_who_register_at_once_as_many_as_there_are_places_hold_one():
    world = make_attendance_world("rush.test")
    open_for(world, capacity=PLACES)
    context = multiprocessing.get_context("fork")
    gate, told = context.Barrier(PEOPLE), context.SimpleQueue()
    connection.close()  # Each process opens its own.
    playing = [
        context.Process(target=_play, args=(gate, told, world.network.pk, world.session.pk, number))
        for number in range(PEOPLE)
    ]
    for each in playing:
        each.start()
    answers = [told.get() for _each in playing]
    for each in playing:
        each.join(30)
    assert (answers.count("pending"), answers.count("asked")) == (PLACES, PEOPLE - PLACES)
    assert taken_of(world.session, later()) == PLACES


def test_a_place_given_back_while_others_come_is_given_once():
    world = make_attendance_world("rush.test")
    lise = come(world, places=2)
    first, second = come(world, "max@exemple.test"), come(world, "zoe@exemple.test")
    newcomer = ask(world, "eva@exemple.test")
    queued(
        world.network,
        lambda: actions.reduce_registration(registration=lise, places=1),
        lambda: actions.confirm_registration(registration=newcomer),
        lambda: actions.set_size(by=world.team, session=world.session, capacity=3),
        lambda: actions.cancel_registration(registration=second),
    )
    assert taken_of(world.session, later()) == 3
    states = dict(Registration.objects.values_list("email", "state"))
    assert (states["max@exemple.test"], states["zoe@exemple.test"]) == ("offered", "cancelled")
    # Whichever act came last, the third place is hers: offered while she waited, or taken as she confirmed.
    assert states["eva@exemple.test"] in ("offered", "confirmed")
    assert first.turn is not None
