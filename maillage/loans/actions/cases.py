"""What is done about a copy that came back damaged, or did not; what its borrower says of it."""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.catalogue.enums import CopyState
from maillage.core.errors import Conflict, Refused
from maillage.core.text import legible
from maillage.core.viewer import Viewer
from maillage.loans import rules
from maillage.loans.actions.marking import held
from maillage.loans.actions.returning import warn_endangered
from maillage.loans.actions.telling import tell_borrower, tell_lender
from maillage.loans.actions.waiting import serve_waiting
from maillage.loans.enums import OPEN_CASES, CaseState
from maillage.loans.models import DamageCase


def follow_case(
    *,
    by: Viewer,
    case: DamageCase,
    state: CaseState,
    amount: Decimal | None = None,
    resolution: str = "",
    is_fit: bool = False,
) -> DamageCase:
    """Asked to be made good, settled, or dropped; the borrower is told. `is_fit`: the copy may be promised again."""
    with transaction.atomic():
        loan = held(case.unit.loan)
        rules.may_lend(by, loan).require()
        case = (
            DamageCase.objects.select_for_update(of=("self",))
            .select_related("unit__copy__resource__network")
            .get(pk=case.pk)
        )
        if case.state not in OPEN_CASES or state == CaseState.OPEN:
            raise Conflict(_("La suite de ce dommage est déjà dite."))
        if amount is not None and amount < 0:
            raise Refused(_("Un montant n’est pas négatif."), status=422)
        case.state, case.amount = state, amount if amount is not None else case.amount
        case.resolution = legible(resolution).strip()[:500]
        case.closed_at = None if state in OPEN_CASES else timezone.now()
        case.full_clean()
        case.save()
        copy = case.unit.copy
        others = DamageCase.objects.filter(unit__copy=copy, state__in=OPEN_CASES).exclude(pk=case.pk)
        if is_fit and (copy.state == CopyState.RETIRED or others.exists()):
            raise Conflict(
                _(
                    "Cet exemplaire est sorti de l'inventaire, ou un autre dommage reste à traiter : il n'est pas en état."
                )
            )
        if is_fit:
            copy.state, copy.state_note = CopyState.FIT, ""
            copy.save(update_fields=["state", "state_note", "updated_at"])
            warn_endangered(copy.resource)
            serve_waiting(copy.resource)
        record("loan.case", by=by, subject=loan, details={"case": case.pk, "state": str(state)}, touch=False)
        tell_borrower(
            loan, f"case:{case.pk}:{state}", _("La suite d’un dommage : « %(title)s »"), by=by,
            text=_("%(copy)s : %(state)s.") % {"copy": case.unit.copy.label, "state": case.get_state_display()},
            said=case.resolution,
        )  # fmt: skip
    return case


def answer_case(*, by: Viewer, case: DamageCase, answer: str) -> DamageCase:
    """By the borrower, as often as needed until its lender has settled it."""
    with transaction.atomic():
        loan = held(case.unit.loan)
        case = DamageCase.objects.select_for_update(of=("self",)).select_related("unit__copy").get(pk=case.pk)
        rules.may_answer_case(by, loan, case.state).require()
        said = legible(answer).strip()[:2000]
        if not said:
            raise Refused(_("Écrivez votre réponse."), status=422)
        if said == case.answer:
            return case  # Sent twice, it is told once.
        case.answer = said
        case.answered_by, case.answered_at = by.user, timezone.now()
        case.full_clean()
        case.save()
        record("loan.case_answered", by=by, subject=loan, details={"case": case.pk}, touch=False)
        tell_lender(
            loan, f"case:{case.pk}:answer:{case.answered_at}", _("Une réponse sur un dommage : « %(title)s »"), by=by,
            text=case.unit.copy.label, said=case.answer[:500],
        )  # fmt: skip
    return case
