"""The header in a real browser: a long name, a narrow window, a zoom of 200 %."""

import pytest

from tests.factories.directory import make_network

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Réseau interrégional de la culture scientifique, technique et industrielle de Bourgogne-Franche-Comté"


@pytest.mark.parametrize("width", [1280, 640, 320])
def test_a_long_name_leaves_room_for_everything_else(browse, axe, fits, width):
    make_network(LONG, host="localhost")
    page = browse(width=width, height=450)
    page.goto("/aide/")
    fits(page)
    axe(page)
    header = page.locator(".header__row").bounding_box()
    assert header["height"] <= 90
    tools = page.locator(".header__tools").bounding_box()
    assert tools["x"] + tools["width"] <= width
