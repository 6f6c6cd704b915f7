"""Who may do what in the agenda."""

from django.utils.translation import gettext as _

from maillage.agenda.enums import WITHDRAWN, EventState
from maillage.agenda.models import Event, EventRevision
from maillage.agenda.registry import REVIEW_RESPONSIBLE
from maillage.core.permissions import Allowed, Answer, Denied, allow_if
from maillage.core.viewer import Viewer
from maillage.directory.enums import MemberRole
from maillage.directory.models import Actor
from maillage.directory.rules import is_trusted
from maillage.territories.models import Territory


def may_work(viewer: Viewer) -> Answer:
    """The working pages of the agenda."""
    return allow_if(viewer.runs_network, _("Cette page est réservée à l'équipe d'animation du réseau."))


def may_contribute(viewer: Viewer) -> Answer:
    """Anyone with an account in the network; what they write is reviewed unless `writes_at_once`."""
    if viewer.system:
        return Allowed()
    return allow_if(
        viewer.is_authenticated and viewer.network is not None, _("Connectez-vous pour proposer un événement.")
    )


def organises(viewer: Viewer, event: Event) -> bool:
    """Whether the viewer looks after the sheet of an actor that organises the event."""
    if not viewer.is_authenticated or event.pk is None:
        return False
    own = viewer.user.actor_memberships.values("actor")
    return event.organisers.filter(actor__in=own, withdrawn_at=None).exists()


def in_reach(viewer: Viewer, event: Event) -> Answer:
    """Whether the viewer animates where the event is; one without a commune is everybody's."""
    commune = event.commune
    if commune is None and viewer.runs_network:
        return Allowed()
    if viewer.animates(commune.department.code if commune is not None and commune.department else ""):
        return Allowed()
    return Denied(_("Cet événement est dans un département que vous n'animez pas."))


def may_edit(viewer: Viewer, event: Event) -> Answer:
    """Its author, the people of its organisers, the team of its network (within its départements)."""
    if viewer.system:
        return Allowed()
    if event.network_id != viewer.network_id:
        return Denied(_("Cet événement appartient à un autre réseau."))
    if viewer.is_authenticated and (event.author_id == viewer.user_id or organises(viewer, event)):
        return Allowed()
    if not viewer.runs_network:
        return Denied(_("Seuls ses organisateurs et l'équipe d'animation modifient cet événement."))
    return in_reach(viewer, event)


def writes_at_once(viewer: Viewer, event: Event) -> bool:
    """Whether what the viewer, who may edit, writes of this event is read by all without the team's review: the team in its
    reach, those whom the network trusts, and (unless the network says otherwise) who is responsible for the sheet of the
    actor that leads it."""
    if viewer.system:
        return True
    if not viewer.is_authenticated:
        return False
    if viewer.runs_network and in_reach(viewer, event):
        return True
    if is_trusted(viewer.user_id, viewer.network_id):
        return True
    if viewer.network.setting(REVIEW_RESPONSIBLE.name) or event.pk is None:
        return False
    responsible = viewer.user.actor_memberships.filter(role=MemberRole.ADMIN).values("actor")
    return event.organisers.filter(actor__in=responsible, role="lead", withdrawn_at=None).exists()


def leads_at_once(viewer: Viewer, actor: Actor) -> bool:
    """Whether an event that this actor leads would be read by all at once, because the viewer is responsible for its sheet."""
    if not viewer.is_authenticated or viewer.network.setting(REVIEW_RESPONSIBLE.name):
        return False
    return bool(viewer.user.actor_memberships.filter(role=MemberRole.ADMIN, actor=actor).exists())


def may_attach(viewer: Viewer, event: Event, parent: Event) -> Answer:
    """Say that `event` is part of `parent`, on whose page everyone then reads it: those who may write the parent, and the team.
    What it reads first, or nobody yet (`may_publish`), may."""
    if event.state != EventState.PUBLISHED or is_reviewed(viewer, event) or _attaches_to(viewer, parent):
        return Allowed()
    sentence = _("Seules les personnes qui organisent « %(title)s » et l'équipe d'animation y rattachent un événement.")
    return Denied(sentence % {"title": parent.title})


