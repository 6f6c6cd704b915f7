"""Who may change the vocabularies common to all networks; a network's own choices are `networks`' business."""

from django.utils.translation import gettext as _

from maillage.core.permissions import Answer, allow_if
from maillage.core.viewer import Viewer


def may_edit_shared(viewer: Viewer) -> Answer:
    return allow_if(
        viewer.is_platform_admin,
        _("Seule l'administration de la plateforme peut modifier les vocabulaires communs à tous les réseaux."),
    )
