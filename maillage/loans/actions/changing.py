"""What changes a loan that was promised: cancelled by either side, a later end."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.catalogue.actions.occupying import extend, release
from maillage.catalogue.queries.lending import terms_of
from maillage.core.errors import Conflict, Refused
from maillage.core.text import legible
from maillage.core.viewer import Viewer
from maillage.loans import rules
from maillage.loans.actions.agreements import redraw_if_changed
from maillage.loans.actions.marking import drop_transfers, held, step
from maillage.loans.actions.telling import lacking_said, tell_borrower, tell_lender
from maillage.loans.actions.waiting import serve_waiting
from maillage.loans.enums import ExtensionState, LoanState
from maillage.loans.models import Extension, Loan
from maillage.loans.queries.halves import half_said
from maillage.loans.queries.terms import extension_refused
from maillage.loans.registry.pieces import lacking


def cancel_loan(*, by: Viewer, loan: Loan, reason: str = "", at: datetime | None = None) -> Loan:
    """LOAN-8: however late, the copies are free at once and offered to those who wait, in order."""
    now = at or timezone.now()
    with transaction.atomic():
        loan = held(loan)
        loan.reason = legible(reason).strip()[:500]
        step(by, loan, LoanState.CANCELLED, at=now)
        loan.units.all().delete()
        drop_transfers(receiving=loan)
        release(loan.booking)
        _withdraw_asked(loan)
        title = _("Prêt annulé : « %(title)s »")
        if not rules.borrows(by, loan) or by.system:
            tell_borrower(loan, "cancelled", title, by=by, kind="loan_answer", said=loan.reason)
        if not rules.lends(by, loan) or by.system:
            tell_lender(loan, "cancelled", title, by=by, said=loan.reason)
        serve_waiting(loan.resource, at=now)
    return loan


def _withdraw_asked(loan: Loan) -> None:
    loan.extensions.filter(state=ExtensionState.ASKED).update(state=ExtensionState.WITHDRAWN)


def ask_extension(*, by: Viewer, loan: Loan, last: int, reason: str = "") -> Extension:
    """LOAN-7: whether the next booking leaves room is said at once; its lender decides."""
    with transaction.atomic():
        loan = held(loan)
        terms = terms_of(loan.resource)
        rules.may_ask_extension(by, loan, terms.renewals).require()
        if sentence := extension_refused(loan, terms, last):
            raise Refused(sentence, status=422)
        if loan.extensions.filter(state=ExtensionState.ASKED).exists():
            raise Conflict(_("Une prolongation est déjà demandée pour ce prêt."))
        _try(loan, last)
        extension = Extension(
            loan=loan, previous_last=loan.last, asked_last=last, reason=legible(reason).strip()[:300], asked_by=by.user
        )
        extension.full_clean()
        extension.save()
        record("loan.extension_asked", by=by, subject=loan, touch=False)
        tell_lender(
            loan, f"extension:{extension.pk}", _("Une prolongation est demandée : « %(title)s »"), by=by,
            kind="loan_asked", text=_("Retour demandé : %s. Rien n'est réservé derrière.") % half_said(last),
            said=extension.reason, button_label=_("Répondre"),
        )  # fmt: skip
    return extension


class _Enough(Exception):
    """Undoes a trial."""


def _try(loan: Loan, last: int) -> None:
    """`Taken` when someone has the copies after; nothing is written."""
    try:
        with transaction.atomic():
            _extend(loan, last)
            raise _Enough
    except _Enough:
        return


def _extend(loan: Loan, last: int) -> None:
    """The copies that are still there or away; what came back is free."""
    back = loan.units.filter(returned_at__isnull=False).values_list("copy", flat=True)
    copies = loan.booking.holds.filter(via=None).exclude(copy__in=list(back)).values_list("copy", flat=True)
    extend(loan.booking, max(last, loan.booking.last), copies=list(copies))


def answer_extension(
    *, by: Viewer, extension: Extension, accepted: bool, answer: str = "", at: datetime | None = None
) -> Extension:
    """`Taken` when someone booked the copies meanwhile. The dates first agreed stay written."""
    now = at or timezone.now()
    with transaction.atomic():
        loan = held(extension.loan)
        rules.may_lend(by, loan).require()
        extension = Extension.objects.select_for_update().get(pk=extension.pk)
        if extension.state != ExtensionState.ASKED or not loan.is_open or loan.state == LoanState.RETURNED:
            raise Conflict(_("Cette prolongation n'attend plus de réponse."))
        extension.state = ExtensionState.ACCEPTED if accepted else ExtensionState.REFUSED
        extension.answer = legible(answer).strip()[:300]
        extension.answered_by, extension.answered_at = by.user, now
        extension.full_clean()
        extension.save()
        if accepted:
            _extend(loan, extension.asked_last)
            loan.last, loan.renewed = extension.asked_last, loan.renewed + 1
            loan.save()
            redraw_if_changed(by, loan)
            record("loan.extended", by=by, subject=loan, touch=False)
            title = _("Votre prêt est prolongé : « %(title)s »")
            lacks = [each.sentence for each in lacking(loan)]
        else:
            record("loan.extension_refused", by=by, subject=loan, touch=False)
            title, lacks = _("Votre prêt n'est pas prolongé : « %(title)s »"), []
        tell_borrower(
            loan, f"extended:{extension.pk}", title, by=by, kind="loan_answer",
            text=" ".join([_("Retour prévu : %s.") % half_said(loan.last), *lacking_said(lacks)]), said=extension.answer,
        )  # fmt: skip
    return extension
