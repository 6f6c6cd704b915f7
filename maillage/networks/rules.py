"""Who may set up a network."""

from django.utils.translation import gettext as _

from maillage.core.permissions import Answer, allow_if
from maillage.core.viewer import Viewer


def may_configure(viewer: Viewer) -> Answer:
    return allow_if(
        viewer.network is not None and viewer.is_network_admin,
        _("Seules les personnes qui administrent ce réseau peuvent changer ses réglages."),
    )


def may_create(viewer: Viewer) -> Answer:
    return allow_if(
        viewer.is_platform_admin,
        _("Seules les personnes qui administrent la plateforme peuvent créer un réseau."),
    )


def may_change_host(viewer: Viewer) -> Answer:
    return allow_if(
        viewer.is_platform_admin,
        _("Le nom d'hôte et l'ouverture au public se règlent avec l'administration de la plateforme."),
    )
