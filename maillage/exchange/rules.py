"""Who may import and undo."""

from django.utils.translation import gettext as _

from maillage.core.permissions import Allowed, Answer, Denied, allow_if
from maillage.core.viewer import Viewer
from maillage.exchange.models import Batch


def may_import(viewer: Viewer) -> Answer:
    return allow_if(viewer.runs_network, _("Seule l'équipe d'animation du réseau importe des listes."))


def may_handle(viewer: Viewer, batch: Batch) -> Answer:
    """Go on with a batch, stop it, undo it: the person who began it, or an administrator of the network.

    What the program began, it goes on with as itself: so it is also for those who animate every département, alone.
    """
    if batch.network_id != viewer.network_id or not viewer.runs_network:
        return Denied(_("Seule l'équipe d'animation du réseau importe des listes."))
    if viewer.is_network_admin or (viewer.is_authenticated and batch.author_id == viewer.user_id):
        return Allowed()
    if batch.author_id is None:
        sentence = _("Seules les personnes qui animent tous les départements du réseau agissent sur cet import.")
        return allow_if(viewer.animates(""), sentence)
    return Denied(_("Seuls la personne qui l'a lancé et les administrateurs du réseau agissent sur cet import."))
