"""The agenda in a real browser: a citizen's weekend on a phone, the month and the page of an event read by axe and by keyboard."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from maillage.agenda.actions import tell_status
from maillage.agenda.queries.calendar import Schedule, Slot
from maillage.core.viewer import Viewer
from tests.factories.agenda import make_event, slot, weekly
from tests.factories.directory import make_actor, make_commune, make_network, make_term


def sunday_evening() -> Slot:
    """Always in what is left of a weekend: it ends with it."""
    today = timezone.localdate()
    sunday = today + timedelta(days=6 - today.weekday())
    return Slot(datetime.combine(sunday, time(9)), datetime.combine(sunday, time(23, 59)))


@pytest.fixture
def network(transactional_db: None) -> Any:
    network = make_network(host="localhost")
    children = make_term("audience", "enfants", label="Enfants de 6 à 10 ans", age_min=6, age_max=10)
    workshop = make_term("action_kind", "atelier", label="Atelier", hue=3)
    cahors = make_commune("46042", "Cahors", (44.447, 1.44))
    library = make_actor(network, "Médiathèque du Grand Cahors", commune=cahors)
    make_event(
        network,
        "Fabriquer une comète",
        venue=library,
        organisers=[library],
        terms=[children, workshop],
        price="free",
        place_access=["mi"],
        summary="De la neige, du sable, un peu de patience.",
        description="<p>On mélange, on observe.</p>",
        bookings=[{"for": "public", "by": "phone", "value": "05 36 49 00 00"}],
        schedule=Schedule((sunday_evening(), slot(9)), (weekly(),)),
    )
    make_event(network, "Conférence du soir", commune=cahors, schedule=Schedule((sunday_evening(),)))
    make_event(network, "Atelier à Montpellier", terms=[children], schedule=Schedule((sunday_evening(),)))
    return network


def test_this_weekend_near_cahors_with_children_takes_two_acts_on_a_phone(
    phone: Page, live_server: Any, network: Any, fits: Any
) -> None:
    phone.goto(f"{live_server.url}/")
    phone.get_by_role("link", name="Ce week-end avec des enfants").tap()
    place = phone.get_by_role("combobox", name="Près de")
    place.fill("Cahors")
    place.press("Enter")
    expect(phone.get_by_role("heading", name="1 événement", exact=True)).to_be_visible()
    expect(phone.get_by_role("link", name="Fabriquer une comète")).to_be_visible()
    fits(phone)
    phone.get_by_role("link", name="Fabriquer une comète").tap()
    expect(phone.get_by_role("heading", level=1, name="Fabriquer une comète")).to_be_visible()
    expect(phone.locator(".event__when")).to_be_in_viewport(ratio=1)
    fits(phone)


def test_the_agenda_is_read_by_axe_as_a_list_a_month_and_a_map(
    page: Page, live_server: Any, network: Any, axe: Any, fits: Any, shot: Any
) -> None:
    for query, name in (
        ("", "agenda-list"),
        ("?vue=mois", "agenda-month"),
        ("?vue=carte", "agenda-map"),
        ("?q=zzzzzz", "agenda-empty"),
    ):
        page.goto(f"{live_server.url}/agenda/{query}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        axe(page)
        fits(page)
        shot(page, name)


def test_the_month_is_walked_by_keyboard_and_a_day_leads_to_its_list(
    page: Page, live_server: Any, network: Any
) -> None:
    page.goto(f"{live_server.url}/agenda/?vue=mois")
    following = page.get_by_role("link", name="Mois suivant")
    following.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**mois=*")
    expect(page.get_by_role("table")).to_be_visible()
    day = page.locator(".month__number a").first
    day.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**du=*")
    expect(page.get_by_role("list", name="Filtres appliqués")).to_be_visible()


def test_filters_are_used_without_scripts(browse: Any, live_server: Any, network: Any) -> None:
    page = browse(javascript=False)
    page.goto(f"{live_server.url}/agenda/")
    page.get_by_label("Quand").select_option("week-end")
    page.get_by_label("Avec des enfants").check()
    page.get_by_label("Près de").fill("Cahors")
    page.get_by_role("button", name="Chercher", exact=True).click()
    expect(page.get_by_role("heading", name="1 événement", exact=True)).to_be_visible()
    expect(page).to_have_url(f"{live_server.url}/agenda/?quand=week-end&enfants=oui&pres=46042")


def test_the_page_of_an_event_says_first_that_it_is_cancelled(
    page: Page, live_server: Any, network: Any, axe: Any, shot: Any
) -> None:
    event = network.events.get(title="Fabriquer une comète")
    page.goto(live_server.url + event.get_absolute_url())
    axe(page)
    shot(page, "event")
    tell_status(
        by=Viewer.as_system(network, "tests"), event=event, status="cancelled", note="L'animatrice est souffrante."
    )
    page.goto(live_server.url + event.get_absolute_url())
    expect(page.get_by_role("heading", name="Cet événement est annulé.")).to_be_visible()
    axe(page)
