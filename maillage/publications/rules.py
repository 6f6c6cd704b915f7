"""Who may do what with publications."""

from django.utils.translation import gettext as _

from maillage.core.permissions import Allowed, Answer, Denied, allow_if
from maillage.core.viewer import Viewer
from maillage.directory.rules import is_trusted
from maillage.publications.enums import CommentState, CreditState, Kind, State
from maillage.publications.models import Comment, Credit, Publication, Version
from maillage.publications.registry import COMMENTS


def may_work(viewer: Viewer) -> Answer:
    """The working pages of the publications."""
    return allow_if(viewer.runs_network, _("Cette page est réservée à l'équipe d'animation du réseau."))


def may_contribute(viewer: Viewer, kind: str = Kind.ARTICLE) -> Answer:
    """Anyone with an account in the network; a dossier gathers the work of others: the team, and those it trusts."""
    if viewer.system:
        return Allowed()
    if not viewer.is_authenticated or viewer.network is None:
        return Denied(_("Connectez-vous pour écrire."))
    if kind == Kind.DOSSIER and not (viewer.runs_network or is_trusted(viewer.user_id, viewer.network_id)):
        return Denied(_("Les dossiers sont composés par l'équipe d'animation."))
    return Allowed()


def signs(viewer: Viewer, publication: Publication) -> bool:
    """Whether the viewer wrote it, signs it, or looks after the sheet of an actor that does."""
    if not viewer.is_authenticated or viewer.system:
        return False
    if publication.author_id == viewer.user_id:
        return True
    if publication.pk is None:
        return False
    accepted = publication.credits.filter(state=CreditState.ACCEPTED)
    own = viewer.user.actor_memberships.values("actor")
    return bool(accepted.filter(user=viewer.user_id).exists() or accepted.filter(actor__in=own).exists())


def in_reach(viewer: Viewer, publication: Publication) -> Answer:
    """Whether the viewer animates one of the places it is about; without any it is everybody's."""
    if viewer.animates("") or viewer.system:
        return Allowed()
    places = list(publication.places.all()) if publication.pk else []
    codes = {place.department.code if place.department else place.code for place in places}
    if viewer.runs_network and (not codes or any(viewer.animates(code) for code in codes)):
        return Allowed()
    return Denied(_("Cette publication concerne un département que vous n'animez pas."))


def may_edit(viewer: Viewer, publication: Publication) -> Answer:
    """Who signs it, and once it was sent the team of its network (within its départements)."""
    if viewer.system:
        return Allowed()
    if publication.network_id != viewer.network_id:
        return Denied(_("Cette publication appartient à un autre réseau."))
    if signs(viewer, publication):
        return Allowed()
    if not viewer.runs_network or publication.state == State.DRAFT:
        return Denied(_("Seuls ses auteurs et l'équipe d'animation modifient cette publication."))
    return in_reach(viewer, publication)


def may_write(viewer: Viewer, publication: Publication) -> Answer:
    """`may_edit`, but while people's reports of it wait for the team's answer: what comes back is what was read."""
    if publication.state == State.SUSPENDED:
        return Denied(_("Ce texte est masqué le temps que l'équipe réponde aux signalements."), status=409)
    return may_edit(viewer, publication)


def may_plan(viewer: Viewer, publication: Publication) -> Answer:
    """Change when it appears: of what the team published, those who publish."""
    return _of_what_is_read(viewer, publication, _("L'équipe d'animation tient la parution de ce texte : écrivez-lui."))


def may_name(viewer: Viewer, publication: Publication) -> Answer:
    """Add a person's signature: on a text that everyone reads, a name that anybody may have typed is read by the team first."""
    return _of_what_is_read(
        viewer, publication, _("Ce texte est en ligne : demandez à l'équipe d'animation d'y ajouter cette personne.")
    )


def _of_what_is_read(viewer: Viewer, publication: Publication, sentence: str) -> Answer:
    answer = may_write(viewer, publication)
    if not answer or publication.state != State.PUBLISHED or writes_at_once(viewer, publication):
        return answer
    return Denied(sentence)


