from types import SimpleNamespace

import pytest

from tests.factories.publications import make_publication_world


@pytest.fixture
def world(db: None) -> SimpleNamespace:
    return make_publication_world()
