"""What a loan is worth, from what one of its resource is."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from maillage.loans.models import Loan


def sets_of(loan: Loan) -> Fraction:
    """How many of the resource it takes: copies, or the share that its modules are of a whole, each counting the same."""
    lines = list(loan.lines.all())
    modules = loan.resource.modules.count()
    if modules and all(line.module_id for line in lines):
        return Fraction(sum(line.quantity for line in lines), modules)
    return Fraction(sum(line.quantity for line in lines if line.module_id is None))


def of_lines(loan: Loan, amount: Decimal | None) -> Decimal | None:
    """`amount`, in euros, of one of its resource, for all that the loan takes, to the cent; None where nothing is told."""
    if amount is None:
        return None
    share = sets_of(loan)
    return (amount * share.numerator / share.denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)
