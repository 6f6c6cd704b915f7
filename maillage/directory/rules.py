"""Who may do what in the directory."""

from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.permissions import Allowed, Answer, Denied, allow_if
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor, Merge


def may_work(viewer: Viewer) -> Answer:
    """The working pages: table, circles, notes, history."""
    return allow_if(viewer.runs_network, _("Cette page est réservée à l'équipe d'animation du réseau."))


def may_create(viewer: Viewer) -> Answer:
    return allow_if(
        viewer.runs_network, _("Seule l'équipe d'animation ajoute un acteur. Proposez-le par le formulaire de contact.")
    )


def may_edit(viewer: Viewer, actor: Actor) -> Answer:
    """The team of the home network (within its départements), and the people who look after the sheet."""
    if viewer.system or represents(viewer, actor):
        return Allowed()
    if not viewer.runs_network:
        return Denied(
            _("Seuls l'acteur et l'équipe d'animation modifient cette fiche. Vous pouvez signaler une erreur.")
        )
    if actor.home_network_id != viewer.network_id:
        return Denied(_("Cette fiche appartient à un autre réseau : proposez-lui la correction."))
    return in_reach(viewer, actor)


def may_qualify(viewer: Viewer, actor: Actor) -> Answer:
    """A circle belongs to the network that gives it, wherever the record lives."""
    if not viewer.runs_network:
        return Denied(_("Seule l'équipe d'animation qualifie les acteurs."))
    return in_reach(viewer, actor)


def may_publish(viewer: Viewer, actor: Actor) -> Answer:
    if not viewer.runs_network:
        return Denied(_("Seule l'équipe d'animation publie ou masque une fiche."))
    return in_reach(viewer, actor)


def may_archive(viewer: Viewer, actor: Actor) -> Answer:
    if viewer.runs_network and actor.home_network_id != viewer.network_id:
        return Denied(_("Cette fiche appartient à un autre réseau : seul celui-ci peut l'archiver."))
    return may_publish(viewer, actor)


def may_merge(viewer: Viewer, *actors: Actor) -> Answer:
    """The team alone, and only sheets that it may change both: merging changes one and takes the other away."""
    if not viewer.runs_network:
        return Denied(_("Seule l'équipe d'animation fusionne des fiches."))
    return next((answer for actor in actors if not (answer := may_edit(viewer, actor))), Allowed())


def may_undo_merge(viewer: Viewer, merge: Merge, kept: Actor) -> Answer:
    if not (answer := may_merge(viewer, kept)):
        return answer
    if merge.undone_at is not None:
        return Denied(_("Cette fusion est déjà annulée."), status=409)
    if merge.until <= timezone.now() or not merge.undo:
        return Denied(_("Le délai pour annuler cette fusion est passé."), status=409)
    later = Merge.objects.in_force().filter(kept=kept, pk__gt=merge.pk).first()
    if later is not None:
        sentence = _(
            "Une autre fiche a été fusionnée depuis avec celle-ci : annulez d'abord la fusion de « %(name)s »."
        )
        return Denied(sentence % {"name": later.gone_name}, status=409)
    return Allowed()


def represents(viewer: Viewer, actor: Actor) -> bool:
    return (
        viewer.is_authenticated and actor.pk is not None and viewer.user.actor_memberships.filter(actor=actor).exists()
    )


def in_reach(viewer: Viewer, actor: Actor) -> Answer:
    """Whether the viewer animates where the actor is: asked without a query of who read its commune and département."""
    if viewer.animates(actor.commune.department.code if actor.commune and actor.commune.department else ""):
        return Allowed()
    return Denied(_("Cet acteur est dans un département que vous n'animez pas."))


# --- the charter ------------------------------------------------------------------------------------------------------


def may_publish_charter(viewer: Viewer) -> Answer:
    """A text that the whole network is asked to sign; drafts are the team's (`may_work`)."""
    return allow_if(
        viewer.is_network_admin, _("Seules les personnes qui administrent ce réseau publient une version de la charte.")
    )


def may_sign(viewer: Viewer, actor: Actor) -> Answer:
    """With an account; a personal link is a right of its own."""
    if actor.archived_at is not None:
        return Denied(_("Cet acteur est archivé : il ne signe plus."))
    return allow_if(represents(viewer, actor), _("Seules les personnes qui représentent cet acteur signent pour lui."))


def may_follow_signatures(viewer: Viewer, actor: Actor) -> Answer:
    """Send a link, record a paper, withdraw a signature: of the actors that one animates."""
    if not viewer.runs_network:
        return Denied(_("Seule l'équipe d'animation suit les signatures de la charte."))
    return in_reach(viewer, actor)
