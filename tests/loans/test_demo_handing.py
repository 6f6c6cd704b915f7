"""What the demonstration tells beside its loans."""

from maillage.loans.enums import AgreementState, LoanState
from maillage.loans.models import Agreement, ConditionReport, DamageCase, Loan, LoanDocument, ReportPhoto, Transfer
from maillage.portal.management.demo.handing import fill_handing
from maillage.portal.management.demo.loans import fill_loans
from tests.factories.loans import easy_terms, make_loan, make_resource, noon_in


def test_each_feature_beside_the_loans_is_shown(world):
    easy_terms(world.network, world.lender, needs_agreement=True)
    for number in range(3):
        kit = make_resource(world.network, world.lender, f"Malle {number}", copies=2)
        state = "accepted" if number == 2 else "prepared"
        make_loan(world, resource=kit, state=state, first=0, actor=world.borrower)
    make_loan(world, state="accepted", by=world.nadia, first=5)
    other = Loan.objects.get(contact=world.nadia.user)
    other.actor = world.lender
    other.save()

    fill_handing(world.network, noon_in(0))

    assert set(ConditionReport.objects.values_list("kind", flat=True)) == {"out", "in"}
    assert ReportPhoto.objects.count() == 3
    assert DamageCase.objects.count() == LoanDocument.objects.count() == Transfer.objects.count() == 1
    states = set(Loan.objects.values_list("agreement_state", flat=True))
    assert {AgreementState.SIGNED, AgreementState.HALF_SIGNED} <= states
    assert Loan.objects.filter(state=LoanState.OUT).exists()
    assert Agreement.objects.filter(cancelled_at=None).count() == 5


def test_nothing_is_told_where_nothing_is_lent(world):
    fill_handing(world.network, noon_in(0))
    assert not ConditionReport.objects.exists()


def test_what_could_not_leave_without_its_agreement_leaves_once_it_is_signed(world):
    easy_terms(world.network, world.lender, needs_agreement=True)
    for number in range(4):
        make_resource(world.network, world.lender, f"Malle {number}", copies=3)
    fill_loans(world.network, noon_in(0))

    fill_handing(world.network, noon_in(0))

    assert {LoanState.OUT, LoanState.RETURNED} <= set(Loan.objects.values_list("state", flat=True))
    assert DamageCase.objects.exists()
    assert Transfer.objects.exists()
