"""Transfers: which loans may follow, who sees one."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from maillage.core.viewer import Viewer
from maillage.loans.enums import PROMISED, TransferState
from maillage.loans.models import Loan, LoanUnit, Transfer
from maillage.loans.queries.agreements import borrower_named
from maillage.loans.queries.halves import half_said


def next_loans(giving: Loan) -> QuerySet[Loan]:
    """Promised, of the same resource, that begin after."""
    later = Loan.objects.filter(resource=giving.resource_id, state__in=PROMISED, last__gt=giving.first)
    return later.exclude(pk=giving.pk).for_lists().order_by("first", "pk")


def said(loan: Loan) -> str:
    return _("%(who)s, %(when)s") % {"who": borrower_named(loan), "when": half_said(loan.first)}


def transfers_seen_by(viewer: Viewer) -> QuerySet[Transfer]:
    """By those who see one of its two loans."""
    loans = Loan.objects.visible_to(viewer).values("pk")
    found = Transfer.objects.filter(Q(giving__in=loans) | Q(receiving__in=loans))
    whole = (f"{side}__{name}" for side in ("giving", "receiving") for name in ("resource__actor", "actor", "contact"))
    return found.select_related(*whole)


def loan_seen(viewer: Viewer, transfer: Transfer) -> Loan:
    """The one of the two whose page the viewer opens."""
    seen = Loan.objects.visible_to(viewer).filter(pk=transfer.giving_id).exists()
    return transfer.giving if seen else transfer.receiving


def planned_of(loan: Loan) -> list[Transfer]:
    return list(Transfer.objects.filter(Q(giving=loan) | Q(receiving=loan), state=TransferState.PLANNED).order_by("pk"))


def units_of(transfer: Transfer) -> list[LoanUnit]:
    return list(transfer.units.away().select_related("copy__module").order_by("copy__label", "pk"))
