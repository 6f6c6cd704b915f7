"""Who may do what with the network's relations."""

from django.utils.translation import gettext as _

from maillage.core.permissions import Allowed, Answer, Denied, allow_if
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.directory.rules import in_reach, represents
from maillage.outreach.enums import Sharing
from maillage.outreach.models import Campaign, Contact, Introduction, Letter, Need, Official, Partnership


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


def may_finish_step(viewer: Viewer, contact: Contact) -> Answer:
    """Whoever is to take it or wrote it; the team for those of the contact that it animates, one of them at least. Without a
    query when the actors with their département, and the officials with their mandates, are read."""
    if not viewer.runs_network or contact.network_id != viewer.network_id:
        return Denied(_("Cette page est réservée à l'équipe d'animation du réseau."))
    if viewer.user_id in (contact.next_for_id, contact.author_id):
        return Allowed()
    answers = [in_reach(viewer, actor) for actor in contact.actors.all()]
    answers += [may_meet(viewer, official) for official in contact.officials.all()]
    return next((answer for answer in answers if answer), answers[0]) if answers else Allowed()


# --- needs and offers ---------------------------------------------------------------------------------------------------


def may_record_need(viewer: Viewer, actor: Actor | None) -> Answer:
    """The team, for actors that it animates or people it heard; an actor's own people, for it."""
    if actor is not None and represents(viewer, actor):
        return Allowed()
    if not viewer.runs_network:
        return Denied(_("Seules l'équipe d'animation et les personnes qui représentent l'acteur notent ses besoins."))
    return in_reach(viewer, actor) if actor is not None else Allowed()


def may_change_need(viewer: Viewer, need: Need) -> Answer:
    """To correct, prolong, close: whoever wrote it, the actor's own people, the team within its reach."""
    if need.network_id != viewer.network_id:
        return Denied(_("Ce besoin appartient à un autre réseau."))
    if viewer.system:
        return Allowed()
    if need.actor is not None and (need.is_own or need.sharing != Sharing.TEAM) and represents(viewer, need.actor):
        return Allowed()
    if not viewer.runs_network:
        return Denied(
            _("Seules l'équipe d'animation et les personnes qui représentent l'acteur modifient ses besoins.")
        )
    if need.author_id is not None and need.author_id == viewer.user_id:
        return Allowed()
    if need.actor is not None:
        return in_reach(viewer, need.actor)
    place = need.department_code
    return allow_if(
        viewer.animates(place) if place else viewer.is_network_admin or viewer.animates(""),
        _("Ce besoin a été noté par quelqu'un d'autre, hors des départements que vous animez."),
    )


def may_match(viewer: Viewer, need: Need) -> Answer:
    """To read who could answer, and set a proposal aside: the team."""
    if not viewer.runs_network or need.network_id != viewer.network_id:
        return Denied(_("Cette page est réservée à l'équipe d'animation du réseau."))
    return may_change_need(viewer, need)


def may_act_in(viewer: Viewer, *departments: str) -> Answer:
    """With elected officials: the team, each where it animates; "" is a territory wider than a département."""
    if not viewer.runs_network:
        return Denied(_("Cette page est réservée à l'équipe d'animation du réseau."))
    return allow_if(
        not departments or any(viewer.animates(code) for code in departments),
        _("Ce mandat est dans un territoire que vous n'animez pas."),
    )


def may_meet(viewer: Viewer, *officials: Official) -> Answer:
    """To correct their sheet, log a meeting, write: one of their mandates is where the viewer animates."""
    if not viewer.runs_network:
        return Denied(_("Cette page est réservée à l'équipe d'animation du réseau."))
    for official in officials:
        if official.network_id != viewer.network_id:
            return Denied(_("Cette personne est suivie par un autre réseau."))
        if not (answer := may_act_in(viewer, *official.departments)):
            return answer
    return Allowed()


def may_note(viewer: Viewer, official: Official) -> Answer:
    """Of someone who objected, the refusal alone is kept."""
    if official.objected_at is not None:
        return Denied(
            _("Cette personne s'oppose à ce que l'on garde ses données : rien ne peut être noté."), status=409
        )
    return may_meet(viewer, official)


def may_remove(viewer: Viewer, official: Official) -> Answer:
    """A sheet that remembers a refusal stays: entered anew, the person would be written to again."""
    if official.stopped_at is not None:
        return Denied(
            _("Cette personne ne veut plus de courrier : sa fiche reste, pour que personne ne lui écrive à nouveau."),
            status=409,
        )
    return may_note(viewer, official)


def may_change_letter(viewer: Viewer, letter: Letter) -> Answer:
    """A text that left is what was written: another letter says something else."""
    if not viewer.runs_network or letter.network_id != viewer.network_id:
        return Denied(_("Cette page est réservée à l'équipe d'animation du réseau."))
    if not viewer.is_network_admin and letter.author_id != viewer.user_id:
        return Denied(_("Seuls la personne qui a préparé cette lettre et l'administration du réseau la modifient."))
    if letter.recipients.sent().exists():
        return Denied(_("Cette lettre est déjà partie : son texte ne change plus."), status=409)
    return Allowed()


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


def may_change_campaign(viewer: Viewer, campaign: Campaign) -> Answer:
    """What was sent is no more to be changed: it was read."""
    if not viewer.runs_network or campaign.network_id != viewer.network_id:
        return Denied(_("Cette page est réservée à l'équipe d'animation du réseau."))
    if not campaign.is_draft:
        return Denied(_("Cette campagne est partie : son texte ne change plus."), status=409)
    return Allowed()
