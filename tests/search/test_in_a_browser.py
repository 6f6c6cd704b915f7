"""The page of results in a real browser: accessible, on a phone, by keyboard, without JavaScript."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from maillage.networks.models import Network
from maillage.search import actions
from maillage.search.registry import SearchDocument, sources
from tests.factories.directory import make_commune, make_network, make_term

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def results():
    """The address of a page of results with every facet."""
    network = make_network(host="localhost")
    themes = [make_term("theme", slug) for slug in ("astronomie", "eau")]
    places = [make_commune("34172", "Montpellier"), make_commune("30189", "Nîmes", (43.83, 4.36))]
    actions.index(
        SearchDocument(
            "event" if number % 2 else "actor", number, network.pk, f"Club de sciences {number}", "/",
            subtitle=places[number % 2].name, excerpt="Des ateliers pour tous.", themes=(themes[number % 3 % 2].pk,),
            places=(places[number % 2].department.code,), on=timezone.localdate() if number % 2 else None,
        )
        for number in range(25)
    )  # fmt: skip
    return "/recherche/?q=sciences"


def test_the_page_of_results_is_accessible_and_fits_a_phone(results, page, phone, axe, fits):
    page.goto(f"{results}&departement=34&theme=eau")
    axe(page)
    phone.goto(f"{results}&departement=34&theme=eau")
    fits(phone)
    axe(phone)
    expect(phone.locator("#facettes")).to_be_hidden()
    phone.get_by_role("button", name="Filtrer (2)").click()
    expect(phone.locator("#facettes")).to_be_visible()
    fits(phone)
    axe(phone)


def test_all_the_kinds_there_are_fit_a_phone(results, phone, axe, fits):
    network = Network.objects.get()
    actions.index(SearchDocument(source.kind, 900, network.pk, "Sciences", "/") for source in sources())
    phone.goto(results)
    expect(phone.get_by_label("Nature des résultats").get_by_role("link")).to_have_count(1 + len(sources()))
    fits(phone)
    axe(phone)


def test_results_are_narrowed_by_the_keyboard(results, page, tab_to):
    page.goto(results)
    tab_to(page, page.get_by_role("checkbox", name=re.compile("Département 30")))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Appliquer les filtres"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("departement=30"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("12 résultats")
    tab_to(page, page.get_by_role("link", name="Retirer le filtre : Département 30"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("25 résultats")


def test_results_are_narrowed_without_javascript(results, browse):
    page = browse(javascript=False)
    page.goto(results)
    page.get_by_role("checkbox", name=re.compile("Eau")).check()
    page.get_by_role("button", name="Appliquer les filtres").click()
    expect(page).to_have_url(re.compile("theme=eau"))
    expect(page.get_by_role("link", name="Retirer le filtre : Eau")).to_be_visible()
