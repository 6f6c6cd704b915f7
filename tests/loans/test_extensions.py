"""A later end: what its lender does not take is said next to the day, with all that was typed."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from maillage.activity.models import Notice
from maillage.catalogue.actions import add_closure
from maillage.catalogue.queries.halves import day_of
from maillage.core import documents
from maillage.core.jobs import run_waiting
from maillage.loans import actions
from maillage.loans.actions.agreements import Signer
from maillage.loans.enums import DocumentKind, DocumentState, Side
from maillage.loans.models import Agreement, LoanDocument
from maillage.loans.queries.halves import span_said
from maillage.loans.queries.papers import papers_lacking
from tests.factories.loans import day_in, easy_terms, make_loan, noon_in


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (lambda: day_in(1), "après celle du retour prévu"),
        (lambda: day_in(40), "C'est trop loin"),
        (lambda: day_in(6), "Le prêteur est fermé"),
        (lambda: "9999-12-31", "C'est trop loin"),
        (lambda: "0001-01-01", "après celle du retour prévu"),
        (lambda: "demain", "Saisissez une date valide"),
    ],
)
def test_a_day_that_its_lender_does_not_take_is_said_beside_it(world, day, sentence):
    easy_terms(world.network, world.lender, max_days=20)
    loan = make_loan(world, state="out", first=0)
    assert day_of(loan.last) == day_in(2)
    add_closure(by=world.louise, actor=world.lender, first_on=day_in(6), last_on=day_in(6))
    client = Client(HTTP_HOST="testserver")
    client.force_login(world.basile.user)

    answer = client.post(
        f"/prets/{loan.pk}/prolonger/",
        {"last_on": str(day()), "last_half": "apres-midi", "reason": "Une classe de plus"},
    )

    form = answer.context["forms"]["prolonger"]
    assert answer.status_code == 422
    assert [sentence in error for error in form.errors["last_on"]] == [True]
    assert "Une classe de plus" in answer.content.decode()
    assert not loan.extensions.exists()


# --- what a later end asks for anew ------------------------------------------------------------------------------------


@pytest.fixture
def extended(world):
    """Out with all its papers, an insurance until the day it was due; then extended by its lender."""
    easy_terms(world.network, world.lender, needs_agreement=True, needs_insurance=True)
    loan = make_loan(world, state="accepted", first=0, actor=world.borrower)
    world.agreement = Agreement.objects.get()
    sign(world, world.agreement)
    insure(world, loan, day_in(2))
    actions.prepare_loan(by=world.louise, loan=loan)
    loan = actions.hand_over(by=world.louise, loan=loan, at=noon_in(0))
    extension = actions.ask_extension(by=world.basile, loan=loan, last=loan.last + 4)
    actions.answer_extension(by=world.louise, extension=extension, accepted=True)
    loan.refresh_from_db()
    world.loan = loan
    return world


def sign(world, agreement):
    for by, side in ((world.louise, Side.LENDER), (world.basile, Side.BORROWER)):
        signer = Signer(by.user.name)
        actions.sign_agreement(by=by, agreement=agreement, side=side, read=agreement.text_sha256, signer=signer)


def insure(world, loan, until):
    document = documents.Document(ContentFile(b"%PDF-1.7 %%EOF"), "application/pdf")
    actions.give_document(by=world.louise, loan=loan, kind=DocumentKind.INSURANCE, document=document, valid_until=until)


def said(loan):
    loan.refresh_from_db()
    return [each.sentence for each in papers_lacking(loan)]


INSURANCE = "l’attestation d’assurance finit avant le retour"


def test_extended_once_out_a_loan_says_what_it_lacks_until_an_addendum_is_signed(client, extended):
    loan = extended.loan
    addendum = Agreement.objects.get(amends=extended.agreement)
    assert said(loan) == ["l’avenant qui prolonge la convention n’est signé par personne", INSURANCE]
    assert span_said(loan.first, loan.last) in addendum.text
    assert extended.agreement.text_sha256 in addendum.text
    run_waiting()
    told = next(each for each in mail.outbox if "Votre prêt est prolongé" in each.subject)
    assert INSURANCE in told.body
    client.force_login(extended.basile.user)
    page = client.get(loan.get_absolute_url()).content.decode()
    assert "Depuis la prolongation, il manque" in page
    papers = client.get(reverse("loans:papers", args=[loan.pk])).content.decode()
    assert "Lire et signer l’avenant" in papers
    assert "Avenant du prêt n°" in client.get(reverse("loans:agreement_sign", args=[loan.pk])).content.decode()

    sign(extended, addendum)
    insure(extended, loan, day_in(9))

    assert said(loan) == []
    extended.agreement.refresh_from_db()
    assert (extended.agreement.cancelled_at, extended.agreement.lender_signed_at is None) == (None, False)
    assert "il manque" not in client.get(loan.get_absolute_url()).content.decode()


def test_extended_again_another_addendum_takes_the_place_of_the_former(extended):
    former = Agreement.objects.get(amends=extended.agreement)
    sign(extended, former)
    extension = actions.ask_extension(by=extended.basile, loan=extended.loan, last=extended.loan.last + 2)
    actions.answer_extension(by=extended.louise, extension=extension, accepted=True)

    former.refresh_from_db()
    assert former.cancelled_at is not None
    assert Agreement.objects.filter(amends=extended.agreement, cancelled_at=None).count() == 1
    assert "l’avenant qui prolonge la convention n’est signé par personne" in said(extended.loan)


def test_a_link_signs_an_addendum_of_what_is_out(client, extended):
    addendum = Agreement.objects.get(amends=extended.agreement)
    addendum = actions.send_link(by=extended.louise, agreement=addendum, side=Side.BORROWER, email="m@exemple.test")
    sent = {"name": "Jo", "capacity": "Maire", "texte": addendum.text_sha256, "is_mandated": "on"}

    answer = client.post(
        reverse("loans:agreement_link", args=[addendum.pk, "borrower", addendum.token("borrower")]), sent
    )

    assert answer.status_code == 302
    assert said(extended.loan)[0] == "l’avenant qui prolonge la convention n’est signé que d’un côté"


def test_what_an_extension_lacks_is_reminded_the_next_day_once_to_both(extended):
    def reminded():
        told = Notice.objects.filter(title__contains="pièces à compléter")
        return set(told.values_list("user", flat=True)), told.count()

    actions.mind_network(extended.network, at=noon_in(0.1))
    assert reminded() == (set(), 0)
    actions.mind_network(extended.network, at=noon_in(2))
    first = reminded()
    assert first[0] == {extended.basile.user.pk, extended.louise.user.pk}
    actions.mind_network(extended.network, at=noon_in(3))
    assert reminded() == first


def test_without_an_agreement_nor_an_insurance_nothing_lacks(world):
    loan = make_loan(world, state="out", first=0)
    extension = actions.ask_extension(by=world.basile, loan=loan, last=loan.last + 4)
    actions.answer_extension(by=world.louise, extension=extension, accepted=True)
    assert (said(loan), Agreement.objects.count()) == ([], 0)


def test_a_paper_of_before_signs_no_addendum_and_the_one_that_was_signed_stays(extended):
    loan = extended.loan
    loan.documents.filter(kind=DocumentKind.AGREEMENT).delete()
    addendum = Agreement.objects.get(amends=extended.agreement)
    paper = documents.Document(ContentFile(b"%PDF-1.7 %%EOF"), "application/pdf")
    old = actions.give_document(by=extended.basile, loan=loan, kind=DocumentKind.AGREEMENT, document=paper)
    LoanDocument.objects.filter(pk=old.pk).update(created_at=addendum.created_at - timedelta(hours=1))

    actions.answer_document(by=extended.louise, document=old, state=DocumentState.ACCEPTED)

    addendum.refresh_from_db()
    assert (addendum.lender_signed_at, addendum.borrower_signed_at) == (None, None)
    actions.give_document(by=extended.louise, loan=loan, kind=DocumentKind.AGREEMENT, document=paper)
    addendum.refresh_from_db()
    old.refresh_from_db()
    assert (addendum.lender_way, addendum.borrower_way) == ("paper", "paper")
    assert (old.state, old.kind) == (DocumentState.ACCEPTED, DocumentKind.OTHER)
