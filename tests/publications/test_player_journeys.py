"""A video of another site in a real browser: nothing of it is asked before the reader does."""

from typing import Any

import pytest
from playwright.sync_api import expect

from maillage.core.viewer import RoleKind
from tests.factories.directory import make_network
from tests.factories.publications import make_person, make_publication

SITE = "https://www.youtube-nocookie.com/"


@pytest.fixture
def article(transactional_db: None) -> Any:
    by = make_person(make_network(host="localhost"), "Camille Rey", RoleKind.ANIMATOR)
    medium = {
        "kind": "video",
        "url": "https://youtu.be/0fKBhvDjuy0",
        "title": "Puissances de dix",
        "caption": "Neuf minutes.",
    }
    sound = {"kind": "audio", "url": "https://soundcloud.com/radio-lot/la-nuit", "title": "La nuit", "caption": ""}
    return make_publication(
        by, "Du plus petit au plus grand", body="<p>Avant.</p><p>[média 1]</p>", media=[medium, sound]
    )


def answering(page: Any) -> list[str]:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.route(
        f"{SITE}**", lambda route: route.fulfill(body="<title>Film</title><p>Film</p>", content_type="text/html")
    )
    return asked


@pytest.mark.parametrize("width", [390, 1280])
def test_the_player_comes_when_it_is_asked_for_by_keyboard_and_takes_the_focus(
    browse: Any, live_server: Any, article: Any, axe: Any, fits: Any, shot: Any, tab_to: Any, width: int
) -> None:
    page = browse(width=width, answered=SITE)
    asked = answering(page)
    page.goto(live_server.url + article.get_absolute_url(), wait_until="networkidle")
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []
    axe(page)
    fits(page)
    shot(page, "article-lecteur")
    tab_to(page, page.get_by_role("button", name="Lire ici Puissances de dix"))
    page.keyboard.press("Enter")
    frame = page.locator("iframe")
    expect(frame).to_be_focused()
    expect(frame).to_have_attribute("title", "Puissances de dix, chez YouTube")
    expect(frame).to_have_attribute("referrerpolicy", "strict-origin")
    expect(frame.content_frame.get_by_text("Film")).to_be_visible()
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == [f"{SITE}embed/0fKBhvDjuy0"]
    expect(page.get_by_role("button", name="Lire ici")).to_have_count(1)  # The sound was not asked for.
    fits(page)
    page.reload()
    expect(page.locator("iframe")).to_have_count(0)


def test_without_scripts_the_link_is_all_there_is(browse: Any, live_server: Any, article: Any) -> None:
    page = browse(javascript=False)
    page.goto(live_server.url + article.get_absolute_url())
    expect(page.get_by_role("link", name="Ouvrir chez YouTube")).to_have_attribute(
        "href", "https://youtu.be/0fKBhvDjuy0"
    )
    expect(page.get_by_role("button", name="Lire ici")).to_have_count(0)
