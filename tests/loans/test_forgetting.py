"""At the term of their network, loans keep nobody's name, whatever became of them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from maillage.catalogue.models import Hold
from maillage.loans import actions
from maillage.loans.enums import CaseState, LoanState, Unmet
from maillage.loans.models import ConditionReport, DamageCase, Loan, UnmetRequest
from maillage.loans.queries.terms import Asked
from tests.factories.loans import ask, make_loan, morning

LONG = 500


def age(loan, days=LONG):
    """As if all of it had been so many days before."""
    row = Loan.objects.get(pk=loan.pk)
    for name in ("first", "last", "original_first", "original_last"):
        setattr(row, name, getattr(row, name) - 2 * days)
    row.state_at -= timedelta(days=days)
    row.save()


@pytest.mark.parametrize("state", ["accepted", "prepared", "out", "returned", "closed"])
def test_a_loan_long_past_is_forgotten_whatever_its_state(world, state):
    loan = make_loan(world, state=state, first=0, actor=world.borrower, purpose="Anniversaire de Zoé", place="Chez Zoé")
    Loan.objects.update(lender_note="Zoé est étourdie", answer="Oui, Zoé", answered_by=world.louise.user)
    age(loan)

    actions.forget_loans.function(None)

    loan.refresh_from_db()
    assert (loan.contact, loan.answered_by) == (None, None)
    assert {loan.purpose, loan.place, loan.answer, loan.lender_note} == {""}
    assert (loan.state, loan.actor) == (state, world.borrower)


def test_what_is_still_in_the_field_stays_on_the_pages_of_its_lender(world):
    loan = make_loan(world, state="out", first=0)
    age(loan)
    actions.forget_loans.function(None)

    assert Loan.objects.lent_by(world.louise).away().get() == loan
    assert Hold.objects.filter(booking=loan.booking).exists()
    assert not Loan.objects.visible_to(world.basile).exists()


@pytest.mark.parametrize("state", ["returned", "closed"])
def test_a_loan_of_late_is_not(world, state):
    loan = make_loan(world, state=state, first=0)
    age(loan, 300)
    actions.forget_loans.function(None)

    loan.refresh_from_db()
    assert loan.contact == world.basile.user


def test_a_request_refused_long_ago_is_forgotten_however_far_its_dates(world):
    loan = ask(world.basile, world.kit, first=400)
    actions.refuse_loan(by=world.louise, loan=loan, reason="Non", at=timezone.now())
    Loan.objects.update(state_at=timezone.now() - timedelta(days=LONG))
    actions.forget_loans.function(None)

    loan.refresh_from_db()
    assert (loan.contact, loan.reason) == (None, "")


def test_who_asked_for_more_time_or_was_not_served_is_forgotten_too(world):
    loan = make_loan(world, state="out", first=0)
    extension = actions.ask_extension(by=world.basile, loan=loan, last=loan.last + 2, reason="Zoé est malade")
    actions.answer_extension(by=world.louise, extension=extension, accepted=False, answer="Courage à Zoé")
    asked = Asked(world.kit, {None: 1}, morning(0), morning(2), None)
    unmet = actions.note_unmet(by=world.nadia, asked=asked, reason=Unmet.TAKEN)
    age(loan)
    past = {"first": unmet.first - 2 * LONG, "last": unmet.last - 2 * LONG}
    UnmetRequest.objects.update(**past, created_at=timezone.now() - timedelta(days=LONG))

    actions.forget_loans.function(None)

    extension.refresh_from_db()
    assert (extension.asked_by, extension.answered_by, extension.reason, extension.answer) == (None, None, "", "")
    assert UnmetRequest.objects.get().user is None


def test_the_names_of_a_report_go_though_the_loan_was_never_closed(world):
    loan = make_loan(world, state="returned", first=0)
    ConditionReport.objects.create(
        loan=loan, key="0f0e8ae4-1111-4222-8333-123456789abc", kind="in", author=world.louise.user,
        lender_name="Louise Prêt", borrower_name="Basile Emprunt",
    )  # fmt: skip
    age(loan)
    actions.forget_papers.function(None)

    report = ConditionReport.objects.get()
    assert (report.author, report.lender_name, report.borrower_name) == (None, "", "")
    assert Loan.objects.get().state == LoanState.RETURNED


def test_who_borrowed_is_known_while_a_damage_is_claimed_of_them(world):
    loan = make_loan(world, state="returned", first=0)
    case = DamageCase.objects.create(unit=loan.units.first(), outcome="damaged", opened_by=world.louise.user)
    age(loan)
    actions.forget_loans.function(None)
    loan.refresh_from_db()
    assert loan.contact == world.basile.user

    DamageCase.objects.filter(pk=case.pk).update(state=CaseState.SETTLED, closed_at=timezone.now())
    actions.forget_loans.function(None)
    loan.refresh_from_db()
    assert loan.contact is None
