"""In a real browser: on a phone, find an official and log a meeting with a promise; at a desk, a letter up to its document."""

import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from maillage.core.viewer import RoleKind
from maillage.outreach.models import Contact, Letter, Promise
from tests.factories.accounts import make_person
from tests.factories.directory import make_actor, make_commune, make_network
from tests.factories.outreach import make_official

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def network():
    network = make_network(host="localhost")
    make_actor(network, "Astroclub", commune=make_commune())
    make_official(network, "Alibert", civility="mme", phone="04 67 00 00 00")
    make_official(network, "Bonnafé", territory=make_commune("34301", "Sète"))
    return network


@pytest.fixture
def team(network):
    return make_person(network, RoleKind.ANIMATOR, email="a@exemple.test", name="Camille Rey")


def test_on_a_phone_a_meeting_is_logged_with_what_was_promised(phone, sign_in, team, axe, fits, shot):
    sign_in(phone, team)
    phone.goto("/travail/elus/")
    axe(phone)
    fits(phone)
    shot(phone, "officials")
    phone.get_by_label("Nom ou lieu").fill("montpellier")
    phone.get_by_role("main").get_by_role("button", name="Chercher").click()
    expect(phone.get_by_role("link", name="Claude Bonnafé")).to_have_count(0)
    phone.get_by_role("button", name="Filtrer").click()
    phone.get_by_label("Jamais rencontré").check()
    axe(phone)
    phone.locator("#filtres").get_by_role("button", name="Filtrer").click()
    expect(phone).to_have_url(re.compile("q=montpellier.*jamais=1"))
    phone.get_by_role("link", name="Claude Alibert").click()
    expect(phone.get_by_role("heading", name="Claude Alibert")).to_be_visible()
    axe(phone)
    fits(phone)
    phone.get_by_role("link", name="Noter une rencontre").click()
    expect(phone.get_by_role("combobox", name="Avec un élu ou une élue")).to_have_value("Claude Alibert (Montpellier)")
    phone.get_by_label("À propos de").fill("La salle des fêtes")
    phone.get_by_text("Ce qui est promis", exact=True).first.click()
    phone.get_by_label("Ce qui est promis").fill("Prêter la salle")
    phone.evaluate("() => window.scrollTo(0, 0)")  # Under the bar that stays, a target is measured by what shows of it.
    axe(phone)
    fits(phone)
    phone.get_by_role("button", name="Enregistrer").click()
    expect(phone.get_by_text("Le contact est noté.")).to_be_visible()
    expect(phone.get_by_text("Prêter la salle")).to_be_visible()
    axe(phone)
    fits(phone)
    phone.get_by_role("link", name="Claude Alibert").click()
    phone.get_by_role("button", name="Tenue : Prêter la salle", exact=True).click()
    expect(phone.get_by_text("tenue le")).to_be_visible()
    fits(phone)
    shot(phone, "official")
    assert Promise.objects.get().state == "kept"
    assert Contact.objects.get().channel == "meeting"


def test_at_a_desk_a_letter_goes_from_the_list_to_the_printer(page, sign_in, team, axe, fits, shot):
    sign_in(page, team)
    page.goto("/travail/elus/?fonction=maire")
    axe(page)
    fits(page)
    shot(page, "officials")
    page.get_by_role("link", name="Écrire à cette liste").click()
    expect(page.get_by_role("heading", name="Écrire une lettre")).to_be_visible()
    axe(page)
    fits(page)
    page.get_by_label("Objet").fill("Se rencontrer à {territoire}")
    page.get_by_label("Claude Bonnafé (Sète)").uncheck()
    page.get_by_role("button", name="Préparer la lettre").click()
    expect(page.get_by_text("La lettre est prête")).to_be_visible()
    expect(page.get_by_text("Madame Alibert,")).to_be_visible()
    axe(page)
    fits(page)
    shot(page, "letter")
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger 1 lettre (PDF)").click()
    (sheet,) = PdfReader(io.BytesIO(Path(download.value.path()).read_bytes())).pages
    assert "Se rencontrer à Montpellier" in " ".join(sheet.extract_text().split())
    page.get_by_role("link", name="Noter 1 lettre comme postée").click()
    expect(page.get_by_role("heading", name="Noter cette lettre comme postée")).to_be_visible()
    axe(page)
    fits(page)
    shot(page, "letter-posted")
    page.get_by_role("button", name="Noter 1 lettre comme postée").click()
    expect(page.get_by_text("1 lettre est notée postée.")).to_be_visible()
    assert Letter.objects.get().recipients.get().posted_at
    page.get_by_role("button", name="Annuler : 1 lettre notée postée").click()
    expect(page.get_by_text("1 lettre n'est plus notée postée.")).to_be_visible()
    assert Letter.objects.get().recipients.get().posted_at is None


def test_a_field_proposes_officials_as_one_types(page, sign_in, team):
    sign_in(page, team)
    page.goto("/travail/contacts/nouveau/")
    box = page.get_by_role("combobox", name="Avec un élu ou une élue")
    box.press_sequentially("bonn", delay=20)
    page.get_by_role("option", name="Claude Bonnafé (Sète)").click()
    expect(box).to_have_value("Claude Bonnafé (Sète)")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Le contact est noté.")).to_be_visible()
    assert str(Contact.objects.get().officials.get()) == "Claude Bonnafé"
