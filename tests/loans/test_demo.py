"""What the demonstration tells of loans: every state, the same each time, nothing held any longer by what ended."""

from collections import Counter

from django.db.models import F

from maillage.catalogue.enums import Borrowers
from maillage.catalogue.models import Copy, Occupancy, Use
from maillage.catalogue.queries.halves import day_of
from maillage.loans.enums import HOLDING, LoanState, Side
from maillage.loans.models import (
    Agreement,
    DamageCase,
    Extension,
    Loan,
    LoanUnit,
    Transfer,
    UnmetRequest,
    WaitingEntry,
)
from maillage.loans.queries.halves import half_now
from maillage.portal.management.demo.handing import fill_handing
from maillage.portal.management.demo.loans import fill_loans
from tests.factories.directory import make_actor
from tests.factories.loans import easy_terms, looks_after, make_resource, noon_in


def test_two_years_of_loans_in_every_state(world):
    for number in range(4):
        make_resource(world.network, world.lender, f"Malle {number}", copies=3)

    fill_loans(world.network, noon_in(0))

    told = set(Loan.objects.values_list("state", flat=True))
    assert told == set(LoanState) - {LoanState.PARTLY}
    assert Loan.objects.filter(state=LoanState.CLOSED).count() == Use.objects.count() > 80
    ended = Loan.objects.exclude(state__in=[*HOLDING, LoanState.RETURNED])
    held = Occupancy.objects.filter(hold__booking__loan__in=ended)
    assert held.exists() and not held.filter(half__gt=half_now(noon_in(0))).exists()
    assert LoanUnit.objects.away().count() == 2


def test_they_spread_over_the_seasons_and_not_all_went_well(world):
    for number in range(4):
        make_resource(world.network, world.lender, f"Malle {number}", copies=3)
    fill_loans(world.network, noon_in(0))

    begins = [day_of(first) for first in Loan.objects.values_list("first", flat=True)]
    assert (noon_in(0).date() - min(begins)).days > 680
    assert {day.month for day in begins} == set(range(1, 13))
    assert sum(day.month == 10 for day in begins) > 2 * sum(day.month == 8 for day in begins)
    closed = Loan.objects.filter(state=LoanState.CLOSED)
    late = [loan for loan in closed if half_now(loan.returned_at) > loan.last]
    assert 0.03 < len(late) / len(closed) < 0.3
    assert closed.filter(renewed=1, last__gt=F("original_last")).count() == Extension.objects.count() > 3
    assert set(DamageCase.objects.values_list("outcome", flat=True)) == {"damaged", "lost"}
    assert Copy.objects.filter(state="lost").count() == 1
    assert Transfer.objects.filter(state="done").exists()
    assert WaitingEntry.objects.count() > 5
    assert set(UnmetRequest.objects.values_list("reason", flat=True)) == {"taken", "waited", "refused", "expired"}


def test_the_dates_of_each_loan_and_of_what_goes_with_it_are_in_order(world):
    easy_terms(world.network, world.lender, needs_agreement=True)
    for number in range(4):
        make_resource(world.network, world.lender, f"Malle {number}", copies=3)
    fill_loans(world.network, noon_in(0))
    fill_handing(world.network, noon_in(0))

    loans = list(Loan.objects.all())
    assert len(loans) > 100
    for loan in loans:
        in_order([loan.created_at, loan.answered_at, loan.left_at, loan.returned_at, loan.state_at], loan)
    for unit in LoanUnit.objects.select_related("loan"):
        in_order([unit.loan.created_at, unit.left_at, unit.returned_at], unit)
    for agreement in Agreement.objects.select_related("loan"):
        for side in Side:
            in_order([agreement.created_at, getattr(agreement, f"{side}_signed_at"), agreement.loan.left_at], agreement)
    for row in Extension.objects.select_related("loan"):
        in_order([row.loan.left_at, row.created_at, row.answered_at, row.loan.returned_at], row)
    for case in DamageCase.objects.select_related("unit"):
        in_order([case.unit.returned_at, case.created_at, case.closed_at], case)


def test_some_wait_for_what_is_taken_and_some_borrow_in_their_own_name(world):
    looks_after(world.nadia, make_actor(world.network, "Ludothèque"))
    for number in range(4):
        make_resource(world.network, world.lender, f"Malle {number}", copies=3)

    fill_loans(world.network, noon_in(0))

    waiting = WaitingEntry.objects.filter(state="waiting")
    assert set(Counter(waiting.values_list("resource", flat=True)).values()) == {2}
    assert len(set(waiting.values_list("resource", flat=True))) == 2
    assert not waiting.filter(first__lt=half_now(noon_in(0))).exists()
    alone = Loan.objects.filter(actor=None, contact__isnull=False)
    assert set(alone.values_list("state", flat=True)) >= {LoanState.CLOSED, LoanState.ACCEPTED}


def test_nobody_borrows_in_their_own_name_from_who_lends_to_structures_alone(world):
    easy_terms(world.network, world.lender, borrowers=Borrowers.ACTORS)
    fill_loans(world.network, noon_in(0))
    assert Loan.objects.exists()
    assert not Loan.objects.filter(actor=None).exists()


def in_order(moments, what):
    told = [each for each in moments if each is not None]
    assert told == sorted(told), what


def test_nothing_is_told_where_nothing_is_lent(world):
    world.kit.state = "draft"
    world.kit.save()

    fill_loans(world.network, noon_in(0))

    assert not Loan.objects.exists()
