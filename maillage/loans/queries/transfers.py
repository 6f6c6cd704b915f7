"""Transfers: which loans may follow, who sees one."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from maillage.accounts.models import User
from maillage.core.dates import date_format
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


def transfers_of(loan: Loan) -> list[Transfer]:
    """Planned, or done."""
    found = Transfer.objects.filter(Q(giving=loan) | Q(receiving=loan)).exclude(state=TransferState.CANCELLED)
    return list(found.select_related("giving__actor", "receiving__actor").order_by("pk"))


def signature_said(transfer: Transfer, side: str, author: User | None) -> str:
    """Who signed on that side ("giver" or "receiver"), and how: with their account, or on the device of `author`."""
    signed, confirmed = getattr(transfer, f"{side}_signed_at"), getattr(transfer, f"{side}_confirmed_at")
    said = getattr(transfer, f"{side}_name") or _("une personne dont le nom a été effacé")
    if confirmed is not None and confirmed == signed:
        account = getattr(transfer, side)
        if account is not None and account.name != said:
            return _("%(name)s, avec le compte de %(who)s") % {"name": said, "who": account.name}
        return _("%s, avec son compte") % said
    on_device = {"name": said, "who": author.name if author is not None else _("quelqu’un d’autre")}
    if confirmed is None:
        return _("%(name)s, signé sur l’appareil de %(who)s, pas encore confirmé avec son compte") % on_device
    on_device["day"] = date_format(confirmed, "j F Y")
    return _("%(name)s, signé sur l’appareil de %(who)s, confirmé avec son compte le %(day)s") % on_device


def units_of(transfer: Transfer) -> list[LoanUnit]:
    return list(transfer.units.away().select_related("copy__module").order_by("copy__label", "pk"))
