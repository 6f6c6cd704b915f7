"""Preparing what is promised: which copies, until they leave with the borrower."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import notify, record
from maillage.catalogue.actions.occupying import assign, fix
from maillage.catalogue.models import Consumable, Copy, Hold
from maillage.core.errors import Conflict, Refused
from maillage.core.viewer import Viewer
from maillage.loans import rules
from maillage.loans.actions.marking import drop_transfers, held, step
from maillage.loans.actions.telling import lenders_of, tell_borrower
from maillage.loans.enums import LoanState
from maillage.loans.models import Loan, LoanUnit
from maillage.loans.queries.halves import half_now, half_said
from maillage.loans.queries.tied import lying_with


def exchange_copy(*, by: Viewer, loan: Loan, hold: int, copy: int) -> Loan:
    """That copy instead of the one proposed; whoever had it and is not prepared gets another. `Taken` when that cannot be."""
    with transaction.atomic():
        loan = held(loan)
        rules.may_lend(by, loan).require()
        if loan.state != LoanState.ACCEPTED:
            raise Conflict(_("Les exemplaires ne s'échangent qu'avant la préparation."))
        found = loan.booking.holds.filter(pk=hold, via=None).select_related("copy").first()
        chosen = Copy.objects.filter(pk=copy, resource=loan.resource).promised().first()
        if found is None or chosen is None or chosen.module_id != found.copy.module_id:
            raise Conflict(_("Cet exemplaire ne peut pas servir ici."))
        assign(found, chosen)
        record("loan.exchanged", by=by, subject=loan, touch=False)
    return loan


def prepare_loan(*, by: Viewer, loan: Loan, at: datetime | None = None) -> Loan:
    """Its copies are chosen: they are exchanged no more. One that may be promised no more is changed first."""
    with transaction.atomic():
        loan = held(loan)
        holds = list(loan.booking.holds.filter(via=None).select_related("copy").order_by("copy"))
        unfit = [hold.copy.label for hold in holds if not Copy.objects.promised().filter(pk=hold.copy_id).exists()]
        if unfit and loan.state == LoanState.ACCEPTED:
            raise Conflict(_("Cet exemplaire n'est pas en état : choisissez-en un autre (%s).") % ", ".join(unfit))
        step(by, loan, LoanState.PREPARED, at=at)
        LoanUnit.objects.bulk_create(LoanUnit(loan=loan, copy_id=hold.copy_id) for hold in holds)
        fix(loan.booking)
    return loan


def unprepare_loan(*, by: Viewer, loan: Loan, at: datetime | None = None) -> Loan:
    """Back to what is only promised: copies may be exchanged again."""
    with transaction.atomic():
        loan = held(loan)
        rules.may_lend(by, loan).require()
        if loan.state != LoanState.PREPARED:
            raise Conflict(_("Ce prêt n'est pas en préparation."))
        loan.units.all().delete()
        drop_transfers(receiving=loan)
        Hold.objects.filter(booking=loan.booking).update(is_fixed=False)
        loan.state, loan.state_at = LoanState.ACCEPTED, at or timezone.now()
        loan.save()
        record("loan.unprepared", by=by, subject=loan, touch=False)
    return loan


def hand_over(*, by: Viewer, loan: Loan, at: datetime | None = None, as_it_is: bool = False) -> Loan:
    """It leaves with its borrower, once all that was agreed is there (LOAN-9). The database refuses a copy that is still out with
    someone else. `as_it_is`: its borrower saw it and takes it so, from the hands of the one before."""
    now = at or timezone.now()
    with transaction.atomic():
        loan = held(loan)
        rules.may_become(by, loan, LoanState.OUT).require()
        if half_now(now) > loan.last:
            raise Refused(_("Ses dates sont passées : prolongez-le d'abord, ou annulez-le."), status=409)
        if not as_it_is and loan.units.exclude(copy__in=Copy.objects.promised()).exists():
            raise Refused(_("Un exemplaire préparé n'est plus en état : préparez-en un autre."), status=409)
        taken_first = loan.booking.holds.order_by("first").values_list("first", flat=True).first()
        if taken_first is not None and half_now(now) < taken_first:
            raise Refused(
                _("Ces exemplaires ne lui sont réservés qu'à partir de : %s.") % half_said(taken_first), status=409
            )
        drop_transfers(receiving=loan)
        _refuse_what_is_elsewhere(loan)
        loan.left_at = now
        step(by, loan, LoanState.OUT, at=now)
        try:
            with transaction.atomic():
                loan.units.update(left_at=now)
        except IntegrityError:
            raise Conflict(_("Un de ces exemplaires n'est pas encore revenu de l'emprunt précédent.")) from None
        _use_up(loan)
        tell_borrower(loan, "out", _("Bon usage : « %(title)s »"), by=by, text=_("Le prêt est parti avec vous."))
    return loan


def _refuse_what_is_elsewhere(loan: Loan) -> None:
    """A kit that is late takes along what lies in it, which no unit of its own says; and a part that is late is not in its kit."""
    near = lying_with(loan.units.values_list("copy", flat=True))
    away = LoanUnit.objects.away().filter(copy__in=near).exclude(loan=loan).select_related("copy", "loan__resource")
    unit = away.order_by("copy", "pk").first()
    if unit is not None:
        still = _("« %(copy)s » n'est pas encore revenu de l'emprunt précédent : %(loan)s.")
        raise Conflict(still % {"copy": unit.copy.label, "loan": unit.loan})


def _sets_of(loan: Loan) -> dict[int, int]:
    """How many of each resource leave, what lies in kits included: an exhibition of five modules is one."""
    found: Counter[tuple[int, int | None]] = Counter(
        Hold.objects.filter(booking=loan.booking).order_by().values_list("copy__resource", "copy__module")
    )
    sets: dict[int, int] = {}
    for (resource, _module), count in found.items():
        sets[resource] = max(sets.get(resource, 0), count)
    return sets


def _use_up(loan: Loan) -> None:
    """LOAN-4: consumables are counted down, and never block."""
    sets = _sets_of(loan)
    rows = Consumable.objects.select_for_update(of=("self",)).filter(resource__in=sets).select_related("resource")
    for row in rows.order_by("pk"):
        before, row.stock = row.stock, max(0, row.stock - row.each * sets[row.resource_id])
        row.save(update_fields=["stock"])
        if row.stock <= row.low < before or (row.stock == 0 < before):
            _tell_low(loan, [row])


def _tell_low(loan: Loan, rows: Iterable[Consumable]) -> None:
    for row in rows:
        for person in lenders_of(loan):
            notify(
                "loan_course",
                event=f"low:{row.pk}:{loan.pk}",
                title=_("Il reste peu de : %(what)s (« %(title)s »)")
                % {"what": row.title, "title": row.resource.title},
                network=loan.network,
                to=person,
                url=reverse("loans:loan_show", args=[loan.pk]),
                subject=loan,
                context={"text": _("En réserve : %s.") % row.stock},
            )
