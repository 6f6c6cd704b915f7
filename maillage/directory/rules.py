"""Who may do what in the directory."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.dates import date_format
from maillage.core.permissions import Allowed, Answer, Denied, allow_if
from maillage.core.viewer import Viewer
from maillage.directory.enums import ClaimState, ListingState, MemberRole, SuggestionKind
from maillage.directory.models import (
    Actor,
    ActorInvitation,
    ActorMember,
    Claim,
    Listing,
    Merge,
    Revision,
    Suggestion,
    Trust,
)
from maillage.directory.registry import REVIEW_RESPONSIBLE

CLAIMS, CLAIM_DAYS = 3, 30  # Of one sheet by one person.


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


def may_write(viewer: Viewer, actor: Actor) -> Answer:
    """`may_edit`, and at once: what an editor writes on a published sheet waits for the team (decision 0016)."""
    answer = may_edit(viewer, actor)
    if not answer or not is_reviewed(viewer, actor):
        return answer
    return Denied(_("Votre modification doit être relue par l'équipe d'animation : enregistrez-la de nouveau."))


def is_reviewed(viewer: Viewer, actor: Actor) -> bool:
    """Whether what the viewer, who may edit the sheet, writes on it waits for the team of its home network."""
    if viewer.system or not viewer.is_authenticated:
        return False
    if viewer.runs_network and actor.home_network_id == viewer.network_id and in_reach(viewer, actor):
        return False
    if is_responsible(viewer, actor) and not actor.home_network.setting(REVIEW_RESPONSIBLE.name):
        return False
    shown = Listing.objects.filter(actor=actor, state=ListingState.PUBLISHED)
    return shown.exists() and not is_trusted(viewer.user_id, actor.home_network_id)


def is_trusted(user_id: int | None, network_id: int | None) -> bool:
    return Trust.objects.in_force().filter(user=user_id, network=network_id).exists()


def may_trust(viewer: Viewer) -> Answer:
    """Trust holds in the whole network: so must the reach of who gives it."""
    if not viewer.runs_network:
        return Denied(_("La confiance est donnée par l'équipe d'animation."))
    return allow_if(
        viewer.animates(""), _("La confiance vaut dans tout le réseau : une personne qui l'anime en entier la donne.")
    )


def may_answer_revision(viewer: Viewer, revision: Revision) -> Answer:
    if not viewer.runs_network or revision.network_id != viewer.network_id:
        return Denied(_("Les modifications sont relues par l'équipe d'animation."))
    if revision.author_id == viewer.user_id:
        return Denied(_("Quelqu'un d'autre que vous doit relire cette modification."))
    if not revision.is_waiting:
        return Denied(_("Cette modification a déjà reçu sa réponse."))
    return in_reach(viewer, revision.actor)


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
    """The team of their home alone, whoever else looks after them: merging takes one of them away."""
    if not viewer.runs_network:
        return Denied(_("Seule l'équipe d'animation fusionne des fiches."))
    for actor in actors:
        if actor.home_network_id != viewer.network_id:
            return Denied(_("Cette fiche appartient à un autre réseau : seul celui-ci peut la fusionner."))
        if not (answer := in_reach(viewer, actor)):
            return answer
    return Allowed()


def may_undo_merge(viewer: Viewer, merge: Merge, kept: Actor, gone: Actor | None) -> Answer:
    """`gone` as it was, None when nothing of it is kept any more."""
    if not (answer := may_merge(viewer, *filter(None, (kept, gone)))):
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


# --- claims and members -------------------------------------------------------------------------------------------------


def may_claim(viewer: Viewer, actor: Actor) -> Answer:
    """What a claimant reads never says whether somebody else looks after the sheet (CLM-2)."""
    if not viewer.is_authenticated or viewer.system:
        return Denied(_("Connectez-vous pour revendiquer cette fiche."))
    if actor.archived_at is not None:
        return Denied(_("Cet acteur a cessé son activité : sa fiche ne se revendique plus."))
    if actor.home_network_id != viewer.network_id:
        return Denied(_("Cette fiche est tenue par un autre réseau : c'est sur son site qu'elle se revendique."))
    if viewer.user.actor_memberships.filter(actor=actor, role=MemberRole.ADMIN).exists():
        return Denied(_("Vous êtes déjà responsable de cette fiche."))
    own = Claim.objects.filter(actor=actor, user=viewer.user_id)
    if own.open().exists():
        return Denied(_("Vous avez déjà une demande en cours pour cette fiche."))
    recent = own.filter(created_at__gt=timezone.now() - timedelta(days=CLAIM_DAYS)).order_by("-created_at")
    asked_on = list(recent.values_list("created_at", flat=True)[:CLAIMS])
    if len(asked_on) == CLAIMS:  # Cancelled ones were told to people too.
        return Denied(
            _("Vous avez déjà demandé %(count)d fois cette fiche : vous pourrez le refaire à partir du %(day)s.")
            % {"count": CLAIMS, "day": _day(asked_on[-1] + timedelta(days=CLAIM_DAYS))}
        )
    refused = own.filter(state=ClaimState.REFUSED).order_by("-decided_at").select_related("network").first()
    if refused is not None and refused.free_again_at > timezone.now():
        return Denied(
            _("Votre demande a été refusée : vous pourrez en faire une autre à partir du %(day)s.")
            % {"day": _day(refused.free_again_at)}
        )
    return Allowed()


def may_decide(viewer: Viewer, claim: Claim) -> Answer:
    """Those responsible for the sheet answer first; the team when there is nobody, after the term, and of contests."""
    if not claim.is_open:
        return Denied(_("Cette demande a déjà reçu sa réponse."))
    if viewer.user_id == claim.user_id:
        return Denied(_("Quelqu'un d'autre que vous doit répondre à cette demande."))
    contested = claim.state == ClaimState.CONTESTED
    if not contested and is_responsible(viewer, claim.actor):
        return Allowed()
    if not viewer.runs_network or claim.network_id != viewer.network_id:
        return Denied(_("Cette demande attend la réponse de l'équipe d'animation."))
    if not (contested or claim.is_late) and has_responsible(claim.actor):
        return Denied(
            _("Les responsables de la fiche répondent d'abord. Sans réponse, l'équipe décide à partir du %(day)s.")
            % {"day": _day(claim.deadline)}
        )
    return in_reach(viewer, claim.actor)


def may_open_document(viewer: Viewer, claim: Claim) -> Answer:
    """A proof is for those whose answer it serves."""
    if viewer.user_id == claim.user_id:
        return Denied(_("Le document est gardé pour les personnes qui décident."))
    if is_responsible(viewer, claim.actor):
        return Allowed()
    if not viewer.runs_network or claim.network_id != viewer.network_id:
        return Denied(_("Le document est gardé pour les personnes qui décident."))
    return in_reach(viewer, claim.actor)


def may_contest(viewer: Viewer, claim: Claim) -> Answer:
    """Once, while the refusal keeps the claimant from asking again; whoever refused, so that nothing tells who did."""
    if viewer.user_id != claim.user_id or not viewer.is_authenticated:
        return Denied(_("Seule la personne qui a fait la demande peut contester la réponse."))
    if claim.state != ClaimState.REFUSED:
        return Denied(_("Cette demande n'a pas été refusée."))
    if claim.contested_at is not None:
        return Denied(_("La réponse a déjà été contestée une fois : l'équipe d'animation a tranché."))
    return allow_if(
        claim.free_again_at > timezone.now(), _("Le délai pour contester est passé : faites une nouvelle demande.")
    )


def may_manage_members(viewer: Viewer, actor: Actor) -> Answer:
    """Who looks after a sheet is decided by those responsible for it, and by the team of its home network."""
    if viewer.system or is_responsible(viewer, actor):
        return Allowed()
    if not viewer.runs_network or actor.home_network_id != viewer.network_id:
        return Denied(_("Seuls les responsables de la fiche et l'équipe d'animation voient qui s'en occupe."))
    return in_reach(viewer, actor)


def may_join(viewer: Viewer, invitation: ActorInvitation) -> Answer:
    if invitation.accepted_at is not None:
        return Denied(_("Cette invitation a déjà été acceptée."))
    if invitation.revoked_at is not None:
        return Denied(_("Cette invitation a été annulée. Demandez-en une autre à la personne qui vous a écrit."))
    if not invitation.is_open:
        return Denied(_("Cette invitation a expiré. Demandez-en une autre à la personne qui vous a écrit."))
    return allow_if(viewer.is_authenticated, _("Connectez-vous ou créez un compte pour accepter l'invitation."))


def may_review(viewer: Viewer, suggestion: Suggestion) -> Answer:
    """The team answers what was said to it; what is written on a sheet still asks `may_edit`. Of an error on their sheet,
    so do the people who write on it at once."""
    if suggestion.network_id != viewer.network_id:
        return Denied(_("Les suggestions sont relues par l'équipe d'animation."))
    if not suggestion.is_waiting:
        return Denied(_("Cette suggestion a déjà reçu sa réponse."))
    actor, is_error = suggestion.actor, suggestion.kind == SuggestionKind.WRONG
    if actor is not None and is_error and represents(viewer, actor) and may_write(viewer, actor):
        return Allowed()
    if not viewer.runs_network:
        return Denied(
            _("L'équipe d'animation ou une personne responsable de la fiche répond : ce que vous y écrivez est relu.")
        )
    if actor is not None:
        return in_reach(viewer, actor)
    place = suggestion.commune
    department = place.department.code if place is not None and place.department is not None else ""
    return allow_if(
        not department or viewer.animates(department), _("Cet acteur serait dans un département que vous n'animez pas.")
    )


def may_review_as_team(viewer: Viewer, suggestion: Suggestion) -> Answer:
    """Archive the actor, hand over to another network, add who was missing: never the sheet's own people's."""
    if not viewer.runs_network:
        return Denied(_("Seule l'équipe d'animation peut répondre ainsi à une suggestion."))
    return may_review(viewer, suggestion)


def is_responsible(viewer: Viewer, actor: Actor) -> bool:
    """Whether the viewer answers for the sheet."""
    return (
        viewer.is_authenticated and ActorMember.objects.responsible().filter(actor=actor, user=viewer.user_id).exists()
    )


def has_responsible(actor: Actor) -> bool:
    return ActorMember.objects.responsible().filter(actor=actor).exists()


def _day(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j F Y")


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
