"""The world of the access table, made once for each file that tries it."""

from collections.abc import Iterator
from copy import deepcopy
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from tests.access.world import made_world


@pytest.fixture(scope="module")
def _world(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """Made once for a file, in a transaction that is never committed: each test undoes what it did to it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield made_world()
        transaction.set_rollback(True)


@pytest.fixture
def world(_world: SimpleNamespace, db: None) -> SimpleNamespace:
    """As `made_world` gives it; what a test commits needs one of its own (`test_isolation`)."""
    return deepcopy(_world)
