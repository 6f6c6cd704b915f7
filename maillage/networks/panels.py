"""Entries of the menu."""

from django.utils.translation import gettext_lazy as _

from maillage.core.panels import MenuItem, add_to_menu
from maillage.networks import rules

add_to_menu(
    MenuItem(
        "work",
        _("Réglages du réseau"),
        "networks:settings",
        "settings",
        90,
        lambda viewer: bool(rules.may_configure(viewer)),
        group=_("Réseau"),
    )
)
add_to_menu(
    MenuItem(
        "work",
        _("Réseaux"),
        "networks:network_list",
        "network",
        99,
        lambda viewer: bool(rules.may_create(viewer)),
        group=_("Réseau"),
    )
)
