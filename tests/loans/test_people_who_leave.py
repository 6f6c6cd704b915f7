"""Who left the actor that borrows, or may borrow no more, has nothing of its loans; papers and lists do not outlive what they were for."""

from datetime import timedelta

import pytest

from maillage.catalogue.enums import CopyState
from maillage.catalogue.models import Copy
from maillage.core.errors import Refused
from maillage.directory.models import ActorMember
from maillage.loans import actions, rules
from maillage.loans.actions.minding import mind_network
from maillage.loans.actions.telling import borrowers_of
from maillage.loans.enums import LoanState, WaitingState
from maillage.loans.models import Loan, Suspension
from tests.factories.loans import ask, day_in, looks_after, make_loan, make_resource, morning, noon_in


def wait(by, resource, *, first=10, days=3, **values):
    begins = morning(first)
    return actions.join_waiting(
        by=by, resource=resource, wanted={None: 1}, first=begins, last=begins + 2 * days - 1, **values
    )


def test_someone_who_left_the_actor_that_borrows_keeps_nothing_of_its_loans(world):
    loan = make_loan(world, actor=world.borrower)
    looks_after(world.nadia, world.borrower)
    ActorMember.objects.filter(actor=world.borrower, user=world.basile.user).delete()

    assert not Loan.objects.visible_to(world.basile).exists()
    assert not rules.may_cancel(world.basile, loan)
    assert borrowers_of(loan) == [world.nadia.user]
    assert rules.may_cancel(world.nadia, loan)


def test_an_offer_is_not_taken_for_an_actor_that_one_left(world):
    loan = ask(world.nadia, world.kit)
    entry = wait(world.basile, world.kit, actor=world.borrower)
    actions.cancel_loan(by=world.nadia, loan=loan)
    entry.refresh_from_db()
    assert entry.state == WaitingState.OFFERED
    ActorMember.objects.filter(actor=world.borrower, user=world.basile.user).delete()

    with pytest.raises(Refused):
        actions.take_offer(by=world.basile, entry=entry)


def test_an_offer_is_not_taken_by_someone_suspended_since(world):
    loan = ask(world.nadia, world.kit)
    entry = wait(world.basile, world.kit)
    actions.cancel_loan(by=world.nadia, loan=loan)
    Suspension.objects.create(
        network=world.network, lender=world.lender, user=world.basile.user, until=day_in(90), reason="retards"
    )
    entry.refresh_from_db()

    with pytest.raises(Refused, match="suspendus"):
        actions.take_offer(by=world.basile, entry=entry)


def test_nobody_waits_for_more_than_ten_things(world):
    for rank in range(10):
        wait(world.nadia, make_resource(world.network, world.lender), first=10 + rank)
    with pytest.raises(Refused, match="dix"):
        wait(world.nadia, make_resource(world.network, world.lender))


def test_nothing_leaves_once_its_dates_are_past(world):
    loan = make_loan(world, state="prepared", first=0)
    with pytest.raises(Refused, match="passées"):
        actions.hand_over(by=world.louise, loan=loan, at=noon_in(0) + timedelta(days=9))


def test_a_copy_that_is_in_repair_since_it_was_prepared_does_not_leave(world):
    loan = make_loan(world, state="prepared", first=0)
    Copy.objects.update(state=CopyState.REPAIR)
    with pytest.raises(Refused, match="en état"):
        actions.hand_over(by=world.louise, loan=loan)


def test_the_booking_of_a_person_does_not_keep_their_name(world):
    assert ask(world.nadia, world.kit).booking.note == ""
    assert ask(world.basile, world.kit, first=30, actor=world.borrower).booking.note == "Médiathèque du Pic"


def test_a_loan_that_cannot_be_minded_holds_up_no_other(world):
    first = make_loan(world)
    second = make_loan(world, resource=make_resource(world.network, world.lender))
    Loan.objects.update(expires_at=noon_in(-1))
    Loan.objects.filter(pk=first.pk).update(agreement_state="?")

    with pytest.raises(ExceptionGroup):
        mind_network(world.network, noon_in(0))

    second.refresh_from_db()
    assert second.state == LoanState.EXPIRED
