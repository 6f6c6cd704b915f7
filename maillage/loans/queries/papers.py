"""What a loan still lacks on paper before it leaves (LOAN-9), and once it is extended."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.catalogue.queries.halves import day_of
from maillage.core.viewer import Viewer
from maillage.loans.enums import AWAY, PROMISED, AgreementState, DocumentKind, DocumentState
from maillage.loans.models import Loan, LoanDocument
from maillage.loans.registry.pieces import Lacking, ask_before_leaving


def papers_lacking(loan: Loan) -> list[Lacking]:
    """One query at most. Of a loan that is away: what its extension asks for anew."""
    url, found = reverse("loans:papers", args=[loan.pk]), []
    if loan.state not in (*PROMISED, *AWAY):
        return []
    if sentence := _agreement_lacks(loan):
        found.append(Lacking(sentence, url))
    if not (loan.needs_insurance or loan.needs_deposit):
        return found
    given = {row.kind: row for row in loan.documents.exclude(state=DocumentState.REFUSED).order_by("pk")}
    if loan.needs_insurance and (sentence := _insurance_lacks(loan, given.get(DocumentKind.INSURANCE))):
        found.append(Lacking(sentence, url))
    if (
        loan.needs_deposit
        and not loan.is_away
        and loan.deposit != 0
        and (sentence := _deposit_lacks(given.get(DocumentKind.DEPOSIT)))
    ):
        found.append(Lacking(sentence, url))
    return found


def _agreement_lacks(loan: Loan) -> str:
    if loan.agreement_state == AgreementState.TO_SIGN:
        if loan.is_away:
            return _("l’avenant qui prolonge la convention n’est signé par personne")
        return _("la convention n’est signée par personne")
    if loan.agreement_state == AgreementState.HALF_SIGNED:
        if loan.is_away:
            return _("l’avenant qui prolonge la convention n’est signé que d’un côté")
        return _("la convention n’est signée que d’un côté")
    return ""


def documents_seen_by(viewer: Viewer) -> QuerySet[LoanDocument]:
    seen = LoanDocument.objects.filter(loan__in=Loan.objects.visible_to(viewer))
    return seen.select_related("loan__resource__actor")


def _insurance_lacks(loan: Loan, row: LoanDocument | None) -> str:
    if row is None:
        return _("l’attestation d’assurance n’est pas remise")
    if row.state != DocumentState.ACCEPTED:
        return _("l’attestation d’assurance n’est pas vérifiée")
    if row.valid_until is not None and row.valid_until < day_of(loan.last):
        return _("l’attestation d’assurance finit avant le retour")
    return ""


def _deposit_lacks(row: LoanDocument | None) -> str:
    if row is None:
        return _("la caution n’est pas reçue")
    return "" if row.state == DocumentState.ACCEPTED else _("la caution n’est pas vérifiée")


ask_before_leaving("papers", papers_lacking)
