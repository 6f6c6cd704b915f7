"""In a real browser: someone finds on a phone what fits and is free, an actor offers a kit with its photo, its document and its copies;
every page clean and within the screen."""

import io
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from maillage.catalogue.models import Resource
from tests.factories.catalogue import PDF, make_catalogue_world, make_resource

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db):
    cache.clear()
    world = make_catalogue_world("localhost")
    world.kit = make_resource(world.helene, world.lender, "Malle à eau", copies=2, surface=30)
    make_resource(world.helene, world.lender, "Exposition géante", kind="exposition", copies=1, surface=200)
    make_resource(world.helene, world.lender, "Malle sans exemplaire", surface=20)
    return world


def test_someone_finds_what_fits_and_is_free_on_a_phone(phone, sign_in, world, axe, fits, shot):
    today = timezone.localdate()
    monday = today + timedelta(days=35 - today.weekday())
    sign_in(phone, world.nadia.user)
    phone.goto(reverse("catalogue:resource_list"))
    axe(phone)
    fits(phone)
    phone.get_by_role("link", name=re.compile("40 m²")).click()
    expect(phone.get_by_role("heading", name="2 ressources")).to_be_visible()
    phone.get_by_role("button", name=re.compile("^Filtrer")).click()
    phone.get_by_text("Libre à ces dates").first.click()
    phone.get_by_label("Du", exact=True).fill(monday.isoformat())
    phone.get_by_label("Au", exact=True).fill((monday + timedelta(days=1)).isoformat())
    phone.get_by_role("button", name=re.compile("^Voir la réponse")).click()
    expect(phone.get_by_role("heading", name="1 ressource", exact=True)).to_be_visible()
    phone.get_by_role("link", name="Malle à eau").click()

    expect(phone.get_by_role("heading", name="Quand elle est libre")).to_be_visible()
    axe(phone)
    fits(phone)
    shot(phone, "catalogue-sheet-phone")
    phone.get_by_role("link", name=re.compile("Demander")).first.click()
    expect(phone).to_have_url(re.compile(re.escape(reverse("loans:loan_request", args=[world.kit.slug]))))


def test_an_actor_offers_a_kit_and_the_team_reads_it(page, sign_in, world, axe, fits, shot):
    held = io.BytesIO()
    Image.new("RGB", (400, 300), "teal").save(held, "JPEG")
    sign_in(page, world.igor.user)
    page.goto(reverse("catalogue:resource_propose"))
    axe(page)
    fits(page)
    page.get_by_label(re.compile("^Nature")).select_option("malle")
    page.get_by_label(re.compile("^Titre")).fill("La boîte à vents")
    page.get_by_label(re.compile("^En une phrase")).fill("Fabriquer le vent, le mesurer.")
    page.get_by_role("button", name=re.compile("brouillon")).click()
    expect(page.get_by_role("heading", name="La boîte à vents", level=1)).to_be_visible()
    made = Resource.objects.get(title="La boîte à vents")
    for step in ("essentiel", "public", "besoins", "conditions"):
        page.goto(reverse("catalogue:resource_edit_step", args=[made.pk, step]))
        axe(page)
        fits(page)
    page.goto(reverse("catalogue:resource_photos", args=[made.pk]))
    page.get_by_label(re.compile("^Photo")).set_input_files(
        {"name": "vent.jpg", "mimeType": "image/jpeg", "buffer": held.getvalue()}
    )
    page.get_by_label("L'image est décorative").check()
    page.get_by_label(re.compile("^Crédit")).fill("Igor Ferreira")
    page.get_by_label(re.compile("^Droits")).select_option("cc-by")
    page.get_by_role("button", name=re.compile("^Ajouter")).click()
    expect(page.locator("#messages")).to_contain_text("La photo est ajoutée.")
    axe(page)
    fits(page)
    page.goto(reverse("catalogue:resource_files", args=[made.pk]))
    page.get_by_label(re.compile("^Fichier")).set_input_files(
        {"name": "notice.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.get_by_label(re.compile("^Nom du document")).fill("Notice")
    page.get_by_role("button", name="Déposer", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("Le document est déposé.")
    axe(page)
    fits(page)
    page.get_by_role("link", name="Notice", exact=True).click()
    axe(page)
    fits(page)
    page.get_by_role("link", name=re.compile("^Retirer la version")).click()
    axe(page)
    fits(page)
    page.goto(reverse("catalogue:resource_stock", args=[made.pk]))
    page.get_by_label(re.compile("^Combien")).fill("3")
    page.get_by_label(re.compile("^Étiquette")).fill("Boîte")
    page.get_by_role("button", name=re.compile("^Ajouter")).first.click()
    expect(page.get_by_role("link", name=re.compile("Boîte 3"))).to_be_visible()
    axe(page)
    fits(page)
    shot(page, "catalogue-stock")
    page.goto(made.get_absolute_url())
    expect(page.get_by_text(re.compile("3 exemplaires en tout"))).to_be_visible()
    axe(page)
    fits(page)
    page.goto(reverse("catalogue:resource_edit", args=[made.pk]))
    page.get_by_label(re.compile("^Licence")).select_option("cc-by")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.get_by_role("button", name="Proposer à l’équipe").click()

    expect(page.locator("#messages")).to_contain_text(re.compile("C.est envoyé"))
    axe(page)
    fits(page)
    made.refresh_from_db()
    assert (made.state, made.copies.count(), made.files.count(), made.photos.count()) == ("proposed", 3, 1, 1)
