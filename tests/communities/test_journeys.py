"""Following and joining in a real browser: by keyboard on a phone, without scripts at 320 px, clean to axe in both themes."""

from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from maillage.communities import actions
from maillage.core.viewer import RoleKind
from tests.factories.agenda import make_event
from tests.factories.communities import CHARTER, join, make_community
from tests.factories.directory import make_commune, make_network, make_term
from tests.factories.publications import make_person, make_publication


@pytest.fixture
def world(transactional_db: None) -> Any:
    network = make_network(host="localhost")
    nadia, omar = make_person(network, "Nadia Ferrand"), make_person(network, "Omar Saidi")
    team = make_person(network, "Camille Rey", RoleKind.ANIMATOR)
    sky, cahors = make_term("theme", "ciel", label="Ciel", hue=3), make_commune("46042", "Cahors")
    text = make_publication(nadia, "La nuit des étoiles", terms=[sky.pk], places=[cahors.pk])
    community = make_community(
        network, "Ciel nocturne", animators=[nadia.user], charter=CHARTER, themes=[sky], departments=[cahors.department]
    )
    actions.place(by=nadia, community=community, publication=text, words="Pour commencer.")
    actions.place(by=nadia, community=community, event=make_event(network, "Veillée", commune=cahors))
    return SimpleNamespace(network=network, nadia=nadia, omar=omar, team=team, text=text, community=community)


def test_on_a_phone_by_keyboard_a_theme_is_followed_then_a_community_joined_with_its_charter_and_left(
    phone: Page, live_server: Any, world: Any, sign_in: Any, tab_to: Any, axe: Any, fits: Any
) -> None:
    sign_in(phone, world.omar.user)
    phone.goto(live_server.url + world.text.get_absolute_url())
    tab_to(phone, phone.get_by_role("button", name="Suivre Ciel", exact=True))
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("Vous suivez « Ciel »")).to_be_visible()
    expect(phone.get_by_role("button", name="Ne plus suivre Ciel")).to_be_visible()
    axe(phone)
    fits(phone)
    tab_to(phone, phone.get_by_role("link", name="Mon réseau").first)
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", level=1, name="Mon réseau")).to_be_visible()
    expect(phone.get_by_text("parce que vous suivez Ciel")).to_be_visible()
    axe(phone)
    fits(phone)
    phone.goto(live_server.url + world.community.get_absolute_url())
    tab_to(phone, phone.get_by_role("link", name="Rejoindre"))
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("on cite ses sources")).to_be_visible()
    axe(phone)
    tab_to(phone, phone.get_by_role("button", name="Rejoindre"))
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("link", name="J'ai lu la charte").first).to_be_visible()
    tab_to(phone, phone.get_by_role("checkbox", name="J'ai lu la charte"))
    phone.keyboard.press("Space")
    tab_to(phone, phone.get_by_role("button", name="Rejoindre"))
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("Bienvenue")).to_be_visible()
    axe(phone)
    fits(phone)
    tab_to(phone, phone.get_by_role("link", name="Quitter la communauté"))
    phone.keyboard.press("Enter")
    tab_to(phone, phone.get_by_role("button", name="Quitter"))
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("Vous ne faites plus partie")).to_be_visible()
    expect(phone.get_by_role("link", name="Rejoindre")).to_be_visible()


def test_pages_are_clean_and_fit_on_a_desk_and_on_a_phone(
    browse: Any, live_server: Any, world: Any, sign_in: Any, axe: Any, fits: Any, shot: Any
) -> None:
    join(world.community, world.omar)
    asked = make_community(world.network, "Demandes", access="request", animators=[world.nadia.user])
    actions.join_community(by=world.team, community=asked, words="Bonjour à toutes et à tous.")
    actions.invite(by=world.nadia, community=asked, email="invite@exemple.test")
    home = world.community.get_absolute_url()
    pages = {
        None: ["/communautes/", "/communautes/?q=zzz", home, f"{home}charte/"],
        world.nadia: [
            f"{asked.get_absolute_url()}membres/",
            f"{home}modifier/",
            f"{home}membres/inviter/",
            f"{home}quitter/",
        ],
        world.omar: [
            f"{home}contenus/placer/",
            "/mon-reseau/a-venir/",
            "/mon-reseau/suivis/",
            "/mon-reseau/communautes/",
        ],
        world.team: ["/travail/communautes/", "/travail/communautes/nouvelle/", "/mon-reseau/"],
    }
    for width in (1280, 390):
        for reader, paths in pages.items():
            page = browse(width=width)
            if reader is not None:
                sign_in(page, reader.user)
            for path in paths:
                page.goto(live_server.url + path)
                expect(page.get_by_role("heading", level=1)).to_be_visible()
                if width == 1280:
                    axe(page)
                fits(page)


def test_without_scripts_at_320_px_one_follows_asks_and_is_answered(
    browse: Any, live_server: Any, world: Any, sign_in: Any, fits: Any
) -> None:
    asked = make_community(world.network, "Demandes", access="request", animators=[world.nadia.user], charter=CHARTER)
    page = browse(width=320, javascript=False)
    sign_in(page, world.omar.user)
    page.goto(live_server.url + asked.get_absolute_url())
    page.get_by_role("button", name="Suivre", exact=True).click()
    expect(page.get_by_role("button", name="Suivie : ne plus suivre")).to_be_visible()
    page.get_by_role("link", name="Demander à entrer").click()
    fits(page)
    page.get_by_label("Un mot pour vous présenter").fill("J'ai un télescope.")
    page.get_by_role("checkbox", name="J'ai lu la charte").check()
    page.get_by_role("button", name="Envoyer ma demande").click()
    expect(page.get_by_text("Votre demande attend sa réponse.")).to_be_visible()
    fits(page)
    other = browse(width=320, javascript=False)
    sign_in(other, world.nadia.user)
    other.goto(f"{live_server.url}{asked.get_absolute_url()}membres/")
    fits(other)
    other.get_by_text("Refuser").first.click()
    other.get_by_label("Pourquoi").fill("C'est complet.")
    other.get_by_role("button", name="Refuser Omar Saidi").click()
    expect(other.get_by_text("la personne reçoit vos raisons")).to_be_visible()
