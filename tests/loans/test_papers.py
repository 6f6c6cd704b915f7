"""The agreement, the insurance and the deposit of a loan; nothing leaves before they are there (LOAN-9)."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from maillage.catalogue.models import Copy, Resource
from maillage.core import documents
from maillage.core.errors import Conflict, Refused
from maillage.core.jobs import run_waiting
from maillage.directory.models.charter import print_of
from maillage.loans import actions
from maillage.loans.actions.agreements import Signer
from maillage.loans.enums import AgreementState, DocumentKind, DocumentState, LoanState, Side
from maillage.loans.forms.papers import LinkForm
from maillage.loans.models import Agreement, AgreementText, LoanDocument
from maillage.loans.queries.agreements import default_text, pdf_of, text_for, values_of
from maillage.loans.queries.papers import papers_lacking
from maillage.loans.registry.agreement import PLACEHOLDERS
from tests.factories.loans import easy_terms, make_loan, make_resource, morning

LOUISE, BASILE = Signer("Louise Prêt", "Directrice"), Signer("Basile Emprunt", "Bibliothécaire")


@pytest.fixture
def lent(world):
    """A loan accepted by a lender who asks for everything."""
    easy_terms(world.network, world.lender, needs_agreement=True, needs_insurance=True, needs_deposit=True)
    Resource.objects.filter(pk=world.kit.pk).update(value=Decimal("1250.50"), deposit=Decimal(200))
    world.kit.refresh_from_db()
    world.loan = make_loan(world, state="accepted", first=0, actor=world.borrower, purpose="Fête <b>de</b> la science")
    world.agreement = Agreement.objects.get()
    return world


def sign(world, side, signer, by, agreement=None):
    agreement = agreement or world.agreement
    return actions.sign_agreement(by=by, agreement=agreement, side=side, read=agreement.text_sha256, signer=signer)


def scan(name="attestation.png"):
    content = io.BytesIO()
    Image.new("RGB", (200, 200), "white").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue())


def said(loan):
    loan.refresh_from_db()
    return [each.sentence for each in papers_lacking(loan)]


def test_accepting_draws_the_agreement_with_what_is_agreed(lent):
    text = lent.agreement.text

    assert lent.agreement.text_sha256 == print_of(text)
    for told in ("Musée des ondes", "Médiathèque du Pic", "Malle lumière", "1250,50 €", "200 €", "1 × exemplaire"):
        assert told in text
    assert "Fête &lt;b&gt;de&lt;/b&gt; la science" in text
    assert "{" not in text
    assert said(lent.loan)[0] == "la convention n’est signée par personne"


def test_nothing_leaves_before_all_is_there(lent):
    loan = actions.prepare_loan(by=lent.louise, loan=lent.loan)
    with pytest.raises(Refused, match="convention"):
        actions.hand_over(by=lent.louise, loan=loan)

    sign(lent, Side.LENDER, LOUISE, lent.louise)
    assert said(loan)[0] == "la convention n’est signée que d’un côté"
    sign(lent, Side.BORROWER, BASILE, lent.basile)
    assert said(loan) == ["l’attestation d’assurance n’est pas remise", "la caution n’est pas reçue"]
    actions.receive_deposit(by=lent.louise, loan=loan)
    row = actions.give_document(
        by=lent.basile, loan=loan, kind=DocumentKind.INSURANCE, document=documents.received(scan())
    )
    assert said(loan) == ["l’attestation d’assurance n’est pas vérifiée"]
    actions.answer_document(by=lent.louise, document=row, state=DocumentState.ACCEPTED)
    assert said(loan) == []

    loan = actions.hand_over(by=lent.louise, loan=loan)
    assert (loan.state, loan.agreement_state) == (LoanState.OUT, AgreementState.SIGNED)


def test_an_insurance_that_ends_before_the_return_is_not_enough(lent):
    LoanDocument.objects.create(
        loan=lent.loan, kind=DocumentKind.INSURANCE, state=DocumentState.ACCEPTED, valid_until=timezone.localdate()
    )

    assert "l’attestation d’assurance finit avant le retour" in said(lent.loan)


def test_what_serves_no_more_gives_way_to_another(lent):
    """An insurance that was verified, and ends too soon once the loan lasts longer; a deposit given back too soon."""
    short = LoanDocument.objects.create(
        loan=lent.loan, kind=DocumentKind.INSURANCE, state=DocumentState.ACCEPTED, valid_until=timezone.localdate()
    )
    given = {"by": lent.basile, "loan": lent.loan, "kind": DocumentKind.INSURANCE}
    longer = actions.give_document(**given, document=documents.received(scan()), valid_until=date(2040, 1, 1))
    short.refresh_from_db()
    assert short.state == DocumentState.REFUSED
    actions.answer_document(by=lent.louise, document=longer, state=DocumentState.ACCEPTED)
    with pytest.raises(Conflict):
        actions.give_document(**given, document=documents.received(scan()))

    deposit = actions.receive_deposit(by=lent.louise, loan=lent.loan)
    actions.answer_document(by=lent.louise, document=deposit, state=DocumentState.BACK)
    actions.receive_deposit(by=lent.louise, loan=lent.loan)
    assert "la caution n’est pas reçue" not in said(lent.loan)


def test_each_signs_for_their_side_alone(lent):
    with pytest.raises(Refused):
        sign(lent, Side.LENDER, BASILE, lent.basile)
    with pytest.raises(Refused):
        sign(lent, Side.BORROWER, LOUISE, lent.louise)
    sign(lent, Side.BORROWER, BASILE, lent.basile)
    with pytest.raises(Refused, match="déjà signée"):
        sign(lent, Side.BORROWER, BASILE, lent.basile)
    lent.agreement.refresh_from_db()
    assert (lent.agreement.borrower_name, lent.agreement.borrower_way) == ("Basile Emprunt", "account")


def test_a_text_that_changed_is_read_again_and_signatures_are_not_carried_over(lent):
    sign(lent, Side.BORROWER, BASILE, lent.basile)
    extension = actions.ask_extension(by=lent.basile, loan=lent.loan, last=morning(6))
    actions.answer_extension(by=lent.louise, extension=extension, accepted=True)

    old = lent.agreement
    new = Agreement.objects.get(cancelled_at=None)
    old.refresh_from_db()
    lent.loan.refresh_from_db()
    assert (old.pk == new.pk, old.cancelled_at is None, old.borrower_name) == (False, False, "Basile Emprunt")
    assert (new.borrower_signed_at, lent.loan.agreement_state) == (None, AgreementState.TO_SIGN)
    with pytest.raises(Refused, match="a changé"):
        sign(lent, Side.LENDER, LOUISE, lent.louise, agreement=old)


def test_drawing_again_what_did_not_change_changes_nothing(lent):
    sign(lent, Side.BORROWER, BASILE, lent.basile)
    assert actions.draw_agreement(by=lent.louise, loan=lent.loan) == lent.agreement
    lent.loan.refresh_from_db()
    assert lent.loan.agreement_state == AgreementState.HALF_SIGNED


def test_a_link_signs_without_an_account(client, lent):
    actions.send_link(by=lent.louise, agreement=lent.agreement, side=Side.BORROWER, email="maire@exemple.test")
    url = reverse("loans:agreement_link", args=[lent.agreement.pk, "borrower", lent.agreement.token("borrower")])
    page = client.get(url)
    sent = {"name": "Mona Maire", "capacity": "Maire", "texte": lent.agreement.text_sha256, "is_mandated": "on"}

    assert page.status_code == 200
    assert client.post(url, sent | {"is_mandated": ""}).status_code == 422
    assert client.post(url, sent).status_code == 302

    lent.agreement.refresh_from_db()
    assert (lent.agreement.borrower_name, lent.agreement.borrower_way) == ("Mona Maire", "link")
    assert "Mona Maire" in client.get(url).content.decode()
    assert client.get(url + "convention.pdf")["Content-Type"] == "application/pdf"


def test_the_link_of_one_side_does_not_open_the_other(client, lent):
    token = lent.agreement.token("borrower")
    for side in ("lender", "autre"):
        url = reverse("loans:agreement_link", args=[lent.agreement.pk, side, token])
        assert client.get(url).status_code == 404


def test_the_link_goes_to_the_address_and_is_not_sent_by_the_borrower(lent):
    with pytest.raises(Refused):
        actions.send_link(by=lent.basile, agreement=lent.agreement, side=Side.LENDER, email="x@exemple.test")
    actions.send_link(by=lent.louise, agreement=lent.agreement, side=Side.BORROWER, email="maire@exemple.test")
    run_waiting()
    assert ["maire@exemple.test"] in [message.to for message in mail.outbox]


def test_a_link_sent_to_somebody_else_closes_the_one_before(lent):
    actions.send_link(by=lent.louise, agreement=lent.agreement, side=Side.BORROWER, email="maire@exemple.test")
    lent.agreement.refresh_from_db()
    before = lent.agreement.token(Side.BORROWER)
    actions.send_link(by=lent.louise, agreement=lent.agreement, side=Side.BORROWER, email="maire@exemple.test")
    lent.agreement.refresh_from_db()
    assert lent.agreement.token(Side.BORROWER) == before
    actions.send_link(by=lent.louise, agreement=lent.agreement, side=Side.BORROWER, email="adjointe@exemple.test")
    lent.agreement.refresh_from_db()
    assert lent.agreement.token(Side.BORROWER) != before


def test_the_document_is_the_exact_text_and_the_same_each_time(lent):
    sign(lent, Side.BORROWER, BASILE, lent.basile)
    agreement = Agreement.objects.get()

    document = pdf_of(agreement)

    assert document.startswith(b"%PDF-")
    assert document == pdf_of(agreement)
    Agreement.objects.update(text=agreement.text + " ")
    with pytest.raises(Refused):
        pdf_of(Agreement.objects.get())


def test_a_lender_has_its_own_text_else_that_of_the_network_else_the_one_proposed(world):
    assert text_for(world.network, world.lender) == default_text()
    actions.write_text(by=world.team, actor=None, body="<p>Du réseau, {preteur}</p>")
    assert text_for(world.network, world.lender) == "<p>Du réseau, {preteur}</p>"
    actions.write_text(by=world.louise, actor=world.lender, body="<p>Du musée</p>")
    assert text_for(world.network, world.lender) == "<p>Du musée</p>"
    assert text_for(world.network, world.borrower) == "<p>Du réseau, {preteur}</p>"


@pytest.mark.parametrize("body", ["<p>{inconnu}</p>", "<p></p>"])
def test_a_text_names_only_what_a_loan_knows(world, body):
    with pytest.raises(Refused):
        actions.write_text(by=world.louise, actor=world.lender, body=body)
    assert not AgreementText.objects.exists()


def test_the_text_proposed_names_only_what_a_loan_knows():
    assert PLACEHOLDERS.keys() >= {name for name in PLACEHOLDERS if "{" + name + "}" in default_text()}
    assert "{valeur}" in default_text()


def test_nobody_writes_the_text_of_another(client, world):
    client.force_login(world.basile.user)
    assert client.get(reverse("loans:agreement_text", args=[world.lender.pk])).status_code == 404
    assert client.get(reverse("loans:agreement_network_text")).status_code == 403
    client.force_login(world.louise.user)
    url = reverse("loans:agreement_text", args=[world.lender.pk])
    assert client.post(url, {"body": "<p>{rien}</p>"}).status_code == 422
    assert client.post(url, {"body": "<p>Chez nous : {valeur}</p>"}).status_code == 302
    assert AgreementText.objects.get().actor == world.lender


def test_the_page_of_papers_collects_and_answers(client, lent):
    url = reverse("loans:papers", args=[lent.loan.pk])
    client.force_login(lent.basile.user)
    assert "1250,50 €" in client.get(url).content.decode()
    sent = {"piece-kind": "insurance", "piece-document": scan(), "piece-valid_until": "2099-01-01"}
    assert client.post(reverse("loans:document_give", args=[lent.loan.pk]), sent).status_code == 302
    bad = {"piece-kind": "insurance", "piece-document": SimpleUploadedFile("a.exe", b"MZ")}
    assert client.post(reverse("loans:document_give", args=[lent.loan.pk]), bad).status_code == 422
    row = LoanDocument.objects.get()
    answer = reverse("loans:document_answer", args=[row.pk])
    assert client.post(answer, {"etat": "accepted"}).status_code == 403
    client.force_login(lent.louise.user)
    assert client.post(answer, {"etat": "refused", "motif": ""}).status_code == 422
    assert client.post(answer, {"etat": "refused", "motif": "Périmée"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.reason) == (DocumentState.REFUSED, "Périmée")
    assert (
        client.post(reverse("loans:deposit_receive", args=[lent.loan.pk]), {"caution-amount": "150"}).status_code == 302
    )
    deposit = LoanDocument.objects.get(kind="deposit")
    assert client.post(reverse("loans:document_answer", args=[deposit.pk]), {"etat": "back"}).status_code == 302
    deposit.refresh_from_db()
    assert (deposit.amount, deposit.state) == (150, DocumentState.BACK)


def test_documents_are_private(client, lent):
    row = actions.give_document(
        by=lent.basile, loan=lent.loan, kind=DocumentKind.INSURANCE, document=documents.received(scan())
    )
    url = reverse("loans:document_download", args=[row.pk])
    for name, status in (("louise", 200), ("basile", 200), ("team", 200), ("nadia", 404)):
        client.force_login(getattr(lent, name).user)
        response = client.get(url)
        assert response.status_code == status
        if status == 200:
            b"".join(response.streaming_content)


def test_a_paper_signed_by_hand_signs_for_both(lent):
    actions.give_document(
        by=lent.louise, loan=lent.loan, kind=DocumentKind.AGREEMENT, document=documents.received(scan())
    )

    lent.agreement.refresh_from_db()
    lent.loan.refresh_from_db()
    assert (lent.agreement.borrower_way, lent.agreement.lender_way) == ("paper", "paper")
    assert lent.loan.agreement_state == AgreementState.SIGNED


def test_at_the_term_names_documents_and_photos_are_forgotten(lent, django_capture_on_commit_callbacks):
    sign(lent, Side.BORROWER, BASILE, lent.basile)
    row = actions.give_document(
        by=lent.basile, loan=lent.loan, kind=DocumentKind.INSURANCE, document=documents.received(scan())
    )
    actions.cancel_loan(by=lent.louise, loan=lent.loan)
    type(lent.loan).objects.update(state_at=timezone.now() - timedelta(days=500))

    with django_capture_on_commit_callbacks(execute=True):
        actions.forget_papers.function(None)

    agreement = Agreement.objects.get()
    assert (agreement.borrower_name, agreement.borrower_signed_by, agreement.nonce == lent.agreement.nonce) == (
        "", None, False,
    )  # fmt: skip
    assert agreement.borrower_signed_at is not None
    assert not LoanDocument.objects.exists()
    assert not row.file.storage.exists(row.file.name)


def test_a_loan_keeps_twenty_documents_and_says_so(lent, client):
    for _number in range(20):
        actions.give_document(
            by=lent.basile, loan=lent.loan, kind=DocumentKind.OTHER, document=documents.received(scan())
        )
    client.force_login(lent.basile.user)

    answer = client.post(
        reverse("loans:document_give", args=[lent.loan.pk]), {"piece-kind": "other", "piece-document": scan()}
    )

    assert answer.status_code == 409
    assert "vingt pièces" in answer.content.decode()
    assert LoanDocument.objects.count() == 20


def test_an_address_longer_than_what_is_kept_is_refused_in_the_form(world):
    long = "a" * 60 + "@" + ".".join(["b" * 60] * 4) + ".fr"
    assert "email" in LinkForm({"side": "borrower", "email": long}).errors
    assert "email" not in LinkForm({"side": "borrower", "email": "a@exemple.test"}).errors


def test_what_is_signed_is_worth_all_that_is_lent(world):
    for number in (2, 3):
        Copy.objects.create(resource=world.kit, label=f"Ex. {number}")
    Resource.objects.filter(pk=world.kit.pk).update(value=500, deposit=Decimal("33.30"), fee=12)
    world.kit.refresh_from_db()
    loan = make_loan(world, state="accepted", wanted={None: 3})
    assert (loan.value, loan.deposit, loan.fee) == (1500, Decimal("99.90"), 36)
    assert values_of(loan)["valeur"] == "1500 €"


def test_some_modules_are_worth_their_share_of_the_whole(world):
    panels = make_resource(world.network, world.lender, "Trois panneaux", modules=["A", "B", "C"], value=500)
    first = panels.modules.first()
    loan = make_loan(world, state="accepted", resource=panels, wanted={first.pk: 1})
    assert loan.value == Decimal("166.67")
    assert values_of(loan)["valeur"] == "166,67 €, à proportion des modules prêtés"
    every = {each.pk: 1 for each in panels.modules.all()}
    whole = make_loan(world, state="accepted", resource=panels, first=20, wanted=every)
    assert (whole.value, values_of(whole)["valeur"]) == (500, "500 €")


def test_what_goes_from_host_to_host_is_not_asked_for_on_its_page(client, world):
    lorry = make_resource(world.network, world.lender, "Propulseur", kind="vehicule")
    assert "Demander" in client.get(reverse("catalogue:resource_show", args=[world.kit.slug])).content.decode()
    assert "Demander" not in client.get(reverse("catalogue:resource_show", args=[lorry.slug])).content.decode()
