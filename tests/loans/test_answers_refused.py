"""Answers given twice, too late or for too long."""

import pytest

from maillage.core.errors import Refused
from maillage.core.viewer import Viewer
from maillage.loans import actions
from tests.factories.loans import make_loan


def test_a_prepared_loan_is_not_accepted_again(world):
    loan = make_loan(world, state="prepared", first=0)

    with pytest.raises(Refused, match="cet état"):
        actions.accept_loan(by=world.louise, loan=loan)


def test_an_extension_has_a_length(world):
    loan = make_loan(world, state="out", first=0)

    with pytest.raises(Refused, match="trop loin"):
        actions.ask_extension(by=world.basile, loan=loan, last=loan.last + 20_000)


def test_other_dates_have_a_length(world):
    loan = make_loan(world, first=40)

    with pytest.raises(Refused, match="trop long"):
        actions.counter_loan(by=world.louise, loan=loan, first=loan.first, last=loan.first + 20_000)


def test_what_was_answered_meanwhile_does_not_go_to_the_team(world):
    loan = make_loan(world, state="accepted", first=40)

    assert actions.escalate(by=Viewer.as_system(loan.network, "x"), loan=loan).escalated_at is None
