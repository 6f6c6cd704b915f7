"""Taking the agenda away, in a real browser."""

from typing import Any

import icalendar
import pytest
from playwright.sync_api import Page, expect

from tests.factories.agenda import make_event
from tests.factories.directory import make_network, make_term


@pytest.fixture
def network(transactional_db: None) -> Any:
    network = make_network(host="localhost")
    make_event(network, "Fabriquer une comète", terms=[make_term("action_kind", "atelier", label="Atelier", hue=3)])
    make_event(network, "Conférence du soir", status="full")
    return network


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", ["/agenda/integrer/?action=atelier", "/agenda/widget/"])
def test_what_is_put_in_other_sites_is_clean_and_fits(
    browse: Any, live_server: Any, network: Any, axe: Any, fits: Any, path: str, width: int
) -> None:
    page = browse(width=width)
    page.goto(f"{live_server.url}{path}")
    fits(page)
    axe(page)


def test_from_the_agenda_to_a_calendar_in_two_acts(page: Page, live_server: Any, network: Any) -> None:
    page.goto(f"{live_server.url}/agenda/?action=atelier")
    page.get_by_role("link", name="Suivre dans votre calendrier").click()
    address = page.get_by_label("L'adresse à donner à votre calendrier").input_value()
    body = page.request.get(f"{live_server.url}/{address.split('/', 3)[3]}").body()
    titles = [str(event["SUMMARY"]) for event in icalendar.Calendar.from_ical(body).walk("VEVENT")]
    assert titles == ["Fabriquer une comète"]
    expect(page.get_by_role("link", name="Ouvrir dans mon calendrier")).to_have_attribute(
        "href", address.replace("http:", "webcal:")
    )
