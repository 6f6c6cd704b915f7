from types import SimpleNamespace

import pytest
from django.core.cache import cache

from tests.factories.newsletters import make_letter_world


@pytest.fixture
def world(db: None) -> SimpleNamespace:
    cache.clear()
    return make_letter_world()
