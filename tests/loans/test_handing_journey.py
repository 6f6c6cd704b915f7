"""The pages beside the loans, as people open them: signed by both, printed, found, read; clean on a phone and on a desk."""

import re

import pytest
from playwright.sync_api import expect

from maillage.loans import actions
from maillage.loans.models import Agreement, Loan
from tests.factories.loans import easy_terms, make_loan, make_loans_world, make_resource

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(live_server):
    """A loan accepted by a lender who wants it signed; another that is out, and the next one of the same kit."""
    world = make_loans_world("localhost", copies=2)
    world.giving = make_loan(world, state="out", first=0, actor=world.borrower)
    world.receiving = make_loan(world, state="accepted", by=world.nadia, first=8)
    easy_terms(world.network, world.lender, needs_agreement=True)
    kit = make_resource(world.network, world.lender, "Exposition ondes")
    world.loan = make_loan(world, state="accepted", first=5, resource=kit, actor=world.borrower)
    world.base = live_server.url
    return world


def test_both_sides_sign_the_agreement(phone, world, sign_in, axe, fits, shot):
    for person, capacity in ((world.basile, "Bibliothécaire"), (world.louise, "Directrice")):
        phone.context.clear_cookies()
        sign_in(phone, person.user)
        phone.goto(f"{world.base}/prets/{world.loan.pk}/papiers/")
        axe(phone)
        fits(phone)
        shot(phone, "papiers", dark=False)
        phone.get_by_role("link", name="Lire et signer la convention").click()
        phone.get_by_label("Votre qualité").fill(capacity)
        axe(phone)
        fits(phone)
        phone.get_by_role("button", name="Signer la convention").click()
        expect(phone.get_by_text("Cochez cette case si vous pouvez signer.").first).to_be_visible()
        phone.get_by_label("J’ai lu la convention").check()
        phone.get_by_role("button", name="Signer la convention").click()
        phone.wait_for_url(re.compile("papiers"))
    expect(phone.get_by_text("Tout ce qui était demandé est là.")).to_be_visible()
    assert Loan.objects.get(pk=world.loan.pk).agreement_state == "signed"


def test_a_transfer_is_signed_by_both_on_one_phone(phone, world, sign_in, axe, fits):
    transfer = actions.plan_transfer(by=world.louise, giving=world.giving, receiving=world.receiving)
    sign_in(phone, world.basile.user)
    phone.goto(f"{world.base}/prets/remises/{transfer.pk}/")
    phone.get_by_label("Je remets ces exemplaires").check()
    phone.get_by_label("Je reçois ces exemplaires").check()
    axe(phone)
    fits(phone)
    phone.get_by_role("button", name="Signer la remise").click()
    phone.wait_for_url(re.compile("/prets/constats/"))
    assert set(Loan.objects.filter(resource=world.kit).values_list("state", flat=True)) == {"returned", "out"}


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_of_lenders_and_of_the_team_are_clean(browse, world, sign_in, axe, fits, shot, width):
    page = browse(width=width)
    sign_in(page, world.team.user)
    tag = world.giving.units.get().copy.tag
    for name, path in (
        ("etiquette", f"/materiel/{tag}/"), ("etiquettes", "/travail/prets/etiquettes/"), ("ou", "/travail/prets/ou/"),
        ("chiffres", "/travail/prets/chiffres/"), ("reseau", "/travail/prets/reseau/"),
        ("texte", "/travail/prets/convention/"),
    ):  # fmt: skip
        page.goto(world.base + path)
        axe(page)
        fits(page)
        shot(page, name, dark=False)


def test_a_personal_link_is_clean_without_an_account(phone, world, axe, fits):
    agreement = Agreement.objects.get(loan=world.loan)
    phone.goto(f"{world.base}/conventions/{agreement.pk}/borrower/{agreement.token('borrower')}/")
    axe(phone)
    fits(phone)
