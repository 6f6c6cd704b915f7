"""The portal and the gallery in a real browser: accessible, on a phone, by keyboard, without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from maillage.directory.actions.revising import propose_values
from maillage.directory.models import ActorMember
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import make_actor, make_commune, make_network, make_term

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ["/", "/le-reseau/", "/mentions-legales/", "/confidentialite/", "/accessibilite/", "/aide/", "/plan-du-site/"]


@pytest.fixture
def network():
    network = make_network(
        host="localhost", tagline="Les sciences près de chez vous", contact_email="bonjour@exemple.test"
    )
    family = make_term("family", "musee", label="Musée", hue=2, shape="square")
    for number, point in enumerate([(43.6, 3.87), (43.6, 1.44), (44.35, 2.57), (43.1, 0.72)]):
        commune = make_commune(f"3{number}001", f"Commune {number}", point)
        make_actor(network, f"Musée {number}", family=family, commune=commune, latitude=point[0], longitude=point[1])
    return network


@pytest.mark.parametrize("address", PAGES)
def test_each_page_is_accessible_and_fits_a_phone(network, phone, axe, fits, address):
    phone.goto(address)
    fits(phone)
    axe(phone)


@pytest.mark.parametrize("address", ["/style/", "/style/?densite=travail"])
def test_the_gallery_is_accessible_in_both_densities(network, page, phone, axe, fits, address):
    page.goto(address)
    axe(page)
    phone.goto(address)
    fits(phone)
    axe(phone)


def test_the_theme_is_chosen_without_reloading(network, page):
    page.goto("/aide/")
    page.locator("summary", has_text="Apparence").click()
    page.get_by_role("button", name="Sombre").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_theme_is_chosen_without_javascript(network, browse):
    page = browse(javascript=False)
    page.goto("/aide/")
    page.locator("summary", has_text="Apparence").click()
    page.get_by_role("button", name="Sombre").click()
    expect(page).to_have_url("/aide/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


@pytest.mark.parametrize("width", [320, 390])
def test_working_pages_fit_a_phone(network, browse, fits, width):
    phone = browse(width=width, height=844, has_touch=True, is_mobile=True)
    phone.goto("/style/?densite=travail")
    fits(phone)
    assert phone.locator(".work-bar").evaluate("bar => bar.scrollWidth <= bar.clientWidth")
    phone.get_by_role("button", name="Menu", exact=True).click()
    phone.locator("#menu").get_by_role("searchbox", name="Rechercher sur le site").fill("musée")
    phone.locator("#menu").get_by_role("button", name="Rechercher").click()
    expect(phone).to_have_url(re.compile("/recherche/"))


def test_whoever_skipped_to_the_content_finds_the_errors_and_the_choices_they_name(network, page, sign_in):
    make_actor(network, "Aéroclub")
    sign_in(page, make_person(network, "animator"))
    page.goto("/travail/contacts/nouveau/#contenu")
    page.get_by_label("À propos de").fill("La visite")
    page.get_by_role("radio", name="téléphone").evaluate("one => { one.form.noValidate = true; one.checked = false; }")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("#erreurs")).to_be_focused()
    page.locator("#erreurs").get_by_role("link", name="Comment").click()
    expect(page.get_by_role("radio", name="téléphone")).to_be_focused()


def test_a_refusal_that_comes_with_the_page_is_said(network, page, sign_in):
    editor, actor = make_person(network, "member"), make_actor(network, "Aéroclub")
    ActorMember.objects.create(actor=actor, user=editor, role="editor")
    revision = propose_values(by=viewer(editor, network), actor=actor, values={"acronym": "AC"})
    sign_in(page, make_person(network, "animator"))
    page.goto(f"/modifications/{revision.pk}/")
    page.get_by_role("checkbox").first.uncheck()
    page.get_by_role("button", name="Retenir les champs cochés").click()
    expect(page.locator("#annonce")).to_contain_text("Choisissez au moins un champ à retenir.")


def test_the_menu_of_a_phone_opens_and_closes_without_javascript(network, browse):
    page = browse(width=390, height=844, javascript=False, has_touch=True, is_mobile=True)
    page.goto("/aide/")
    menu = page.get_by_role("navigation", name="Menu principal")
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="Menu", exact=True).click()
    expect(menu).to_be_visible()
    page.get_by_role("button", name="Fermer le menu").click()
    expect(menu).to_be_hidden()


def test_the_first_key_leads_to_the_content_and_ctrl_k_to_the_search(network, page):
    page.goto("/aide/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#contenu")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#contenu")).to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.locator("#recherche-entete")).to_be_focused()


def test_escape_closes_a_menu_and_gives_the_focus_back(network, page):
    page.goto("/aide/")
    opener = page.locator("summary", has_text="Apparence")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sombre")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sombre")).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_home_page_is_light(network, page):
    sizes = {}
    page.on("requestfinished", lambda request: sizes.update({request.url: request.sizes()["responseBodySize"]}))
    page.goto("/", wait_until="networkidle")
    assert len(sizes) <= 30
    assert sum(size for url, size in sizes.items() if "/motif/" not in url) <= 250_000


@pytest.mark.parametrize("address", ["/mentions-legales/", "/confidentialite/", "/chiffres-cles/", "/acteurs/"])
def test_a_printed_page_keeps_what_is_read_and_drops_what_is_clicked(network, page, address):
    page.goto(address)
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".brand__name").first).to_be_visible()
    for clicked in page.locator("nav, .button, .footer, .header__tools, select, .drawer").all():
        expect(clicked).to_be_hidden()


def test_a_printed_figure_says_what_it_counts(network, page):
    page.goto("/chiffres-cles/")
    definition = page.locator(".figure .info__panel").first
    expect(definition).to_be_hidden()
    page.emulate_media(media="print")
    expect(definition).to_be_visible()
