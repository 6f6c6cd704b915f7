"""What every test obeys: no network beyond this machine, a GET writes nothing, undefined template variables fail.

Fixtures that open a browser or read the shared data are in `tests/support/`. Query counts: `same_queries`.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

# A busy machine is slow without being wrong: speeds are measured by benchmarks, not by property tests.
hypothesis_settings.register_profile("maillage", deadline=None)
hypothesis_settings.load_profile("maillage")
pytest_plugins = [
    "tests.support.shared",
    "tests.support.guards",
    "tests.support.smtp",
    "tests.support.browser",
    "tests.support.sharing",
    "tests.support.tables",
]
# Playwright's synchronous interface runs an event loop in the test's thread; Django's guard takes it for async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(autouse=True)
def _no_quiet_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages leave whatever the hour at which the suite runs; a test of quiet hours sets its own."""
    from maillage.networks.registry import SETTINGS

    for name in ("quiet_from", "quiet_until"):
        monkeypatch.setitem(SETTINGS, name, replace(SETTINGS[name], default=0))


@pytest.fixture
def network(db: None) -> Any:
    """The network that the test client's pages are of; a test that needs another makes its own."""
    from tests.factories.directory import make_network

    return make_network(host="testserver")


@pytest.fixture
def admin(network: Any) -> Any:
    """The user who administers it."""
    from tests.factories.accounts import make_admin

    return make_admin(network, email="admin@exemple.test", name="Ada Ministre")


@pytest.fixture
def animator(client: Any, network: Any) -> Any:
    """The viewer of someone who runs it, and who signed in with `client`."""
    from maillage.core.viewer import RoleKind
    from tests.factories.accounts import make_person, viewer

    user = make_person(network, RoleKind.ANIMATOR, email="a@exemple.test", name="Camille Rey")
    client.force_login(user)
    return viewer(user, network)


@pytest.fixture
def count_queries(db: None) -> Callable[..., int]:
    """`count_queries(lambda: client.get(url))`: how many queries the call makes."""
    from django.core.cache import caches
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(call: Callable[[], Any], *, kept_pages: bool = False) -> int:
        if not kept_pages:  # What is counted is the making of a page, not its keeping.
            caches["pages"].clear()
        with CaptureQueriesContext(connection) as captured:
            call()
        return len(captured)

    return count


@pytest.fixture
def same_queries(count_queries: Callable[..., int]) -> Callable[..., int]:
    """Check that a page costs the same number of queries with one and with three items, and return that number.

    `same_queries(page=lambda: client.get(url), add=lambda: ActorFactory(network=network))`; `add` makes one item. The
    page is fetched once before counting, so that caches of content types and settings do not count.
    """

    def check(*, page: Callable[[], Any], add: Callable[[], Any]) -> int:
        add()
        page()
        with_one = count_queries(page)
        add()
        add()
        with_three = count_queries(page)
        assert with_three == with_one, f"{with_one} queries with one item, {with_three} with three"
        return with_one

    return check


@pytest.fixture(autouse=True)
def _empty_caches() -> Iterator[None]:
    """Caches outlive transactions: each test starts without."""
    from django.core.cache import caches

    yield
    for cache in caches.all():
        if "locmem" in type(cache).__module__:
            cache.clear()
