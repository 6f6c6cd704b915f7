"""Copies that go straight from a borrower to the next (LOAN-10): agreed by their lender, signed by both on one report, each with their
own account then or after."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.catalogue.actions.occupying import assign, hand_on
from maillage.catalogue.models import Copy
from maillage.core.errors import Conflict, Refused
from maillage.core.text import legible
from maillage.core.viewer import Viewer
from maillage.loans import rules
from maillage.loans.actions.marking import held
from maillage.loans.actions.preparing import hand_over, prepare_loan
from maillage.loans.actions.reporting import (
    Looked,
    Signed,
    describe_units,
    link_cases,
    moment_of,
    photos_or_nothing,
    said_of,
    same_report,
    write_report,
)
from maillage.loans.actions.returning import Back, return_units
from maillage.loans.actions.telling import tell_borrower, tell_lender
from maillage.loans.enums import Condition, LoanState, ReportKind, TransferState
from maillage.loans.models import ConditionReport, Loan, Transfer
from maillage.loans.queries.halves import half_now, half_said


def plan_transfer(*, by: Viewer, giving: Loan, receiving: Loan, place: str = "") -> Transfer:
    """The copies of `receiving` are chosen among those that are out with `giving`, and prepared; both borrowers are told."""
    with transaction.atomic():
        giving, receiving = held(giving), held(receiving)
        rules.may_plan_transfer(by, giving, receiving).require()
        if Transfer.objects.filter(receiving=receiving, state=TransferState.PLANNED).exists():
            raise Conflict(_("Une remise directe est déjà prévue pour ce prêt."))
        if receiving.state == LoanState.ACCEPTED:
            _choose(giving, receiving)
            receiving = prepare_loan(by=by, loan=receiving)
        away = {unit.copy_id: unit for unit in giving.units.away()}
        wanted = set(receiving.units.values_list("copy", flat=True))
        if not wanted or wanted - away.keys():
            raise Conflict(_("Tous les exemplaires de l’emprunt suivant ne sont pas avec cet emprunteur."))
        transfer = Transfer(
            giving=giving, receiving=receiving, planned_for=min(giving.last + 1, receiving.first),
            place=legible(place).strip()[:200], agreed_by=by.user,
        )  # fmt: skip
        transfer.full_clean()
        transfer.save()
        transfer.units.set(away[copy] for copy in sorted(wanted))
        record("loan.transfer_planned", by=by, subject=giving, touch=False)
        for loan in (giving, receiving):
            tell_borrower(
                loan, f"transfer:{transfer.pk}", _("Remise directe prévue : « %(title)s »"), by=by,
                text=_("Le prêteur est d’accord pour une remise d’un emprunteur à l’autre : %(when)s. Signez tous deux le "
                       "constat sur la page du prêt.") % {"when": half_said(transfer.planned_for)},
            )  # fmt: skip
    return transfer


def _choose(giving: Loan, receiving: Loan) -> None:
    """Copies that are out with the former instead of others, as far as the same module has some."""
    free = {unit.copy_id: unit.copy for unit in giving.units.away().select_related("copy")}
    holds = list(receiving.booking.holds.filter(via=None).select_related("copy").order_by("copy"))
    for hold in holds:
        if hold.copy_id in free:
            del free[hold.copy_id]
    for hold in holds:
        if any(unit.copy_id == hold.copy_id for unit in giving.units.away()):
            continue
        chosen = next((copy for copy in free.values() if copy.module_id == hold.copy.module_id), None)
        if chosen is not None:
            assign(hold, Copy.objects.get(pk=chosen.pk))
            del free[chosen.pk]


def cancel_transfer(*, by: Viewer, transfer: Transfer) -> Transfer:
    """What was chosen stays prepared for the latter, who fetches it at the lender's."""
    with transaction.atomic():
        giving = held(transfer.giving)
        rules.may_lend(by, giving).require()
        transfer = _planned(transfer)
        transfer.state = TransferState.CANCELLED
        transfer.save(update_fields=["state", "updated_at"])
        record("loan.transfer_cancelled", by=by, subject=giving, touch=False)
        for loan in (giving, transfer.receiving):
            tell_borrower(
                loan, f"transfer:{transfer.pk}:off", _("Remise directe annulée : « %(title)s »"), by=by,
                text=_("Le matériel repasse par le prêteur."),
            )  # fmt: skip
    return transfer


def _planned(transfer: Transfer) -> Transfer:
    found = Transfer.objects.select_for_update(of=("self",)).select_related("receiving__resource")
    transfer = found.get(pk=transfer.pk)
    if transfer.state != TransferState.PLANNED:
        raise Conflict(_("Cette remise est déjà faite, ou annulée."))
    return transfer


