"""Who shares a content with another network, and who takes it there (NET-3)."""

from typing import Any

from django.utils.translation import gettext as _

from maillage.core.permissions import Allowed, Answer, Denied, allow_if
from maillage.core.viewer import Viewer
from maillage.networks.queries import partners_of
from maillage.sharing.enums import ShareState
from maillage.sharing.models import Share
from maillage.sharing.registry import ShareableKind, kind_named


def may_work(viewer: Viewer) -> Answer:
    return allow_if(viewer.runs_network, _("Cette page est réservée à l'équipe d'animation du réseau."))


def may_propose(viewer: Viewer, kind: ShareableKind, content: Any) -> Answer:
    """What everyone reads here, by who may publish it; a closed network keeps its own."""
    if viewer.network is None or content.network_id != viewer.network_id:
        return Denied(_("Un réseau ne propose que ses propres contenus."), status=404)
    if not (answer := kind.may_share(viewer, content)):
        return answer
    if not viewer.network.is_public:
        return Denied(_("Votre réseau n'est pas ouvert au public : ses contenus ne se partagent pas."), status=409)
    return allow_if(content.is_shown, _("Publiez-le d'abord : seul ce que tout le monde lit se partage."))


def is_offered(viewer: Viewer, kind: str, content: Any) -> bool:
    """Whether the page of a content offers to propose it: to those who may, where there is another network."""
    declared = kind_named(kind)
    return bool(declared and may_propose(viewer, declared, content)) and partners_of(viewer.network).exists()


def may_answer(viewer: Viewer, share: Share) -> Answer:
    if share.host_id != viewer.network_id or not viewer.runs_network:
        return Denied(_("La réponse est à l'équipe du réseau à qui c'est proposé."), status=404)
    if share.state != ShareState.PROPOSED:
        return Denied(_("Cette proposition a déjà reçu sa réponse, ou a été reprise."), status=409)
    return Allowed()


def may_withdraw(viewer: Viewer, share: Share) -> Answer:
    """The network it comes from takes it back at any moment, the other one lets it go at any moment."""
    if viewer.network_id not in (share.home_id, share.host_id) or not viewer.runs_network:
        return Denied(_("Ce partage est celui d'autres réseaux."), status=404)
    if viewer.network_id == share.host_id and share.state != ShareState.ACCEPTED:
        return Denied(_("Il n'est pas accueilli ici : il n'y a rien à retirer."), status=409)
    return allow_if(share.is_standing, _("Ce partage est déjà fini."))
