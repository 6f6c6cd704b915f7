"""Elected officials and letters in the menus and in the week."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from maillage.core.panels import MenuItem, add_to_menu
from maillage.outreach.panels.contacts import RELATIONS, runs
from maillage.outreach.queries.officials import promises_due
from maillage.outreach.registry.week import DueKind, add_to_week


def add_work_menu() -> None:
    own = partial(MenuItem, "work", shown=runs, group=RELATIONS)
    add_to_menu(own(_("Élus et élues"), "outreach:official_list", "landmark", order=38))


add_work_menu()
add_to_week(DueKind("promise", _("Promesses à suivre"), "hand-helping", promises_due))