def _attaches_to(viewer: Viewer, parent: Event) -> bool:
    return bool(viewer.system or viewer.runs_network or may_edit(viewer, parent))


def may_move(viewer: Viewer, event: Event, commune: Territory | None) -> Answer:
    """Put the event in another commune: an animator of some départements keeps to them, but for an event of their own that
    nobody reads yet."""
    if viewer.system or not viewer.runs_network or commune is None or commune.pk == event.commune_id:
        return Allowed()
    if is_reviewed(viewer, event):
        return Allowed()
    there = Event(pk=event.pk, network=event.network, author_id=event.author_id, state=event.state, commune=commune)
    if may_write(viewer, there):
        return Allowed()
    return Denied(_("%(commune)s est dans un département que vous n'animez pas.") % {"commune": commune.name})


def is_reviewed(viewer: Viewer, event: Event) -> bool:
    """Whether a change that the viewer, who may edit, makes waits for the team: only what everyone reads does, or will read again
    as it was."""
    return event.state in (EventState.PUBLISHED, EventState.SUSPENDED) and not writes_at_once(viewer, event)


def may_write(viewer: Viewer, event: Event) -> Answer:
    """`may_edit`, and at once."""
    answer = may_edit(viewer, event)
    if not answer or not is_reviewed(viewer, event):
        return answer
    return Denied(_("Votre modification doit être relue par l'équipe d'animation : enregistrez-la de nouveau."))


def may_publish(viewer: Viewer, event: Event) -> Answer:
    """Without review."""
    if not (answer := may_edit(viewer, event)):
        return answer
    at_once = writes_at_once(viewer, event) and (event.parent is None or _attaches_to(viewer, event.parent))
    return allow_if(at_once, _("L'équipe d'animation relit cet événement avant de le publier."))


def may_review(viewer: Viewer, event: Event) -> Answer:
    """Answer an event that was proposed."""
    if viewer.system:
        return Allowed()
    if not viewer.runs_network or event.network_id != viewer.network_id:
        return Denied(_("Les événements proposés sont relus par l'équipe d'animation."))
    return in_reach(viewer, event)


def may_review_revision(viewer: Viewer, revision: EventRevision) -> Answer:
    if revision.author_id == viewer.user_id:
        return Denied(_("Quelqu'un d'autre que vous doit relire cette modification."))
    if not revision.is_waiting:
        return Denied(_("Cette modification a déjà reçu sa réponse."), status=409)
    return may_review(viewer, revision.event)


def may_tell_status(viewer: Viewer, event: Event) -> Answer:
    """Say that it is cancelled, full, put off: at once, whoever may edit it."""
    return may_edit(viewer, event)


def may_feature(viewer: Viewer, event: Event) -> Answer:
    return may_review(viewer, event)


def may_hide(viewer: Viewer, event: Event) -> Answer:
    """Take out of the public agenda."""
    return may_review(viewer, event)


def may_delete(viewer: Viewer, event: Event) -> Answer:
    """A draft alone, which nobody else has read."""
    if not (answer := may_edit(viewer, event)):
        return answer
    never_shown = event.state in (EventState.DRAFT, EventState.REFUSED) and event.published_at is None
    return allow_if(never_shown, _("Un événement déjà publié ne se supprime pas : annulez-le ou retirez-le."))


def may_duplicate(viewer: Viewer, event: Event) -> Answer:
    """What the team refused or withdrew comes back by its own page, which the team reads, and not as a copy."""
    if event.state in (EventState.REFUSED, *WITHDRAWN) and not may_review(viewer, event):
        return Denied(_("L'équipe d'animation n'a pas gardé cet événement : il ne se reprend pas pour d'autres dates."))
    return may_edit(viewer, event)


def may_withdraw_organiser(viewer: Viewer, event: Event, actor_id: int) -> Answer:
    """The people of an actor say that it does not organise this."""
    own = viewer.is_authenticated and viewer.user.actor_memberships.filter(actor=actor_id).exists()
    return allow_if(own or viewer.is_network_admin, _("Seules les personnes de cet acteur peuvent le retirer."))
