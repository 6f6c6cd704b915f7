"""Slots: a lower app declares a place on its page, an upper app comes to fill it (`panels.py` of the upper app).

actor_related = Slot("directory.actor_related")          # lower app, in its panels-bearing module
@actor_related.fill(order=20)                            # upper app, in panels.py
def upcoming_events(viewer, actor): return Panel(template="agenda/_upcoming.html", context={...})
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from maillage.core.viewer import Viewer


@dataclass(frozen=True)
class Panel:
    """What a slot shows: a template of the upper app with its context."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


Filler = Callable[[Viewer, Any], Panel | None]


class Slot:
    def __init__(self, name: str) -> None:
        self.name = name
        self._fillers: list[tuple[int, Filler]] = []

    def fill(self, order: int = 50) -> Callable[[Filler], Filler]:
        def register(filler: Filler) -> Filler:
            self._fillers.append((order, filler))
            self._fillers.sort(key=lambda pair: pair[0])
            return filler

        return register

    def panels(self, viewer: Viewer, subject: Any = None) -> list[Panel]:
        """The panels for `subject`, in order; fillers that answer None are left out."""
        return [panel for _, filler in self._fillers if (panel := filler(viewer, subject)) is not None]


header_tools = Slot("core.header_tools")  # Beside « Mon compte », on every page.
footer_panels = Slot("core.footer")  # At the foot of public pages.


Page = str | tuple[str, str]  # The name of an address, alone or with what the address takes.


def address_of(page: Page) -> str:
    """NoReverseMatch while the page is not served."""
    return reverse(page) if isinstance(page, str) else reverse(page[0], args=page[1:])


@dataclass(frozen=True)
class MenuItem:
    """An entry of the site's menus: `area` is "public", "work" or "account"; `shown` decides for a viewer, `count` says how
    much waits behind it. `group` is the title under which it stands in a long menu, with those that have the same; the groups
    come in the order of their first entries. `covers` are the pages reached from it by tabs: on them it is the current one.
    `section` names what it opens; an entry of the same area `under` that name is a tab of its pages instead of a line of the
    menu, whichever app brings it."""

    area: str
    label: Any
    url_name: Page
    icon: str
    order: int = 50
    shown: Callable[[Viewer], bool] = lambda viewer: True
    count: Callable[[Viewer], int] | None = None
    group: Any = ""
    covers: tuple[Page, ...] = ()
    section: str = ""
    under: str = ""

    @property
    def url(self) -> str:
        return address_of(self.url_name)


_menu: list[MenuItem] = []


def add_to_menu(item: MenuItem) -> None:
    """Called from the `panels.py` of each app."""
    _menu.append(item)
    _menu.sort(key=lambda entry: entry.order)


def menu(area: str, viewer: Viewer) -> list[MenuItem]:
    shown = [item for item in _menu if item.area == area and not item.under and item.shown(viewer)]
    groups = list(dict.fromkeys(str(item.group) for item in shown))
    return sorted(shown, key=lambda item: groups.index(str(item.group)))


def brought_under(item: MenuItem, viewer: Viewer | None = None) -> list[MenuItem]:
    """The tabs that other apps bring to the section of an entry: those that `viewer` sees, or all."""
    if not item.section:
        return []
    tabs = [each for each in _menu if each.area == item.area and each.under == item.section]
    return [each for each in tabs if viewer is None or each.shown(viewer)]


def section_named(area: str, name: str) -> MenuItem:
    """StopIteration when no app declared it: a page says the name of its own section."""
    return next(item for item in _menu if item.area == area and item.section == name)
