"""Who may do what with letters and their subscribers."""

from django.utils.translation import gettext as _

from maillage.core.permissions import Allowed, Answer, Denied, allow_if
from maillage.core.viewer import Viewer
from maillage.newsletters.enums import LetterState
from maillage.newsletters.models import Letter


def may_work(viewer: Viewer) -> Answer:
    """Write letters and send them, see how many subscribers there are."""
    return allow_if(viewer.runs_network, _("Cette page est réservée à l'équipe d'animation du réseau."))


def may_read_addresses(viewer: Viewer) -> Answer:
    """Read addresses, take them out, bring a list in."""
    return allow_if(viewer.is_network_admin, _("Les adresses des abonnés sont réservées à l'administration du réseau."))


def may_change(viewer: Viewer, letter: Letter) -> Answer:
    """Of its network, while it is a draft."""
    if not (answer := may_work(viewer)):
        return answer
    if letter.network_id != viewer.network_id:
        return Denied(_("Cette lettre appartient à un autre réseau."))
    if letter.state == LetterState.SCHEDULED:
        return Denied(_("L'envoi de cette lettre est programmé : reprenez-la d'abord."), status=409)
    if letter.state != LetterState.DRAFT:
        return Denied(_("Cette lettre est déjà partie ou abandonnée : elle ne change plus."), status=409)
    return Allowed()


def may_run(viewer: Viewer, letter: Letter) -> Answer:
    """Stop, go on, give up."""
    if not (answer := may_work(viewer)):
        return answer
    return allow_if(letter.network_id == viewer.network_id, _("Cette lettre appartient à un autre réseau."))
