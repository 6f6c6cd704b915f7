"""The lender's answer: accepted, refused, other dates; what becomes of a request that nobody answers."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.catalogue.actions.occupying import occupy, release
from maillage.catalogue.enums import BookingKind
from maillage.catalogue.models import Booking
from maillage.catalogue.queries.lending import terms_of
from maillage.core.errors import Conflict, Refused
from maillage.core.text import legible
from maillage.core.viewer import Viewer
from maillage.loans import rules
from maillage.loans.actions.agreements import draw_if_needed
from maillage.loans.actions.marking import held, hold_actor, step
from maillage.loans.actions.telling import tell_borrower, tell_lender, tell_team_of
from maillage.loans.actions.waiting import serve_waiting
from maillage.loans.actions.wanting import count_unmet
from maillage.loans.enums import WAITING_ANSWER, AgreementState, LoanState, Unmet
from maillage.loans.models import Loan
from maillage.loans.queries.amounts import of_lines
from maillage.loans.queries.halves import half_now, span_said
from maillage.loans.registry import ANSWER


def accept_loan(*, by: Viewer, loan: Loan, answer: str = "", at: datetime | None = None) -> Loan:
    """By the lender; of other dates that it proposed, by the borrower. What is due and needed is kept as it is now."""
    now = at or timezone.now()
    with transaction.atomic():
        loan = held(loan)
        rules.may_become(by, loan, LoanState.ACCEPTED).require()
        if loan.state not in WAITING_ANSWER:  # From prepared, one goes back by `unprepare_loan` alone.
            raise Conflict(_("Cette demande a déjà sa réponse : relisez la page du prêt."))
        was_countered = loan.state == LoanState.COUNTERED
        terms, resource = terms_of(loan.resource), loan.resource
        if not was_countered:
            _answered(by, loan, answer, now)
        loan.fee, loan.deposit, loan.value = (
            of_lines(loan, amount) for amount in (resource.fee, resource.deposit, resource.value)
        )
        loan.agreement_state = AgreementState.TO_SIGN if terms.needs_agreement else AgreementState.NOT_NEEDED
        loan.needs_insurance, loan.needs_deposit = terms.needs_insurance, terms.needs_deposit
        if was_countered:
            loan.original_first, loan.original_last = loan.first, loan.last
        step(by, loan, LoanState.ACCEPTED, at=now)
        draw_if_needed(by, loan)
        if was_countered:
            tell_lender(loan, "taken", _("Vos dates conviennent : « %(title)s »"), by=by)
        else:
            title = _("Votre prêt est accepté : « %(title)s »")
            tell_borrower(loan, "accepted", title, by=by, kind="loan_answer", said=loan.answer)
    return loan


def refuse_loan(*, by: Viewer, loan: Loan, reason: str, at: datetime | None = None) -> Loan:
    """By the lender, who says why; of other dates proposed, by the borrower. The copies are free, and offered to who waits."""
    now = at or timezone.now()
    with transaction.atomic():
        hold_actor(loan.actor)
        loan = held(loan)
        loan.reason = legible(reason).strip()[:500]
        if not loan.reason:
            raise Refused(_("Dites pourquoi : la réponse est lue par l'autre partie."), status=422)
        was_countered = loan.state == LoanState.COUNTERED
        if not was_countered:
            _answered(by, loan, "", now)
        step(by, loan, LoanState.REFUSED, at=now)
        release(loan.booking)
        is_declined = was_countered and bool(rules.borrows(by, loan))
        if not is_declined:
            count_unmet(loan, Unmet.REFUSED)
        if is_declined:
            tell_lender(loan, "declined", _("Vos dates ne conviennent pas : « %(title)s »"), by=by, said=loan.reason)
        else:
            title = _("Votre prêt n'est pas accepté : « %(title)s »")
            tell_borrower(loan, "refused", title, by=by, kind="loan_answer", said=loan.reason)
        serve_waiting(loan.resource, at=now)
    return loan


def counter_loan(
    *, by: Viewer, loan: Loan, first: int, last: int, answer: str = "", at: datetime | None = None
) -> Loan:
    """Other dates, held for the borrower until they answer. `Taken` when these are not free either."""
    now = at or timezone.now()
    with transaction.atomic():
        loan = held(loan)
        rules.may_become(by, loan, LoanState.COUNTERED).require()
        if last < first or first < half_now(now):
            raise Refused(_("Proposez des dates à venir, dans l'ordre."), status=422)
        wanted = {line.module_id: line.quantity for line in loan.lines.all()}
        terms = terms_of(loan.resource)
        if last - first >= 2 * max(terms.max_days, (loan.original_last - loan.original_first) // 2 + 1):
            raise Refused(_("C'est trop long : proposez des dates plus courtes."), status=422)
        former, span = loan.booking, terms.span(first, last)
        release(former)
        loan.booking = occupy(resource=loan.resource, kind=BookingKind.LOAN, span=span, wanted=wanted, note=former.note)
        loan.first, loan.last = first, last
        loan.expires_at = now + timedelta(days=int(loan.network.setting(ANSWER.name)))
        _answered(by, loan, answer, now)
        step(by, loan, LoanState.COUNTERED, at=now)
        Booking.objects.filter(pk=former.pk).delete()
        tell_borrower(
            loan,
            f"countered:{first}",
            _("D'autres dates vous sont proposées : « %(title)s »"),
            by=by,
            kind="loan_answer",
            text=_("Elles vous sont gardées en attendant votre réponse : %s.") % span_said(first, last),
            said=loan.answer,
            button_label=_("Répondre"),
        )
        serve_waiting(loan.resource, at=now)
    return loan


def _answered(by: Viewer, loan: Loan, answer: str, now: datetime) -> None:
    loan.answered_by, loan.answered_at = by.user, now
    loan.answer = legible(answer).strip()[:500]


def expire_loan(*, by: Viewer, loan: Loan, at: datetime | None = None) -> Loan:
    """Nobody answered in time: the copies are free again. One that was answered meanwhile stays."""
    now = at or timezone.now()
    with transaction.atomic():
        hold_actor(loan.actor)
        loan = held(loan)
        if loan.expires_at is None or loan.expires_at > now:
            return loan
        was_asked = loan.state == LoanState.ASKED
        step(by, loan, LoanState.EXPIRED, at=now)
        release(loan.booking)
        if was_asked:  # Other dates that the borrower left unanswered were an answer.
            count_unmet(loan, Unmet.EXPIRED)
        title = _("Votre demande est restée sans réponse : « %(title)s »")
        tell_borrower(
            loan, "expired", title, by=by, kind="loan_answer",
            text=_("Les exemplaires ne sont plus retenus. Vous pouvez demander d'autres dates, ou une autre ressource."),
        )  # fmt: skip
        tell_lender(loan, "expired", _("Une demande est restée sans réponse : « %(title)s »"), by=by)
        serve_waiting(loan.resource, at=now)
    return loan


def escalate(*, by: Viewer, loan: Loan, at: datetime | None = None) -> Loan:
    """To the team, which may answer in the place of the lender from now on."""
    with transaction.atomic():
        loan = held(loan)
        if loan.escalated_at is None and loan.state == LoanState.ASKED:
            loan.escalated_at = at or timezone.now()
            loan.save(update_fields=["escalated_at", "updated_at"])
            record("loan.escalated", by=by, subject=loan, touch=False)
            title = _("Un prêt attend l'équipe : « %(title)s »") % {"title": loan.resource.title}
            tell_team_of(loan, title, _("Ses prêteurs n'ont pas répondu : vous pouvez le faire à leur place."))
    return loan