def sign_transfer(
    *,
    by: Viewer,
    transfer: Transfer,
    key: UUID,
    looked: Mapping[int, Looked],
    signed: Signed,
    notes: str = "",
    made_at: datetime | None = None,
) -> ConditionReport:
    """Both names on one report: at that moment the units come back from the former and leave with the latter, whose booking
    begins then. Whoever signs on the device of somebody else confirms with their account after. The same `key` again is the report
    already there."""
    with photos_or_nothing() as stored, transaction.atomic():
        giving, receiving = held(transfer.giving), held(transfer.receiving)
        if (before := same_report(by, giving, key)) is not None:
            return before
        transfer = _planned(transfer)
        rules.may_sign_transfer(by, giving, receiving).require()
        if not signed.lender.strip() or not signed.borrower.strip():
            raise Refused(_("Il manque le nom de qui atteste ce constat."), status=422)
        if any(seen.condition == Condition.LOST for seen in looked.values()):
            raise Refused(_("Ce qui est perdu ne se remet pas : prévenez le prêteur."), status=422)
        units = {unit.pk: unit for unit in giving.units.away().filter(transfers=transfer)}
        if not units or looked.keys() != units.keys():
            raise Conflict(_("Les exemplaires de ce prêt ont changé entre-temps : relisez la page du prêt."))
        at = moment_of(made_at, since=max(giving.left_at or receiving.state_at, receiving.state_at))
        report = write_report(by, giving, ReportKind.TRANSFER, key, Signed(""), notes, at, transfer)
        describe_units(report, units, looked, stored)
        _done(by, transfer, signed, giving, receiving, at)
        # The former is given back to nobody in between: the waiting list is served after.
        copies = [unit.copy_id for unit in units.values()]
        hand_on(giving=giving.booking, receiving=receiving.booking, copies=copies, half=half_now(at))
        lender = Viewer.as_system(giving.network, str(giving.resource.actor))
        backs = {pk: Back(seen.outcome, said_of(seen)) for pk, seen in looked.items()}
        return_units(by=lender, loan=giving, units=backs, at=at)
        link_cases(report, looked)
        hand_over(by=lender, loan=receiving, at=at, as_it_is=True)
        record("loan.transferred", by=by, subject=giving, details={"report": report.pk}, touch=False)
        _tell(by, giving, transfer)
    return report


def _done(by: Viewer, transfer: Transfer, signed: Signed, giving: Loan, receiving: Loan, at: datetime) -> None:
    transfer.state, transfer.done_at = TransferState.DONE, at
    transfer.giver_name, transfer.giver_signed_at = " ".join(signed.lender.split())[:120], at
    transfer.receiver_name, transfer.receiver_signed_at = " ".join(signed.borrower.split())[:120], at
    for side, loan in (("giver", giving), ("receiver", receiving)):
        if rules.borrows(by, loan):
            _with_account(transfer, side, by, at)
    transfer.full_clean()
    transfer.save()


def _with_account(transfer: Transfer, side: str, by: Viewer, at: datetime) -> None:
    setattr(transfer, side, by.user)
    setattr(transfer, f"{side}_confirmed_at", at)


def confirm_transfer(*, by: Viewer, transfer: Transfer) -> Transfer:
    """By whoever signed on the device of the other, or of the lender: with their own account this time."""
    with transaction.atomic():
        giving = held(transfer.giving)
        found = Transfer.objects.select_for_update(of=("self",)).select_related("giving", "receiving__actor")
        transfer = found.get(pk=transfer.pk)
        sides = rules.sides_to_confirm(by, transfer)
        if not sides:
            raise Conflict(_("Aucune signature de cette remise n’attend votre confirmation."))
        for side in sides:
            _with_account(transfer, side, by, timezone.now())
        transfer.full_clean()
        transfer.save()
        record("loan.transfer_confirmed", by=by, subject=giving, details={"sides": sides}, touch=False)
        tell_lender(
            giving, f"confirmed:{transfer.pk}:{','.join(sides)}", _("Remise directe confirmée : « %(title)s »"), by=by,
            text=_("La signature faite sur l’appareil d’un autre est confirmée par son compte."),
        )  # fmt: skip
    return transfer


def _tell(by: Viewer, giving: Loan, transfer: Transfer) -> None:
    from_to = {"giver": transfer.giver_name, "receiver": transfer.receiver_name}
    tell_lender(
        giving, f"transferred:{transfer.pk}", _("Remis à l’emprunteur suivant : « %(title)s »"), by=by,
        text=_("%(giver)s a remis le matériel à %(receiver)s ; le constat est sur la page du prêt.") % from_to,
    )  # fmt: skip
    signed_by = by.user.name if by.user is not None else str(giving.resource.actor)
    for side, loan in (("giver", giving), ("receiver", transfer.receiving)):
        if getattr(transfer, f"{side}_confirmed_at") is None:
            tell_borrower(
                loan, f"confirm:{transfer.pk}:{side}", _("Confirmez votre signature : « %(title)s »"), by=by,
                kind="loan_answer",
                text=_("Une remise directe a été signée en votre nom sur l’appareil de %(who)s : %(giver)s a remis le matériel "
                       "à %(receiver)s. Confirmez-le avec votre compte, sur la page du prêt. Si c’est faux, répondez à ce "
                       "message : le prêteur le lira.") % {"who": signed_by, **from_to},
            )  # fmt: skip
