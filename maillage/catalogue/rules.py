"""Who may do what in the catalogue."""

from django.utils.translation import gettext as _

from maillage.catalogue.enums import State
from maillage.catalogue.models import FIRST, Collection, Feedback, Resource, Use
from maillage.catalogue.registry import REVIEW
from maillage.core.permissions import Allowed, Answer, Denied, allow_if
from maillage.core.viewer import Viewer
from maillage.directory.enums import MemberRole
from maillage.directory.models import Actor
from maillage.directory.rules import is_trusted


def may_work(viewer: Viewer) -> Answer:
    """The working pages of the catalogue."""
    return allow_if(viewer.runs_network, _("Cette page est réservée à l'équipe d'animation du réseau."))


def may_contribute(viewer: Viewer) -> Answer:
    """Anyone with an account in the network may open the form; what they offer is an actor's (`may_offer`)."""
    if viewer.system:
        return Allowed()
    return allow_if(
        viewer.is_authenticated and viewer.network is not None, _("Connectez-vous pour proposer une ressource.")
    )


def looks_after(viewer: Viewer, actor_id: int | None) -> bool:
    if not viewer.is_authenticated or viewer.system or actor_id is None:
        return False
    return bool(viewer.user.actor_memberships.filter(actor=actor_id).exists())


def _animates(viewer: Viewer, department: str) -> bool:
    return viewer.animates("") or bool(department and viewer.animates(department))


def _department_of(actor: Actor) -> str:
    commune = actor.commune
    return commune.department.code if commune is not None and commune.department else ""


def may_offer(viewer: Viewer, actor: Actor) -> Answer:
    """Something in the name of an actor: its people, and the team in its reach."""
    if viewer.system or looks_after(viewer, actor.pk):
        return Allowed()
    department = _department_of(actor)
    if viewer.runs_network and (not department or _animates(viewer, department)):
        return Allowed()
    return Denied(
        _("Seules les personnes qui s'occupent de la fiche de cet acteur proposent une ressource en son nom.")
    )


def in_reach(viewer: Viewer, resource: Resource) -> Answer:
    """Whether the viewer animates where the resource is fetched, else where its actor is; without a place it is everybody's."""
    commune = resource.commune
    department = commune.department.code if commune is not None and commune.department else ""
    department = department or _department_of(resource.actor)
    if viewer.system or (viewer.runs_network and (not department or _animates(viewer, department))):
        return Allowed()
    return Denied(_("Cette ressource est dans un département que vous n'animez pas."))


def _writes_first(viewer: Viewer, resource: Resource) -> bool:
    """Who wrote a sheet that nobody found yet; afterwards it is its actor's, which they may have left."""
    return (
        resource.author_id is not None
        and resource.author_id == viewer.user_id
        and resource.published_at is None
        and resource.state in FIRST
    )


def may_edit(viewer: Viewer, resource: Resource) -> Answer:
    """The people of its actor, who wrote it until everyone found it, and once it was sent the team (within its départements)."""
    if viewer.system:
        return Allowed()
    if resource.network_id != viewer.network_id:
        return Denied(_("Cette ressource appartient à un autre réseau."))
    if viewer.is_authenticated and (_writes_first(viewer, resource) or looks_after(viewer, resource.actor_id)):
        return Allowed()
    if not viewer.runs_network or resource.state == State.DRAFT:
        return Denied(_("Seules les personnes de la structure qui la propose et l'équipe d'animation la modifient."))
    return in_reach(viewer, resource)


def may_write(viewer: Viewer, resource: Resource) -> Answer:
    """`may_edit`, but while people's reports of it wait for the team's answer: what comes back is what was read."""
    if resource.state == State.SUSPENDED:
        return Denied(_("Cette ressource est masquée le temps que l'équipe réponde aux signalements."), status=409)
    return may_edit(viewer, resource)


def writes_at_once(viewer: Viewer, resource: Resource) -> bool:
    """Whether what the viewer, who may edit, writes is read by all without review: the team in its reach, those whom the network
    trusts and (unless the network says otherwise) who is responsible for the sheet of its actor."""
    if viewer.system:
        return True
    if not viewer.is_authenticated:
        return False
    if viewer.runs_network and in_reach(viewer, resource):
        return True
    if is_trusted(viewer.user_id, viewer.network_id):
        return True
    return leads_at_once(viewer, resource.actor_id)


def leads_at_once(viewer: Viewer, actor_id: int | None) -> bool:
    """Whether the viewer is responsible for that actor, in a network that believes them."""
    if viewer.network is None or viewer.network.setting(REVIEW.name):
        return False
    return bool(viewer.user.actor_memberships.filter(actor=actor_id, role=MemberRole.ADMIN).exists())


def is_reviewed(viewer: Viewer, resource: Resource) -> bool:
    """Whether a change by the viewer, who may edit, takes it out of the site until the team has read it."""
    return resource.state == State.PUBLISHED and not writes_at_once(viewer, resource)


