"""Who may change the reference territories."""

from django.utils.translation import gettext as _

from maillage.core.permissions import Answer, allow_if
from maillage.core.viewer import Viewer


def may_load(viewer: Viewer) -> Answer:
    """Territories are common to all networks: only the platform's administrators and the program change them."""
    return allow_if(
        viewer.is_platform_admin,
        _("Seule l'administration de la plateforme peut charger les territoires de référence."),
    )
