"""Who may do what with the network's relations."""

from django.utils.translation import gettext as _

from maillage.core.permissions import Allowed, Answer, Denied, allow_if
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.directory.rules import in_reach
from maillage.outreach.models import Campaign, Contact


def may_follow(viewer: Viewer, *actors: Actor) -> Answer:
    """To log a contact, approach, introduce: the team, with the actors that it animates."""
    if not viewer.runs_network:
        return Denied(_("Cette page est réservée à l'équipe d'animation du réseau."))
    for actor in actors:
        if not (answer := in_reach(viewer, actor)):
            return answer
    return Allowed()


def may_change_contact(viewer: Viewer, contact: Contact) -> Answer:
    """What someone wrote is theirs to correct, and the administration's."""
    if not viewer.runs_network or contact.network_id != viewer.network_id:
        return Denied(_("Cette page est réservée à l'équipe d'animation du réseau."))
    return allow_if(
        viewer.is_network_admin or contact.author_id == viewer.user_id,
        _("Seuls la personne qui a noté ce contact et l'administration du réseau le modifient."),
    )


def may_change_campaign(viewer: Viewer, campaign: Campaign) -> Answer:
    """What was sent is no more to be changed: it was read."""
    if not viewer.runs_network or campaign.network_id != viewer.network_id:
        return Denied(_("Cette page est réservée à l'équipe d'animation du réseau."))
    if not campaign.is_draft:
        return Denied(_("Cette campagne est partie : son texte ne change plus."), status=409)
    return Allowed()
