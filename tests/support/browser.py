"""One real Chromium for the whole run. A test that asks for `page` or `browse` is marked `browser` by itself.

    def test_the_home_page_is_clean(page, live_server, axe, shot):
        page.goto(live_server.url + "/")
        axe(page)                    # zero violation in light and in dark
        shot(page, "home")           # var/screenshots/home-1280-light.png
        fits(page)                   # no sideways scroll

Every page fails its test at the end if the console showed an error, a script threw, or a request left for a third party.
Under the strict content policy, wait with locators and `expect`, never with `wait_for_function`.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, expect, sync_playwright

from tests.support.shared import ROOT

_NAMES = ["chromium", "chromium-browser", "google-chrome", "chrome"]
_AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
_FIXTURES = {"page", "phone", "browse", "browser"}
# A machine that stops for a while is slow without being wrong: what never comes fails all the same.
_PATIENCE = 60_000
expect.set_options(timeout=_PATIENCE)


def chromium() -> str | None:
    """The Chromium of this machine: MAILLAGE_CHROMIUM, else the first found on PATH."""
    return os.environ.get("MAILLAGE_CHROMIUM") or next((path for name in _NAMES if (path := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("aucun Chromium sur cette machine (apt-get install chromium, ou MAILLAGE_CHROMIUM)")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"]
        )
        yield launched
        launched.close()


class Watched:
    """What a page must not do, gathered while it is used."""

    def __init__(self, page: Page, *allowed: str) -> None:
        self.faults: list[str] = []
        self.allowed = (*allowed, "data:", "blob:", "about:")
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"script : {error}"))
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        # The status of the document itself is asserted by the test, not by the console; a test alone cuts the network.
        expected = ("the server responded with a status of 4", "net::ERR_INTERNET_DISCONNECTED")
        if message.type == "error" and not any(text in message.text for text in expected):
            self.faults.append(f"console : {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith(self.allowed):
            self.faults.append(f"tiers : {request.url}")


@pytest.fixture
def browse(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """`browse(width=390, dark=True, javascript=False)`: a new page of a fresh context, watched until the test ends.

    `answered`: a third party whose requests the test answers itself.
    """
    contexts: list[BrowserContext] = []
    watched: list[Watched] = []

    def open_page(
        *,
        width: int = 1280,
        height: int = 900,
        dark: bool = False,
        javascript: bool = True,
        answered: str = "",
        **extra: Any,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            locale="fr-FR",
            timezone_id="Europe/Paris",
            reduced_motion="reduce",
            base_url=live_server.url,
            **extra,
        )
        context.set_default_timeout(_PATIENCE)
        contexts.append(context)
        page = context.new_page()
        watched.append(Watched(page, live_server.url, *([answered] if answered else [])))
        return page

    yield open_page
    for context in contexts:
        context.close()
    faults = [fault for each in watched for fault in each.faults]
    assert faults == []


@pytest.fixture
def page(browse: Callable[..., Page]) -> Page:
    return browse()


@pytest.fixture
def phone(browse: Callable[..., Page]) -> Page:
    """A page of 390 px, with touch."""
    return browse(width=390, height=844, has_touch=True, is_mobile=True)


@pytest.fixture
def sign_in(live_server: Any, client: Any) -> Callable[[Page, Any], None]:
    """`sign_in(page, user)`: put the session of `user` in the browser, without going through the sign-in pages."""
    from django.conf import settings

    def do(page: Page, user: Any) -> None:
        client.force_login(user)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])

    return do


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """`axe(page)`: no violation of WCAG 2.2 A/AA nor of axe's good practices, in both themes."""
    source = _AXE.read_text()
    options = {
        "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        "resultTypes": ["violations"],
    }

    def check(page: Page) -> None:
        page.wait_for_load_state()
        page.evaluate(source)
        found = []
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            result = page.evaluate("options => axe.run(document, options)", options)
            found += [
                f"{scheme} · {violation['id']} · {violation['help']} · {node['html'][:200]}"
                for violation in result["violations"]
                for node in violation["nodes"]
            ]
        page.emulate_media(color_scheme="light")
        assert found == [], f"{page.url}\n" + "\n".join(found)

    return check


@pytest.fixture(scope="session")
def fits() -> Callable[[Page], None]:
    """`fits(page)`: the document is not wider than the window."""

    def check(page: Page) -> None:
        # A click returns as soon as the next page is announced: it may have no element yet.
        page.wait_for_load_state()
        width, window = page.evaluate("() => [document.documentElement.scrollWidth, window.innerWidth]")
        assert width <= window, f"{page.url} : {width} px de large dans une fenêtre de {window} px"

    return check


@pytest.fixture(scope="session")
def tab_to() -> Callable[[Page, Locator], None]:
    """`tab_to(page, wanted)`: press Tab until `wanted` has the focus, as someone without a mouse does."""

    def press(page: Page, wanted: Locator) -> None:
        for _press in range(150):
            page.keyboard.press("Tab")
            if wanted.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"{wanted} is never reached with Tab")

    return press


@pytest.fixture(scope="session")
def shot() -> Callable[..., Path]:
    """`shot(page, "home")`: a full-page picture in var/screenshots, light and dark, named with the width."""
    folder = Path(os.environ.get("MAILLAGE_SCREENSHOTS", ROOT / "var" / "screenshots"))

    def take(page: Page, name: str, *, full: bool = True, dark: bool = True) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        width = (page.viewport_size or {"width": 0})["width"]
        schemes = ["dark", "light"] if dark else ["light"]
        path = folder / name
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            path = folder / f"{name}-{width}-{scheme}.png"
            page.screenshot(path=path, full_page=full)
        return path

    return take
