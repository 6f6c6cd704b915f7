"""The team's week in a browser: a contact noted in a few seconds, on a phone and with the keyboard alone."""

import time

import pytest
from playwright.sync_api import expect

from maillage.outreach.models import Contact
from tests.factories.accounts import make_person
from tests.factories.directory import make_actor, make_commune

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KEY = 60  # Milliseconds between two letters: a quick hand.


def test_a_contact_is_noted_within_fifteen_seconds_from_any_page(page, network, sign_in, axe, fits, shot):
    user = make_person(network, "animator", name="Camille Rey")
    make_actor(network, "Astroclub des Causses", commune=make_commune())
    sign_in(page, user)
    page.goto("/acteurs/")
    began = time.monotonic()
    page.get_by_role("link", name="Noter un contact").click()
    page.get_by_role("combobox", name="Avec quel acteur").press_sequentially("astro", delay=KEY)
    page.get_by_role("option", name="Astroclub des Causses").click()
    page.get_by_label("rendez-vous").check()
    page.get_by_label("À propos de").press_sequentially("Soirée d'observation en mars", delay=KEY)
    page.get_by_label("Suite à donner").press_sequentially("Envoyer le guide", delay=KEY)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Le contact est noté.")).to_be_visible()
    assert time.monotonic() - began < 15
    contact = Contact.objects.get()
    assert (contact.channel, contact.next_for, contact.author) == ("meeting", user, user)
    axe(page)
    page.get_by_role("link", name="Ma semaine").click()
    expect(page.get_by_role("heading", name="Sans date")).to_be_visible()
    axe(page)
    fits(page)
    shot(page, "outreach-week")
    page.get_by_role("link", name="Envoyer le guide").click()
    page.get_by_role("button", name="C’est fait").click()
    expect(page.get_by_text("La suite est donnée.")).to_be_visible()


def test_a_contact_is_noted_on_a_phone_without_script_from_the_sheet(browse, network, sign_in, axe, fits, shot):
    user = make_person(network, "animator")
    actor = make_actor(network, "Astroclub des Causses")
    plain = browse(width=390, height=844, javascript=False)
    sign_in(plain, user)
    plain.goto(f"/travail/acteurs/{actor.pk}/")
    plain.get_by_role("main").get_by_role("link", name="Noter un contact").click()
    expect(plain.get_by_label("Avec quel acteur", exact=False)).to_have_value("Astroclub des Causses")
    fits(plain)
    plain.get_by_label("À propos de").fill("Rappel")
    plain.get_by_role("button", name="Enregistrer").click()
    expect(plain.get_by_text("Le contact est noté.")).to_be_visible()
    phone = browse(width=390, height=844)
    sign_in(phone, user)
    for path in (
        "/travail/contacts/",
        "/travail/contacts/nouveau/",
        f"/travail/acteurs/{actor.pk}/relation/",
        "/travail/silencieux/",
        "/travail/semaine/?equipe=1",
    ):
        phone.goto(path)
        fits(phone)
        axe(phone)


def test_a_contact_is_noted_and_corrected_with_the_keyboard_alone(page, network, sign_in, tab_to):
    user = make_person(network, "animator")
    make_actor(network, "Astroclub des Causses")
    sign_in(page, user)
    page.goto("/travail/contacts/nouveau/")
    tab_to(page, page.get_by_role("combobox", name="Avec quel acteur"))
    page.keyboard.type("astro")
    expect(page.get_by_role("option", name="Astroclub des Causses")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("Suite à donner"))
    page.keyboard.type("Rappeler")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Le contact est noté.")).to_be_visible()
    tab_to(page, page.get_by_role("link", name="Corriger"))
    page.keyboard.press("Enter")
    expect(page.get_by_label("Suite à donner")).to_have_value("Rappeler")
