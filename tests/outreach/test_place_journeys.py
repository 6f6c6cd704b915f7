"""In a real browser: one click on a line of a list leaves one where one was, and may be taken back."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from maillage.accounts.models import Role, User
from maillage.core.viewer import RoleKind
from maillage.outreach.enums import Stage
from maillage.outreach.models import Approach, Contact
from tests.factories.directory import make_actor, make_network
from tests.factories.outreach import make_approach, make_contact

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def network():
    return make_network(host="localhost")


@pytest.fixture
def animator(network):
    user = User.objects.create_user("a@exemple.test", name="Camille Rey")
    Role.objects.create(user=user, network=network, kind=RoleKind.ANIMATOR)
    return user


def test_a_step_that_is_done_leaves_the_focus_on_the_next_one(browse, network, animator, sign_in, axe, shot):
    today = timezone.localdate()
    for step in ("Rappeler", "Écrire", "Passer"):
        make_contact(network, make_actor(network), next_step=step, next_for=animator, next_on=today)
    page = browse()
    sign_in(page, animator)
    page.goto("/travail/semaine/?equipe=1")
    page.get_by_role("button", name="C’est fait : Écrire").click()
    expect(page.locator(".due__row:focus")).to_contain_text("Passer")
    assert page.locator(".due__row:focus").evaluate("row => getComputedStyle(row).outlineStyle") == "solid"
    assert "equipe=1" in page.url
    axe(page)
    shot(page, "week-done")
    page.get_by_role("button", name="C’est fait : Passer").click()
    expect(page.locator(".due__row:focus")).to_contain_text("Rappeler")
    page.get_by_role("button", name="Annuler").click()
    expect(page.locator(".due__row")).to_have_count(2)
    assert [each.next_step for each in Contact.objects.order_by("pk") if each.waits] == ["Rappeler", "Passer"]


@pytest.mark.parametrize("address", ["/travail/approches/", "/travail/approches/?etape=identify"])
def test_an_approach_that_moves_leaves_the_focus_on_the_next_one(
    browse, network, animator, sign_in, axe, shot, address
):
    for name in ("Astroclub", "Bibliothèque", "Calandreta"):
        make_approach(make_actor(network, name), Stage.TO_IDENTIFY, follower=animator)
    page = browse()
    sign_in(page, animator)
    page.goto(address)
    page.get_by_role("button", name="À contacter Astroclub").click()
    focused = page.locator("[id^=identify-]:focus")
    expect(focused).to_contain_text("Bibliothèque")
    axe(page)
    shot(page, "board-moved")
    page.get_by_role("button", name="À contacter Calandreta").click()
    expect(focused).to_contain_text("Bibliothèque")
    page.get_by_role("button", name="Annuler").click()
    expect(page.locator("[id^=identify-]")).to_have_count(2)
    for name in ("Calandreta", "Bibliothèque"):
        page.get_by_role("button", name=f"À contacter {name}").click()
    expect(page.locator("#etape-identify:focus")).to_be_visible()
    assert set(Approach.objects.values_list("stage", flat=True)) == {"contact"}


def test_the_boxes_of_a_filter_are_as_large_as_those_of_a_form(browse, network, animator, sign_in):
    page = browse()
    sign_in(page, animator)
    page.goto("/travail/elus/")
    sizes = page.locator(".sift input[type=checkbox]").evaluate_all("boxes => boxes.map(box => box.offsetWidth)")
    assert len(sizes) == 3
    assert min(sizes) >= 20
