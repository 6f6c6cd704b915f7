"""All of France, loaded once for the tests that read it."""

from collections.abc import Iterator

import pytest

from maillage.core.viewer import Viewer
from maillage.territories.actions import load_shipped


@pytest.fixture(scope="package")
def france(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """The shipped territories, for the tests of this folder; the tables are emptied behind it."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        load_shipped(by=Viewer.as_system(None, "tests"))
        yield
        transaction.set_rollback(True)
