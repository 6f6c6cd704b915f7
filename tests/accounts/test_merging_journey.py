"""In a real browser, on a phone: someone who signed up twice makes one account of two."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from maillage.accounts.models import User
from maillage.core.jobs import run_waiting
from tests.factories.accounts import PASSWORD, make_person
from tests.factories.directory import make_network

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", [390, 1280])
def test_someone_makes_one_account_of_two(browse, sign_in, width, smtp_server, axe, fits, shot):
    cache.clear()
    network = make_network(host="localhost", contact_email="equipe@exemple.test")
    kept = make_person(network, email="ana@asso.exemple.test", name="Ana Roche")
    make_person(network, "pole_member", email="ana@perso.exemple.test", name="Ana R.")
    page = browse(width=width)
    sign_in(page, kept)
    page.goto(reverse("accounts:profile"))
    shot(page, "merge-profile")
    page.get_by_role("link", name="Réunir un autre compte").click()
    page.get_by_role("textbox", name="Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", name="Réunir un autre compte")).to_be_visible()
    axe(page)
    fits(page)
    shot(page, "merge-ask")
    page.get_by_label("Adresse e-mail de l'autre compte").fill("ana@perso.exemple.test")
    page.get_by_role("button", name="Envoyer le code").click()
    expect(page.get_by_text("Un code est parti à")).to_be_visible()
    axe(page)
    fits(page)
    run_waiting()
    letter = next(each for each in smtp_server.received if each["To"] == "ana@perso.exemple.test")
    code = re.search(r"\b[A-Z]{4}-[A-Z]{4}\b", letter.get_body(("plain",)).get_content())[0]
    page.get_by_label("Code reçu par e-mail").fill("BBBB-BBBB")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_text("Ce code n'est pas le bon").first).to_be_visible()
    page.get_by_label("Code reçu par e-mail").fill(code)
    shot(page, "merge-prove")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", name="Réunir les deux comptes")).to_be_visible()
    axe(page)
    fits(page)
    shot(page, "merge-confirm")
    page.get_by_role("button", name="Réunir les deux comptes").click()
    expect(page.get_by_text("Les deux comptes n'en font plus qu'un")).to_be_visible()
    axe(page)
    shot(page, "merge-done")
    expect(page.get_by_text("Membre du Pôle")).to_be_visible()
    page.goto(reverse("account_email"))
    expect(page.get_by_text("ana@perso.exemple.test").first).to_be_visible()
    axe(page)
    fits(page)
    shot(page, "merge-addresses")
    assert User.objects.get(merged_into=kept).erased_at is not None
