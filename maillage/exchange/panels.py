"""The entry of imports in the working menu."""

from django.utils.translation import gettext_lazy as _

from maillage.core.panels import MenuItem, add_to_menu

add_to_menu(
    MenuItem("work", _("Imports"), "exchange:batch_list", "file-up", order=30, shown=lambda viewer: viewer.runs_network)
)
