"""The menu of the working space: short, everything reached from it, the entry of a page's section the current one."""

import re

import pytest
from django.urls import reverse

from maillage.core.panels import menu
from tests.factories.directory import make_commune

pytestmark = pytest.mark.django_db
SECTIONS = {
    "contact_list": ("silent_list",),
    "need_list": ("need_gaps",),
    "introduction_list": ("partnership_list",),
    "official_list": ("letter_list",),
    "approach_board": ("list_list", "campaign_list"),
}


def address(name):
    return reverse(f"outreach:{name}")


def current_of(client, path):
    links = re.findall(
        r'<a class="work-nav__link" href="([^"]+)"( aria-current="page")?', client.get(path).content.decode()
    )
    return [href for href, current in links if current]


def test_an_animator_has_no_more_than_eighteen_entries(animator):
    entries = menu("work", animator)
    assert len(entries) <= 18
    assert len({str(entry.label) for entry in entries}) == len(entries)


@pytest.mark.parametrize("head", SECTIONS)
def test_what_left_the_menu_is_reached_by_tabs_which_keep_its_entry_current(client, animator, network, head):
    network.perimeter.set([make_commune().department])
    pages = [address(head), *(address(name) for name in SECTIONS[head])]
    for path in pages:
        content = client.get(path).content.decode()
        tabs = content[content.index('class="tabs"') :].split("</nav>")[0]
        assert re.findall(r'href="([^"]+)"', tabs) == pages
        assert re.findall(r'href="([^"]+)" aria-current="page"', tabs) == [path]
        assert current_of(client, path) == [address(head)]


def test_pages_below_a_tab_keep_the_entry_too(client, animator):
    assert current_of(client, address("campaign_write")) == [address("approach_board")]
    assert current_of(client, address("partnership_new")) == [address("introduction_list")]
