"""In a real browser: a librarian borrows an exhibition on a phone, its lender hands it over; a waiting list is served; every page clean
and within the screen."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from maillage.loans import actions
from maillage.loans.enums import LoanState
from maillage.loans.models import Loan, WaitingEntry
from tests.factories.loans import ask, day_in, make_loan, make_loans_world, make_resource

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db):
    cache.clear()
    world = make_loans_world("localhost")
    world.expo = make_resource(
        world.network, world.lender, "Expo galaxies", modules=["Étoiles", "Planètes"], kind="exposition"
    )
    return world


def _fill(page, days):
    page.get_by_label("Du", exact=True).fill(day_in(days).isoformat())
    page.get_by_label("Au", exact=True).fill(day_in(days + 2).isoformat())


@pytest.mark.on_both
def test_a_librarian_borrows_an_exhibition_on_a_phone(phone, sign_in, world, axe, fits, shot):
    ask(world.nadia, world.expo, first=0, days=3)
    sign_in(phone, world.basile.user)
    phone.goto(reverse("loans:loan_request", args=[world.expo.slug]))
    axe(phone)
    fits(phone)
    phone.get_by_text("Voir ce qui est libre").click()
    shot(phone, "loan-request")
    fits(phone)
    _fill(phone, 1)
    phone.get_by_label(re.compile("Pour quoi faire")).fill("La nuit de la lecture")
    phone.get_by_role("button", name="Demander", exact=True).click()

    expect(phone.get_by_role("heading", name="Pris à ces dates : voici ce qui est possible")).to_be_visible()
    expect(phone.get_by_label(re.compile("Pour quoi faire"))).to_have_value("La nuit de la lecture")
    expect(phone.get_by_role("button", name="Demander « Malle lumière »")).to_have_count(0)
    axe(phone)
    fits(phone)
    shot(phone, "loan-taken")
    phone.get_by_role("button", name=re.compile("^Demander du")).first.click()

    expect(phone.get_by_text(re.compile("Les exemplaires vous sont retenus"))).to_be_visible()
    axe(phone)
    fits(phone)
    loan = Loan.objects.get(contact=world.basile.user)
    assert (loan.purpose, loan.actor, loan.lines.count()) == ("La nuit de la lecture", world.borrower, 2)


def test_its_lender_answers_prepares_and_takes_back(page, sign_in, world, axe, fits, tab_to, shot):
    loan = make_loan(world, first=0, actor=world.borrower)
    sign_in(page, world.louise.user)
    for name in ("board", "loan_table", "month", "suspension_list"):
        page.goto(reverse(f"loans:{name}"))
        axe(page)
        fits(page)
        shot(page, f"loans-{name}")
    page.goto(reverse("loans:board"))
    link = page.get_by_role("link", name=re.compile("Malle lumière"))
    tab_to(page, link)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Répondre")).to_be_visible()
    axe(page)
    fits(page)
    shot(page, "loan-page")
    page.get_by_role("button", name="Accepter", exact=True).click()
    page.get_by_role("button", name="Les exemplaires sont prêts").click()
    page.get_by_role("button", name="Remis à l’emprunteur").click()
    page.get_by_label(re.compile(r"^Ex\. 1")).select_option("damaged")
    axe(page)
    page.get_by_role("button", name="Noter le retour").click()
    expect(page.get_by_role("link", name="Ex. 1 – abîmé")).to_be_visible()
    page.get_by_label(re.compile("Personnes touchées")).fill("35")
    page.get_by_role("button", name="Clore le prêt").click()

    expect(page.get_by_text("Le prêt est clos, merci.")).to_be_visible()
    loan.refresh_from_db()
    assert (loan.state, loan.reached) == (LoanState.CLOSED, 35)


def test_a_waiting_list_is_served(phone, sign_in, world, axe, fits):
    loan = make_loan(world, first=10)
    sign_in(phone, world.nadia.user)
    phone.goto(reverse("loans:loan_request", args=[world.kit.slug]))
    _fill(phone, 10)
    phone.get_by_role("button", name="Demander", exact=True).click()
    phone.get_by_role("button", name="M’inscrire en liste d’attente").click()
    expect(phone.get_by_role("heading", name="Vous êtes en liste d’attente")).to_be_visible()
    axe(phone)
    fits(phone)

    actions.cancel_loan(by=world.basile, loan=loan)
    phone.goto(reverse("loans:own_list"))
    axe(phone)
    fits(phone)
    phone.get_by_role("link", name="Malle lumière").click()
    phone.get_by_role("button", name="Je la prends").click()

    expect(phone.get_by_text("Votre demande est partie avec les exemplaires")).to_be_visible()
    assert WaitingEntry.objects.get().loan == Loan.objects.get(contact=world.nadia.user)
