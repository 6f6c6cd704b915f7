from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from tests.factories.tours import make_tour_world


@pytest.fixture
def world(db: None) -> SimpleNamespace:
    return make_tour_world()


@pytest.fixture
def signed() -> Any:
    """`signed(viewer)`: a client of theirs."""

    def of(viewer: Any = None) -> Client:
        client = Client()
        if viewer is not None:
            client.force_login(viewer.user)
        return client

    return of
