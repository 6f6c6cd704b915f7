from types import SimpleNamespace

import pytest

from tests.factories.catalogue import make_catalogue_world


@pytest.fixture
def world(db: None) -> SimpleNamespace:
    return make_catalogue_world()
