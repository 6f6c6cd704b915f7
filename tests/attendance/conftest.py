from types import SimpleNamespace

import pytest
from django.core.cache import cache

from tests.factories.attendance import make_attendance_world


@pytest.fixture
def world(db: None) -> SimpleNamespace:
    cache.clear()
    return make_attendance_world()
