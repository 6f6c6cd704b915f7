"""Who may import and undo."""

from django.utils.translation import gettext as _

from maillage.core.permissions import Allowed, Answer, Denied, allow_if
from maillage.core.viewer import Viewer
from maillage.exchange.models import Batch


def may_import(viewer: Viewer) -> Answer:
    return allow_if(viewer.runs_network, _("Seule l'équipe d'animation du réseau importe des listes."))


def may_handle(viewer: Viewer, batch: Batch) -> Answer:
    """Go on with a batch, stop it, undo it: the person who began it, or an administrator of the network."""
    if batch.network_id != viewer.network_id or not viewer.runs_network:
        return Denied(_("Seule l'équipe d'animation du réseau importe des listes."))
    if viewer.is_network_admin or batch.author_id in (None, viewer.user_id):
        return Allowed()
    return Denied(_("Seuls la personne qui l'a lancé et les administrateurs du réseau agissent sur cet import."))
