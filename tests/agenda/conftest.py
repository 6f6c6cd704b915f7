from types import SimpleNamespace

import pytest

from tests.factories.events import make_event_world


@pytest.fixture
def event_world(db: None) -> SimpleNamespace:
    return make_event_world()
