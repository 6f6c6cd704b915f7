"""Whoever posts out of order, twice, or what no form offers: the course of a loan holds, and nothing breaks."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from maillage.catalogue.enums import CopyState
from maillage.catalogue.models import Copy, Hold
from maillage.core.errors import Conflict
from maillage.loans import actions
from maillage.loans.actions.reporting import Looked, Signed
from maillage.loans.enums import HOLDING, NEXT, CaseState, LoanState, Outcome, ReportKind, TransferState
from maillage.loans.models import DamageCase, Loan
from maillage.loans.views.loan import ACTS
from tests.factories.loans import day_in, make_loan, make_loans_world, noon_in

STATES = ["asked", "accepted", "prepared", "out", "returned", "closed"]
# What `unprepare_loan` alone takes back.
BACK = {(LoanState.PREPARED, LoanState.ACCEPTED)}


class _Undone(Exception):
    """Each act is tried on the same loan."""


@pytest.mark.parametrize("state", STATES)
def test_no_act_jumps_over_a_state_whoever_posts_it(world, state):
    loan = make_loan(world, state=state, first=0)
    days = {"first_on": day_in(3).isoformat(), "first_half": "matin", "last_half": "matin"}
    data = {**days, "last_on": day_in(4).isoformat(), "reason": "Essai", "reached": "3", "hold": "9" * 30, "copy": "-1"}
    data |= {f"unit-{unit.pk}": "fit" for unit in loan.units.all()}
    for person in (world.louise, world.basile):
        client = Client(HTTP_HOST="testserver")
        client.force_login(person.user)
        for act in ACTS:
            with pytest.raises(_Undone), transaction.atomic():
                status = client.post(f"/prets/{loan.pk}/{act}/", data).status_code
                after = Loan.objects.get(pk=loan.pk)
                moved = after.state != state
                assert status in (302, 403, 404, 409, 422), (act, status)
                assert not moved or after.state in NEXT[LoanState(state)] or (state, after.state) in BACK, act
                # What holds copies is what its state says.
                assert after.state not in HOLDING or Hold.objects.filter(booking=after.booking).exists()
                raise _Undone


def test_a_device_whose_clock_is_slow_does_not_leave_before_it_was_prepared(world):
    loan = make_loan(world, state="prepared", first=0)
    looked = {unit.pk: Looked() for unit in loan.units.all()}

    report = actions.file_report(
        by=world.louise, loan=loan, kind=ReportKind.OUT, key=uuid4(), looked=looked, signed=Signed("Louise", "Basile"),
        made_at=timezone.now() - timedelta(days=9),
    )  # fmt: skip

    loan.refresh_from_db()
    assert loan.answered_at <= loan.left_at == report.made_at


def test_closing_an_old_damage_does_not_give_back_what_is_lost_since(world):
    case = None
    for outcome in (Outcome.DAMAGED, Outcome.LOST):
        Copy.objects.update(state=CopyState.FIT)
        loan = make_loan(world, state="out", first=0)
        back = {loan.units.get().pk: actions.Back(outcome)}
        actions.return_units(by=world.louise, loan=loan, units=back, at=noon_in(0) + timedelta(hours=1))
        Hold.objects.all().delete()
        case = case or DamageCase.objects.get()

    with pytest.raises(Conflict):
        actions.follow_case(by=world.louise, case=case, state=CaseState.SETTLED, is_fit=True)
    assert Copy.objects.get().state == CopyState.LOST
    assert actions.follow_case(by=world.louise, case=case, state=CaseState.SETTLED).state == CaseState.SETTLED


@pytest.mark.parametrize("end", ["cancelled", "unprepared", "brought back"])
def test_a_transfer_that_can_be_no_more_is_not_waited_for(db, end):
    world = make_loans_world(copies=2)
    giving = make_loan(world, state="out", first=0, actor=world.borrower)
    receiving = make_loan(world, state="accepted", by=world.nadia, first=10)
    transfer = actions.plan_transfer(by=world.louise, giving=giving, receiving=receiving)

    if end == "cancelled":
        actions.cancel_loan(by=world.nadia, loan=receiving)
    elif end == "unprepared":
        actions.unprepare_loan(by=world.louise, loan=receiving)
    else:
        back = {unit.pk: actions.Back() for unit in giving.units.all()}
        actions.return_units(by=world.louise, loan=giving, units=back, at=noon_in(1))

    transfer.refresh_from_db()
    assert transfer.state == TransferState.CANCELLED
