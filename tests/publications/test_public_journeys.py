"""Publications read in a real browser: found on a phone, by keyboard, without scripts, clean to axe in both themes."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from maillage.core.viewer import RoleKind
from maillage.publications import actions
from tests.factories.directory import make_commune, make_network, make_term
from tests.factories.publications import make_person, make_publication


@pytest.fixture
def network(transactional_db: None) -> Any:
    network = make_network(host="localhost")
    by = make_person(network, "Camille Rey", RoleKind.ANIMATOR)
    sky, bugs = make_term("theme", "ciel", label="Ciel", hue=3), make_term("theme", "insectes", label="Insectes", hue=5)
    cahors = make_commune("46042", "Cahors")
    first = make_publication(by, "La nuit des lucioles", terms=[bugs.pk], places=[cahors.pk])
    actions.feature_publication(by=by, publication=first, featured=True)
    make_publication(by, "Une vie d'astronome", kind="portrait", terms=[sky.pk])
    make_publication(by, "Ce que disent les étoiles", terms=[sky.pk])
    until = timezone.localdate() + timedelta(days=20)
    make_publication(by, "Médiatrice ou médiateur", kind="announcement", closes_on=until.isoformat())
    return network


def test_lists_and_what_is_framed_elsewhere_are_clean_and_fit(
    browse: Any, live_server: Any, network: Any, axe: Any, fits: Any, shot: Any
) -> None:
    for width, paths in (
        (1280, ["articles/", "articles/?q=zzzzzz", "articles/integrer/"]),
        (390, ["articles/", "annonces/", "annonces/widget/"]),
    ):
        page = browse(width=width)
        for path in paths:
            page.goto(f"{live_server.url}/{path}")
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            axe(page)
            fits(page)
            shot(page, f"publications-{path.split('?')[0].strip('/').replace('/', '-')}")


def test_a_portrait_is_found_on_a_phone_in_three_acts(phone: Page, live_server: Any, network: Any, fits: Any) -> None:
    phone.goto(f"{live_server.url}/articles/")
    phone.get_by_role("button", name="Filtrer").tap()
    phone.get_by_role("checkbox", name="Portrait").check()
    expect(phone.locator("#annonce")).to_have_text("1 article")
    phone.get_by_role("button", name="Voir la réponse").tap()
    expect(phone).to_have_url(f"{live_server.url}/articles/?nature=portrait")
    fits(phone)
    phone.get_by_role("link", name="Une vie d'astronome").tap()
    expect(phone.get_by_role("heading", level=1, name="Une vie d'astronome")).to_be_visible()
    phone.go_back()
    expect(phone.get_by_role("heading", name="1 article", exact=True)).to_be_visible()


def test_filters_are_set_and_taken_away_by_keyboard(page: Page, live_server: Any, network: Any) -> None:
    page.goto(f"{live_server.url}/articles/")
    page.get_by_label("Ciel").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("heading", name="2 articles", exact=True)).to_be_visible()
    expect(page.get_by_label("Ciel")).to_be_focused()
    chip = page.get_by_role("list", name="Filtres appliqués").get_by_role("link")
    chip.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="3 articles", exact=True)).to_be_focused()


def test_filters_are_used_without_scripts(browse: Any, live_server: Any, network: Any) -> None:
    page = browse(javascript=False)
    page.goto(f"{live_server.url}/articles/")
    page.get_by_label("Insectes").check()
    page.get_by_role("button", name="Chercher", exact=True).click()
    expect(page.get_by_role("heading", name="1 article", exact=True)).to_be_visible()
    expect(page).to_have_url(f"{live_server.url}/articles/?theme=insectes")
    page.get_by_role("link", name="Annonces").click()
    expect(page.get_by_role("link", name="Médiatrice ou médiateur")).to_be_visible()
