"""The observatory in the menus."""

from django.utils.translation import gettext_lazy as _

from maillage.core.panels import MenuItem, add_to_menu

add_to_menu(MenuItem("public", _("Chiffres clés"), "observatory:figures_show", "chart-column", order=80))
