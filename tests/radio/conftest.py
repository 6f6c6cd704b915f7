from types import SimpleNamespace

import pytest

from tests.factories.radio import make_radio_world


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    """Sounds of a test go with it."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def world(db: None) -> SimpleNamespace:
    return make_radio_world()
