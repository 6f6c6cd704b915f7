"""What goes beside the loans of the demonstration: agreements signed or half signed, reports with a photo, a damage, a document, a
transfer that waits for its signatures."""

import io
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.core.files.base import ContentFile

from maillage.catalogue.queries.availability import whole
from maillage.core import documents
from maillage.core.errors import Refused
from maillage.core.viewer import Viewer
from maillage.loans import actions
from maillage.loans.actions.agreements import Signer
from maillage.loans.actions.reporting import Looked, Signed
from maillage.loans.enums import PROMISED, Condition, DocumentKind, LoanState, ReportKind, Side
from maillage.loans.models import Agreement, Loan, LoanDocument
from maillage.loans.queries.agreements import default_text
from maillage.loans.queries.halves import half_now
from maillage.networks.models import Network
from maillage.portal.management.demo.loans import date_requests
from maillage.portal.management.demo.world import World

_INSURANCE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj trailer<</Root 1 0 R>>\n%%EOF\n"
)


def tell_handing(world: World) -> None:
    """Once the loans are there."""
    world.chronicle.add(world.chronicle.ago(2, 10), lambda at: fill_handing(world.south, at))


def fill_handing(network: Network, at: datetime) -> None:
    """Nothing where nothing is lent."""
    by = Viewer.as_system(network, "Démonstration")
    loans = Loan.objects.filter(network=network).for_lists().order_by("pk")
    promised = list(loans.filter(state__in=PROMISED))
    if not promised:
        return
    actions.write_text(by=by, actor=promised[0].resource.actor, body=default_text())
    for rank, loan in enumerate(promised):
        _sign(by, loan, both=loan.state == LoanState.PREPARED or rank % 2 == 0)
    _insure(by, promised[0])
    for loan in promised:
        if loan.state == LoanState.PREPARED and loan.first <= half_now(at):
            _report(by, loan, ReportKind.OUT, at, Condition.FIT)
    out = list(loans.filter(state=LoanState.OUT))
    for loan in out[1:2]:
        _report(by, loan, ReportKind.IN, at + timedelta(hours=1), Condition.DAMAGED)
    for loan in out[:1]:
        _plan(by, loan, at)
    date_requests(network)
    _date_papers(network, at)


def _date_papers(network: Network, at: datetime) -> None:
    """Signed and verified before anything left: the acts write the present time."""
    before = at - timedelta(minutes=30)
    drawn = Agreement.objects.filter(loan__network=network)
    drawn.update(created_at=at - timedelta(hours=1))
    for side in Side:
        drawn.exclude(**{f"{side}_signed_at": None}).update(**{f"{side}_signed_at": before})
    LoanDocument.objects.filter(loan__network=network).update(created_at=before, checked_at=before)


def _sign(by: Viewer, loan: Loan, *, both: bool) -> None:
    agreement = Agreement.objects.filter(loan=loan, cancelled_at=None).first()
    if agreement is None:
        return
    signers = {
        Side.LENDER: Signer("Sylvie Prêt", "Directrice"),
        Side.BORROWER: Signer("Marc Emprunt", "Bibliothécaire"),
    }
    for side, signer in signers.items():
        if side == Side.LENDER or both:
            actions.sign_agreement(
                by=by, agreement=agreement, side=side, read=agreement.text_sha256, signer=signer
            )  # fmt: skip


def _insure(by: Viewer, loan: Loan) -> None:
    actions.give_document(
        by=by, loan=loan, kind=DocumentKind.INSURANCE, name="attestation.pdf",
        document=documents.Document(ContentFile(_INSURANCE), "application/pdf"),
    )  # fmt: skip


def _report(by: Viewer, loan: Loan, kind: ReportKind, at: datetime, condition: Condition) -> None:
    notes = "" if condition == Condition.FIT else "Le couvercle est fendu, tout le reste est là."
    looked = {unit.pk: Looked(condition, notes=notes, photos=[_photo()]) for unit in loan.units.all()}
    key = uuid5(NAMESPACE_URL, f"{loan.pk}:{kind}")
    signed = Signed("Sylvie Prêt", "Marc Emprunt")
    try:
        actions.file_report(by=by, loan=loan, kind=kind, key=key, looked=looked, signed=signed, made_at=at)
    except Refused:
        return  # Something else still lacks before it leaves: it stays prepared.


def _photo() -> ContentFile:
    from PIL import Image

    out = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(out, "WEBP", quality=40)
    return ContentFile(out.getvalue(), name="photo.webp")


def _plan(by: Viewer, giving: Loan, at: datetime) -> None:
    """To the borrower of another loan, who has it a few days later."""
    other = Loan.objects.filter(network=giving.network, actor__isnull=False).exclude(actor=giving.actor).first()
    if other is None or other.actor is None:
        return
    borrower = Viewer(network=giving.network, user=other.contact, system=by.system)
    first = giving.last + 8
    try:
        receiving = actions.request_loan(
            by=borrower, resource=giving.resource, wanted=whole(giving.resource, 1), first=first, last=first + 5,
            actor=other.actor, commune=other.commune, at=at,
        )  # fmt: skip
        receiving = actions.accept_loan(by=by, loan=receiving, at=at)
        actions.plan_transfer(by=by, giving=giving, receiving=receiving, place="Gare, sur le parvis")
    except Refused:
        return  # The stock of the demonstration has no room for it.