def may_remove_credit(viewer: Viewer, credit: Credit) -> Answer:
    """Those who sign with its author do not take the author's name away."""
    publication = credit.publication
    if not (answer := may_write(viewer, publication)):
        return answer
    of_author = credit.user_id is not None and credit.user_id == publication.author_id
    if of_author and viewer.user_id != credit.user_id and not may_review(viewer, publication):
        return Denied(_("La signature de la personne qui a écrit le texte se retire par elle ou par l'équipe."))
    standing = publication.credits.filter(state=CreditState.ACCEPTED).exclude(pk=credit.pk)
    if publication.state == State.PUBLISHED and not standing.exists():
        return Denied(_("Un texte en ligne garde au moins une signature."), status=409)
    return Allowed()


def writes_at_once(viewer: Viewer, publication: Publication) -> bool:
    """Whether what the viewer, who may edit, writes is read by all without review: the team in its reach, those it trusts."""
    if viewer.system:
        return True
    if not viewer.is_authenticated:
        return False
    if viewer.runs_network and in_reach(viewer, publication):
        return True
    return is_trusted(viewer.user_id, viewer.network_id)


def may_publish(viewer: Viewer, publication: Publication) -> Answer:
    """Without review."""
    if not (answer := may_edit(viewer, publication)):
        return answer
    return allow_if(writes_at_once(viewer, publication), _("L'équipe d'animation relit ce texte avant de le publier."))


def may_review(viewer: Viewer, publication: Publication) -> Answer:
    """Answer what was proposed, feature, take out."""
    if viewer.system:
        return Allowed()
    if not viewer.runs_network or publication.network_id != viewer.network_id:
        return Denied(_("Les textes proposés sont relus par l'équipe d'animation."))
    return in_reach(viewer, publication)


def may_review_version(viewer: Viewer, version: Version) -> Answer:
    if version.author_id == viewer.user_id and not viewer.system:
        return Denied(_("Quelqu'un d'autre que vous doit relire cette modification."))
    if not version.is_waiting:
        return Denied(_("Cette modification a déjà reçu sa réponse."), status=409)
    return may_review(viewer, version.publication)


def may_take_back(viewer: Viewer, publication: Publication) -> Answer:
    """Its authors take it out of the site; the team hides."""
    if not (answer := may_edit(viewer, publication)):
        return answer
    return allow_if(publication.state == State.PUBLISHED, _("Cette publication n'est pas en ligne."))


def may_delete(viewer: Viewer, publication: Publication) -> Answer:
    """What everyone never read."""
    if not (answer := may_edit(viewer, publication)):
        return answer
    never_read = publication.state in (State.DRAFT, State.REFUSED) and not publication.was_read
    return allow_if(never_read, _("Ce qui a été publié ne se supprime pas : dépubliez-le."))


def may_answer_credit(viewer: Viewer, credit: Credit) -> Answer:
    """The person named, or the people of the actor."""
    if viewer.is_authenticated and not viewer.system:
        if credit.user_id == viewer.user_id:
            return Allowed()
        if credit.actor_id and viewer.user.actor_memberships.filter(actor=credit.actor_id).exists():
            return Allowed()
    return Denied(_("Seules les personnes nommées répondent à leur place."))


def takes_comments(publication: Publication) -> bool:
    return bool(
        publication.comments_open
        and publication.is_shown
        and publication.kind != Kind.ANNOUNCEMENT
        and publication.network.setting(COMMENTS.name)
    )


def may_comment(viewer: Viewer, publication: Publication) -> Answer:
    if not takes_comments(publication):
        return Denied(_("Les commentaires sont fermés."))
    return allow_if(viewer.is_authenticated and not viewer.system, _("Connectez-vous pour commenter."))


def comments_at_once(viewer: Viewer, publication: Publication) -> bool:
    """The team, who signs, those it trusts, and whoever had a comment accepted here."""
    if viewer.runs_network or signs(viewer, publication) or is_trusted(viewer.user_id, viewer.network_id):
        return True
    own = Comment.objects.filter(network=publication.network_id, author=viewer.user_id)
    return own.filter(state=CommentState.SHOWN, decided_at__isnull=False).exists()


def may_moderate_comment(viewer: Viewer, comment: Comment) -> Answer:
    return may_review(viewer, comment.publication)


def may_remove_comment(viewer: Viewer, comment: Comment) -> Answer:
    """One's own."""
    own = viewer.is_authenticated and comment.author_id == viewer.user_id
    return allow_if(own, _("Seule la personne qui l'a écrit supprime un commentaire."))
