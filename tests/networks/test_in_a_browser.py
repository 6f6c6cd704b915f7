"""Setting up a network in a real browser: a legal text written in the editor, or as HTML without scripts."""

import pytest
from playwright.sync_api import expect

from tests.factories.accounts import make_admin
from tests.factories.directory import make_network

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "/gestion/reseau/textes/notice/"


@pytest.fixture
def admin():
    return make_admin(make_network(host="localhost"))


def test_a_legal_text_is_written_in_the_accessible_editor(page, sign_in, admin, axe, fits):
    sign_in(page, admin)
    page.goto(ADDRESS)
    zone = page.get_by_role("textbox", name="Texte")
    expect(zone).to_be_visible()
    axe(page)
    fits(page)
    zone.press_sequentially("Éditeur : le réseau.")
    page.keyboard.press("Control+A")
    page.get_by_role("button", name="gras").press("Enter")
    spoken = page.locator(".prose-menubar").inner_text() + "".join(
        page.locator(".prose-menubar [title]").evaluate_all("all => all.map(one => one.title)")
    )
    assert "Heading" not in spoken
    assert "table" not in spoken.replace("tableau", "")
    page.get_by_role("button", name="Enregistrer").press("Enter")
    expect(page.get_by_text("Le texte est enregistré.")).to_be_visible()
    page.goto("/mentions-legales/")
    expect(page.locator("strong", has_text="Éditeur : le réseau.")).to_be_visible()


def test_without_scripts_a_legal_text_is_written_as_html(browse, sign_in, admin):
    page = browse(javascript=False)
    sign_in(page, admin)
    page.goto(ADDRESS)
    page.get_by_label("Texte").fill("<h2>Éditeur</h2><p>Le réseau.</p>")
    page.get_by_role("button", name="Enregistrer").click()
    page.goto("/mentions-legales/")
    expect(page.get_by_role("heading", name="Éditeur")).to_be_visible()
