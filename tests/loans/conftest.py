from types import SimpleNamespace

import pytest

from tests.factories.loans import make_loans_world


@pytest.fixture
def world(db: None) -> SimpleNamespace:
    return make_loans_world()
