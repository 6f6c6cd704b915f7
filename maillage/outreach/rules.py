"""Who may do what with the network's relations."""

from django.utils.translation import gettext as _

from maillage.core.permissions import Allowed, Answer, Denied, allow_if
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.directory.rules import in_reach, represents
from maillage.outreach.models import Contact, Introduction, Partnership


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


def may_answer_introduction(viewer: Viewer, introduction: Introduction) -> Answer:
    """In the place of a side, after a call: the team, when it animates one of the two."""
    if not viewer.runs_network or introduction.network_id != viewer.network_id:
        return Denied(_("Cette page est réservée à l'équipe d'animation du réseau."))
    return _reaches_one(viewer, *(side.actor for side in introduction.sides.all() if side.actor is not None))


def may_refuse_introductions(viewer: Viewer, actor: Actor) -> Answer:
    """To say that an actor wants none: whoever looks after it, or the team that animates it."""
    return Allowed() if represents(viewer, actor) else may_follow(viewer, actor)


def may_declare_partnership(viewer: Viewer, actor: Actor, other: Actor) -> Answer:
    """For `actor`: whoever looks after it, or the team in its place."""
    if actor.archived_at is not None or other.archived_at is not None:
        return Denied(_("L'un des deux acteurs est archivé : il ne déclare plus de partenariat."))
    if represents(viewer, actor):
        return Allowed()
    if not viewer.runs_network:
        return Denied(_("Seules les personnes qui s'occupent de cette fiche déclarent ses partenariats."))
    return _reaches_one(viewer, actor, other)


def may_decide_partnership(viewer: Viewer, partnership: Partnership) -> Answer:
    """The other side confirms; or the team in its place. Whoever declared does not confirm."""
    if viewer.network_id != partnership.network_id:
        return Denied(_("Ce partenariat est d'un autre réseau."))
    if viewer.system or represents(viewer, partnership.other):
        return Allowed()
    if not viewer.runs_network:
        return Denied(_("C'est à l'autre partie de confirmer ce partenariat."))
    return _reaches_one(viewer, partnership.first, partnership.second)


def _reaches_one(viewer: Viewer, *actors: Actor) -> Answer:
    """Two actors may be of two départements: animating one of them is enough; nobody is bound by outsiders."""
    answers = [in_reach(viewer, actor) for actor in actors]
    return next((answer for answer in answers if answer), answers[0]) if answers else Allowed()
