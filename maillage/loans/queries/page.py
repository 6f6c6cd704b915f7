"""The page of a loan: what may be done, by whom, what comes next, what was done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.models import Entry
from maillage.activity.registry import sentence_of
from maillage.catalogue.models import Copy
from maillage.loans.enums import AWAY, PROMISED, ExtensionState, LoanState
from maillage.loans.models import Loan
from maillage.loans.queries.halves import half_now, half_said
from maillage.loans.registry.pieces import lacking


@dataclass(frozen=True)
class Happened:
    at: datetime
    who: str
    sentence: str


@dataclass(frozen=True)
class Coming:
    """What comes next; `yours`: it is for the viewer to do."""

    sentence: str
    yours: bool


def timeline(loan: Loan) -> list[Happened]:
    """Its acts, oldest first, told to both sides."""
    rows = Entry.objects.about(loan).select_related("user").order_by("at", "pk")
    title = loan.resource.title
    return [
        Happened(
            timezone.localtime(row.at),
            row.user.name if row.user is not None else row.system or _("Quelqu'un"),
            sentence_of(row.verb, {"label": title}),
        )
        for row in rows
    ]


def coming(loan: Loan, *, is_lender: bool, is_borrower: bool) -> Coming | None:
    state = loan.state
    if state == LoanState.ASKED:
        return Coming(_("Le prêteur répond ; les exemplaires sont retenus en attendant."), is_lender)
    if state == LoanState.COUNTERED:
        return Coming(_("L'emprunteur dit si les dates proposées lui conviennent."), is_borrower)
    if state == LoanState.ACCEPTED:
        return Coming(_("Le prêteur prépare les exemplaires."), is_lender)
    if state == LoanState.PREPARED:
        return Coming(_("Remise : %s.") % half_said(loan.first), is_lender)
    if state in AWAY:
        late = half_now() > loan.last
        said = _("Retour attendu depuis : %s.") if late else _("Retour : %s.")
        return Coming(said % half_said(loan.last), is_borrower)
    if state == LoanState.RETURNED:
        return Coming(_("Le prêteur vérifie ce qui est revenu, et clôt le prêt."), is_lender)
    return None


def shown_of(loan: Loan, *, is_lender: bool, is_borrower: bool) -> dict[str, Any]:
    """What the page of a loan shows, in a bounded number of queries."""
    holds = list(loan.booking.holds.filter(via=None).select_related("copy__module").order_by("copy"))
    if is_lender and loan.state == LoanState.ACCEPTED:
        _offer_others(loan, holds)
    return {
        "loan": loan,
        "is_lender": is_lender,
        "is_borrower": is_borrower,
        "lines": list(loan.lines.select_related("module")),
        "holds": holds,
        "units": list(loan.units.select_related("copy")),
        "lacking": lacking(loan) if loan.state in (*PROMISED, *AWAY) else [],
        "extension": loan.extensions.filter(state=ExtensionState.ASKED).first(),
        "coming": coming(loan, is_lender=is_lender, is_borrower=is_borrower),
        "timeline": timeline(loan),
        "is_late": loan.is_away and half_now() > loan.last,
    }


def _offer_others(loan: Loan, holds: list[Any]) -> None:
    """`choices` of each hold: the copies that may be exchanged for the one proposed."""
    found: dict[int | None, list[Copy]] = {}
    for copy in Copy.objects.filter(resource=loan.resource).promised().order_by("label", "pk"):
        found.setdefault(copy.module_id, []).append(copy)
    for hold in holds:
        hold.choices = found.get(hold.copy.module_id, [])
