from types import SimpleNamespace

import pytest

from tests.factories.imports import make_world


@pytest.fixture
def world(db: None) -> SimpleNamespace:
    return make_world()
