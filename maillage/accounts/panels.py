"""Entries of the menu."""

from django.utils.translation import gettext_lazy as _

from maillage.accounts import rules
from maillage.core.panels import MenuItem, add_to_menu

add_to_menu(
    MenuItem(
        "work",
        _("Personnes"),
        "people:person_list",
        "users",
        70,
        lambda viewer: bool(rules.may_manage_people(viewer)),
        group=_("Réseau"),
        section="people",
    )
)
