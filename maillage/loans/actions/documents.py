"""The documents of a loan: insurance, deposit, an agreement signed on paper."""

import hashlib
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.catalogue.queries.halves import day_of
from maillage.core import documents
from maillage.core.errors import Conflict, Refused
from maillage.core.text import legible
from maillage.core.viewer import Viewer
from maillage.directory.enums import SigningWay
from maillage.loans import rules
from maillage.loans.actions.agreements import Signer, put_signature, settle
from maillage.loans.actions.marking import held
from maillage.loans.actions.telling import tell_borrower, tell_lender
from maillage.loans.enums import PROMISED, AgreementState, DocumentKind, DocumentState, Side
from maillage.loans.models import Loan, LoanDocument
from maillage.loans.queries.agreements import borrower_named, in_force

MOST_DOCUMENTS = 20  # Of a loan, refused ones included: each is a file that is kept until its term.


def give_document(
    *,
    by: Viewer,
    loan: Loan,
    kind: DocumentKind,
    document: documents.Document,
    name: str = "",
    valid_until: date | None = None,
) -> LoanDocument:
    """By either side; what the lender files itself needs no check. One that was waiting or refused gives way to it."""
    with transaction.atomic():
        loan = held(loan)
        rules.may_give_document(by, loan).require()
        _make_room(loan, kind)
        if loan.documents.exclude(file="").count() >= MOST_DOCUMENTS:
            raise Refused(
                _("Ce prêt a déjà vingt pièces, celles à refaire comprises : c'est le plus que l'on garde."), status=409
            )
        content = document.content.read()
        document.content.seek(0)
        row = LoanDocument(
            loan=loan, kind=kind, name=legible(name).strip()[:140], kind_of_file=document.kind, size=len(content),
            digest=hashlib.sha256(content).hexdigest(), valid_until=valid_until, given_by=by.user,
        )  # fmt: skip
        row.file.save("piece", document.content, save=False)
        row.full_clean()
        row.save()
        record("loan.document_given", by=by, subject=loan, details={"kind": str(kind)}, touch=False)
        if rules.may_lend(by, loan):
            _accept(by, loan, row)
        else:
            title = _("Une pièce est à vérifier : « %(title)s »")
            tell_lender(loan, f"document:{row.pk}", title, by=by, text=str(row.get_kind_display()))
    return row


def _make_room(loan: Loan, kind: DocumentKind) -> None:
    if kind == DocumentKind.OTHER:
        return
    before = loan.documents.filter(kind=kind).exclude(state=DocumentState.REFUSED).first()
    if before is None:
        return
    if before.state == DocumentState.GIVEN:
        before.delete()
    elif _serves(loan, before):
        raise Conflict(_("Cette pièce est déjà là et vérifiée."))
    elif kind == DocumentKind.AGREEMENT and loan.is_away:
        # What it says was signed, and stands: the one that comes is that of the addendum.
        before.kind, before.name = DocumentKind.OTHER, _("Convention signée avant la prolongation")
        before.save(update_fields=["kind", "name", "updated_at"])
    else:
        before.state, before.reason = DocumentState.REFUSED, _("Remplacée : elle ne servait plus.")
        before.save(update_fields=["state", "reason", "updated_at"])


def _serves(loan: Loan, row: LoanDocument) -> bool:
    """Whether what was verified still is what is asked for: dates may have changed since, or a deposit been given back too soon."""
    if row.kind == DocumentKind.INSURANCE:
        return row.valid_until is None or row.valid_until >= day_of(loan.last)
    if row.kind == DocumentKind.AGREEMENT:
        return loan.agreement_state == AgreementState.SIGNED
    return row.state == DocumentState.ACCEPTED or loan.state not in PROMISED


def receive_deposit(*, by: Viewer, loan: Loan, amount: Decimal | None = None) -> LoanDocument:
    """The lender has it, whatever its form: a cheque in a drawer needs no scan."""
    with transaction.atomic():
        loan = held(loan)
        rules.may_lend(by, loan).require()
        rules.may_give_document(by, loan).require()
        if amount is not None and amount < 0:
            raise Refused(_("Une caution n’est pas négative."), status=422)
        _make_room(loan, DocumentKind.DEPOSIT)
        row = LoanDocument(
            loan=loan, kind=DocumentKind.DEPOSIT, amount=amount if amount is not None else loan.deposit,
            given_by=by.user,
        )  # fmt: skip
        row.full_clean()
        row.save()
        _accept(by, loan, row)
    return row


def answer_document(*, by: Viewer, document: LoanDocument, state: DocumentState, reason: str = "") -> LoanDocument:
    """The lender accepts it, asks for another and says why, or gives the deposit back."""
    with transaction.atomic():
        loan = held(document.loan)
        rules.may_lend(by, loan).require()
        row = LoanDocument.objects.select_for_update().get(pk=document.pk)
        if state == DocumentState.ACCEPTED and row.state == DocumentState.GIVEN:
            _accept(by, loan, row)
            return row
        again = row.state == DocumentState.ACCEPTED and loan.state in PROMISED
        if state == DocumentState.REFUSED and (row.state == DocumentState.GIVEN or again):
            row.reason = legible(reason).strip()[:300]
            if not row.reason:
                raise Refused(_("Dites ce qui ne va pas : c’est lu par l’emprunteur."), status=422)
        elif not (
            state == DocumentState.BACK and row.state == DocumentState.ACCEPTED and row.kind == DocumentKind.DEPOSIT
        ):
            raise Conflict(_("Cette pièce n’attend pas cette réponse."))
        _answer(by, loan, row, state)
    return row


def _accept(by: Viewer, loan: Loan, row: LoanDocument) -> None:
    _answer(by, loan, row, DocumentState.ACCEPTED)
    agreement = in_force(loan) if row.kind == DocumentKind.AGREEMENT else None
    if agreement is None or row.created_at < agreement.created_at:
        return  # Nobody signs on paper what was not written yet.
    signers = {Side.LENDER: loan.resource.actor.name, Side.BORROWER: borrower_named(loan)}
    for side, name in signers.items():
        if getattr(agreement, f"{side}_signed_at") is None:
            put_signature(agreement, side, Signer(name), SigningWay.PAPER, by)
    settle(loan, agreement)


def _answer(by: Viewer, loan: Loan, row: LoanDocument, state: DocumentState) -> None:
    row.state, row.checked_by, row.checked_at = state, by.user, timezone.now()
    row.full_clean()
    row.save()
    record("loan.document_answered", by=by, subject=loan, details={"kind": row.kind, "state": state}, touch=False)
    titles = {
        DocumentState.ACCEPTED: _("Pièce vérifiée : « %(title)s »"),
        DocumentState.REFUSED: _("Une pièce est à refaire : « %(title)s »"),
        DocumentState.BACK: _("Caution rendue : « %(title)s »"),
    }
    tell_borrower(
        loan, f"document:{row.pk}:{state}", titles[state], by=by, text=str(row.get_kind_display()), said=row.reason
    )
