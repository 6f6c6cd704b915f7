"""What comes back, in part or whole, fit or not; what that changes for the next ones; the end of a loan."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.catalogue.actions import count_use
from maillage.catalogue.actions.occupying import move_away, release, tied_to
from maillage.catalogue.enums import CopyState
from maillage.catalogue.models import Copy, Hold, Resource
from maillage.catalogue.queries.availability import endangered
from maillage.catalogue.queries.halves import day_of
from maillage.catalogue.signals import withdrawn
from maillage.core.errors import Conflict, Refused
from maillage.core.text import legible
from maillage.core.viewer import Viewer
from maillage.loans import rules
from maillage.loans.actions.marking import drop_transfers, held, hold_actor, step
from maillage.loans.actions.telling import tell_borrower, tell_lender
from maillage.loans.actions.waiting import serve_waiting
from maillage.loans.enums import OPEN_CASES, LoanState, Moment, Outcome
from maillage.loans.models import ConditionReport, DamageCase, Loan, LoanUnit, Told
from maillage.loans.queries.halves import half_now, span_said
from maillage.territories.models import Territory

_STATES = {Outcome.DAMAGED: CopyState.DAMAGED, Outcome.LOST: CopyState.LOST}


@dataclass(frozen=True)
class Back:
    """How a unit came back."""

    outcome: Outcome = Outcome.FIT
    note: str = ""


def return_units(*, by: Viewer, loan: Loan, units: Mapping[int, Back], at: datetime | None = None) -> Loan:
    """LOAN-5: what came back (unit → how) is free at once, the loan stays open for the rest. One that is lost is told so here too. What
    is damaged or lost opens a case, and those who come after are warned at once."""
    now = at or timezone.now()
    with transaction.atomic():
        loan = held(loan)
        away = {unit.pk: unit for unit in loan.units.away().select_related("copy")}
        if not units or units.keys() - away.keys():
            raise Conflict(_("Ce qui est rendu a déjà été noté : relisez la page du prêt."))
        is_last = units.keys() == away.keys()
        if loan.state != LoanState.PARTLY or is_last:
            if is_last:
                loan.returned_at = now
            step(by, loan, LoanState.RETURNED if is_last else LoanState.PARTLY, at=now)
        else:
            rules.may_lend(by, loan).require()
        drop_transfers(giving=loan, units__in=list(units))
        for pk, back in units.items():
            _take_back(away[pk], back, now)
        release(loan.booking, copies=[away[pk].copy_id for pk in units], after=half_now(now))
        for pk, back in units.items():
            if back.outcome != Outcome.FIT:
                _open_case(by, away[pk], back)
        if is_last:
            tell_borrower(loan, "returned", _("Tout est rendu, merci : « %(title)s »"), by=by)
        serve_waiting(loan.resource, at=max(now, timezone.now()))  # A report may come days after what it tells.
    return loan


def _take_back(unit: LoanUnit, back: Back, now: datetime) -> None:
    unit.returned_at, unit.outcome = now, Outcome(back.outcome)
    unit.note = legible(back.note).strip()[:300]
    unit.full_clean(validate_constraints=False)
    unit.save()


def _open_case(by: Viewer, unit: LoanUnit, back: Back) -> None:
    DamageCase.objects.create(unit=unit, outcome=Outcome(back.outcome), description=unit.note, opened_by=by.user)
    withdraw_copy(by=by, copy=unit.copy, state=_STATES[Outcome(back.outcome)], note=unit.note)


def tell_damage(*, by: Viewer, unit: LoanUnit, back: Back, report: ConditionReport) -> None:
    """Of a copy that is back: its lender looked at it again. In the transaction of its report. A damage already open is the same one."""
    case = DamageCase.objects.filter(unit=unit, state__in=OPEN_CASES).first()
    if case is None:
        case = DamageCase(unit=unit, opened_by=by.user, description=back.note)
    case.outcome, case.report = Outcome(back.outcome), case.report or report
    case.full_clean()
    case.save()
    unit.outcome, unit.note = Outcome(back.outcome), back.note[:300]
    unit.save(update_fields=["outcome", "note"])
    state = _STATES[Outcome(back.outcome)]
    if unit.copy.state not in (CopyState.RETIRED, state):
        withdraw_copy(by=by, copy=unit.copy, state=state, note=unit.note)


def withdraw_copy(*, by: Viewer, copy: Copy, state: CopyState, note: str = "") -> None:
    """It may be promised no more: what may go to other copies does, those whom none can serve are warned at once, with their
    lender. In the transaction of the act, which holds the stock."""
    copy.state, copy.state_note = state, note[:300]
    copy.save(update_fields=["state", "state_note", "updated_at"])
    move_away(copy)
    warn_endangered(copy.resource)
    withdrawn.send(sender=Copy, resource=copy.resource)


def warn_endangered(resource: Resource) -> None:
    """Both sides of each loan to come that stands on a copy which may be promised no more, or on what lies with it; once for each,
    and again when it was safe in between."""
    near = list(Resource.objects.filter(pk__in=tied_to(resource)).order_by("pk"))
    bookings = {hold.booking_id for each in near for hold in endangered(each, half_now())}
    loans = Loan.objects.holding().exclude(state__in=(LoanState.OUT, LoanState.PARTLY))
    here = Hold.objects.filter(copy__resource__in=near).values("booking")
    safe = loans.filter(booking__in=here).exclude(booking__in=bookings)
    Told.objects.filter(moment=Moment.UNFIT, loan__in=safe).delete()
    for loan in loans.filter(booking__in=bookings).for_lists().order_by("first", "pk"):
        tell_endangered(
            loan, Moment.UNFIT, text=_("Un exemplaire prévu n'est plus en état d'être prêté, ou doit être vérifié.")
        )


def tell_endangered(loan: Loan, moment: Moment, *, text: str) -> None:
    told, is_new = Told.objects.get_or_create(loan=loan, moment=moment, last=loan.last)
    if not is_new:
        return
    system = Viewer.as_system(loan.network, "")  # Both are told, whoever wrote it.
    event = f"{moment}:{told.pk}"
    tell_borrower(
        loan, event, _("Votre prêt est incertain : « %(title)s »"), by=system,
        text=_("%(why)s Son prêteur cherche une solution et vous répondra (%(when)s).")
        % {"why": text, "when": span_said(loan.first, loan.last)},
    )  # fmt: skip
    tell_lender(loan, event, _("Un prêt promis est en danger : « %(title)s »"), by=system, text=text)


def close_loan(
    *, by: Viewer, loan: Loan, reached: int | None = None, commune: Territory | None = None, at: datetime | None = None
) -> Loan:
    """All is back and looked at: what it served is counted with the uses of the resource."""
    now = at or timezone.now()
    with transaction.atomic():
        hold_actor(loan.actor)
        loan = held(loan)
        if reached is not None and reached < 0:
            raise Refused(_("Un nombre de personnes n'est pas négatif."), status=422)
        loan.reached = reached if reached is not None else loan.reached
        loan.commune = commune or loan.commune
        step(by, loan, LoanState.CLOSED, at=now)
        count_use(
            booking=loan.booking, user=loan.contact, actor=loan.actor, used_on=day_of(loan.first),
            commune=loan.commune, reached=loan.reached,
        )  # fmt: skip
    return loan
