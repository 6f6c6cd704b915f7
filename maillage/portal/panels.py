"""The portal in the public menu."""

from django.utils.translation import gettext_lazy as _

from maillage.core.panels import MenuItem, add_to_menu

add_to_menu(MenuItem("public", _("Le réseau"), "portal:about", "network", order=90))
