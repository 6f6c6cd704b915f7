"""An act on a loan and an act on the sheet of its borrower at the same time: one after the other, neither undone by the database."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from maillage.core.viewer import Viewer
from maillage.directory.actions import update_actor
from maillage.directory.models import Actor
from maillage.loans import actions
from maillage.loans.models import Loan
from maillage.loans.queries.terms import Asked
from tests.factories.loans import easy_terms, make_loans_world, morning

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.on_both]
ROUNDS = 12


def _together(*acts):
    """Each act so many times over, all of them let go at once each time; what they raised."""
    gate, faults = Barrier(len(acts)), []

    def play(act):
        try:
            for number in range(ROUNDS):
                gate.wait(60)
                try:
                    act(number)
                except BaseException as fault:
                    faults.append(fault)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(play, acts))
    return faults


@pytest.fixture
def world(transactional_db):
    world = make_loans_world("locks.test")
    easy_terms(world.network, world.lender, at_once=ROUNDS + 1, needs_agreement=False)
    return world


def test_the_sheet_of_a_borrower_is_edited_while_it_asks_and_waits(world):
    system = Viewer.as_system(world.network, "Essai")

    def edit(number):
        update_actor(by=system, actor=Actor.objects.get(pk=world.borrower.pk), values={"summary": f"Rang {number}"})

    def ask(number):
        asked = Asked(world.kit, {None: 1}, morning(10 + number), morning(10 + number), world.borrower)
        actions.request_loan(
            by=world.basile, resource=world.kit, wanted=asked.wanted, first=asked.first, last=asked.last,
            actor=world.borrower,
        )  # fmt: skip

    def write(number):
        actions.write_text(by=system, actor=world.borrower, body=f"<p>Texte {number}</p>")

    assert _together(edit, ask, write) == []
    assert Loan.objects.filter(actor=world.borrower).count() == ROUNDS