def may_publish(viewer: Viewer, resource: Resource) -> Answer:
    """Without review."""
    if not (answer := may_edit(viewer, resource)):
        return answer
    return allow_if(
        writes_at_once(viewer, resource), _("L'équipe d'animation relit cette ressource avant de la publier.")
    )


def may_review(viewer: Viewer, resource: Resource) -> Answer:
    """Answer what was proposed, feature, take out."""
    if viewer.system:
        return Allowed()
    if not viewer.runs_network or resource.network_id != viewer.network_id:
        return Denied(_("Les ressources proposées sont relues par l'équipe d'animation."))
    return in_reach(viewer, resource)


def may_retire(viewer: Viewer, resource: Resource) -> Answer:
    if not (answer := may_edit(viewer, resource)):
        return answer
    return allow_if(resource.state == State.PUBLISHED, _("Cette ressource n'est pas en ligne."))


def may_delete(viewer: Viewer, resource: Resource) -> Answer:
    """What everyone never found, and nothing was booked of."""
    if not (answer := may_edit(viewer, resource)):
        return answer
    fresh = resource.state in (State.DRAFT, State.REFUSED) and resource.published_at is None
    return allow_if(
        fresh and not resource.bookings.exists(), _("Ce qui a été publié ne se supprime pas : ne la proposez plus.")
    )


def may_lend(viewer: Viewer, actor: Actor) -> Answer:
    """Say on what terms an actor lends, when it is closed, what becomes of its copies: its people, the team in its reach."""
    return may_offer(viewer, actor)


def may_stock(viewer: Viewer, resource: Resource) -> Answer:
    """Count and label copies: no word of it is read by everyone (those of modules are, and are written by `may_write`)."""
    return may_edit(viewer, resource)


# --- uses and feedback --------------------------------------------------------------------------------------------------


def may_declare_use(viewer: Viewer, resource: Resource) -> Answer:
    if not viewer.is_authenticated or viewer.system:
        return Denied(_("Connectez-vous pour dire que vous l'avez utilisée."))
    if looks_after(viewer, resource.actor_id):
        return Denied(_("On ne déclare pas l'usage de ce que l'on propose soi-même."))
    return allow_if(resource.is_shown, _("Cette ressource n'est pas en ligne."))


def may_feed_back(viewer: Viewer, use: Use) -> Answer:
    """Those who used it, once a use."""
    if not viewer.is_authenticated or viewer.system or use.user_id != viewer.user_id:
        return Denied(_("Seules les personnes qui l'ont utilisée donnent leur avis."))
    if looks_after(viewer, use.resource.actor_id):
        return Denied(_("On ne donne pas d'avis sur ce que l'on propose soi-même."))
    others = Feedback.objects.filter(use__resource=use.resource_id, use__user=viewer.user_id, use__booking=None)
    if use.booking_id is None and others.exclude(use=use).exists():
        return Denied(_("Vous avez déjà donné votre avis sur cette ressource."), status=409)
    return allow_if(not hasattr(use, "feedback"), _("Vous avez déjà donné votre avis sur cet usage."))


def may_answer_feedback(viewer: Viewer, feedback: Feedback) -> Answer:
    """The people of the actor that offers it."""
    own = looks_after(viewer, feedback.use.resource.actor_id)
    return allow_if(own or bool(viewer.system), _("La structure qui propose cette ressource répond aux avis."))


def may_moderate_feedback(viewer: Viewer, feedback: Feedback) -> Answer:
    return may_review(viewer, feedback.use.resource)


# --- collections --------------------------------------------------------------------------------------------------------


def may_collect(viewer: Viewer) -> Answer:
    return allow_if(
        viewer.is_authenticated and not viewer.system and viewer.network is not None,
        _("Connectez-vous pour composer une collection."),
    )


def may_edit_collection(viewer: Viewer, collection: Collection) -> Answer:
    """Its author, those named to write it, the team."""
    known = Collection.objects.editable_by(viewer).filter(pk=collection.pk)
    return allow_if(known.exists(), _("Seules les personnes qui la composent modifient cette collection."))


def may_own_collection(viewer: Viewer, collection: Collection) -> Answer:
    """Say who writes it, delete it."""
    own = viewer.is_authenticated and collection.author_id == viewer.user_id
    same = collection.network_id == viewer.network_id
    return allow_if(same and bool(own or viewer.runs_network), _("Cela revient à qui a ouvert la collection."))


def may_list_collection(viewer: Viewer) -> bool:
    """Show it in the public list at once: the team and those it trusts; the others give its address."""
    return bool(viewer.system or viewer.runs_network or is_trusted(viewer.user_id, viewer.network_id))


def may_moderate_collection(viewer: Viewer, collection: Collection) -> Answer:
    same = collection.network_id == viewer.network_id
    return allow_if(same and bool(viewer.runs_network or viewer.system), _("Cela revient à l'équipe d'animation."))
