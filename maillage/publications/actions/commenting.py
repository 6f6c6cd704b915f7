"""Comments: the first of an account waits for the team, the next ones are read at once."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.core.errors import Conflict, Refused
from maillage.core.text import legible
from maillage.core.viewer import Viewer
from maillage.networks.models import Network
from maillage.publications import rules
from maillage.publications.actions import telling
from maillage.publications.enums import CommentState, RefusalReason
from maillage.publications.models import Comment, Publication

LONGEST = 3000


def write_comment(*, by: Viewer, publication: Publication, text: str) -> Comment:
    """Plain text."""
    rules.may_comment(by, publication).require()
    words = legible(text).strip()
    if not words:
        raise Refused(_("Écrivez votre commentaire."), status=422)
    if len(words) > LONGEST:
        raise Refused(_("Trois mille caractères au plus."), status=422)
    with transaction.atomic():
        at_once = rules.comments_at_once(by, publication)
        comment = Comment.objects.create(
            network=publication.network, publication=publication, author=by.user, text=words,
            state=CommentState.SHOWN if at_once else CommentState.WAITING,
        )  # fmt: skip
        record("comment.write", by=by, subject=publication)
        telling.tell_comment(comment)
    return comment


def accept_comment(*, by: Viewer, comment: Comment) -> Comment:
    with transaction.atomic():
        comment = _asked(by, comment)
        if comment.state not in (CommentState.WAITING, CommentState.REFUSED):
            raise Conflict(_("Ce commentaire a déjà reçu sa réponse."))
        _decide(by, comment, CommentState.SHOWN)
        record("comment.accept", by=by, subject=comment.publication)
        telling.tell_comment_answer(comment)
        telling.tell_comment(comment)
    return comment


def refuse_comment(*, by: Viewer, comment: Comment, code: str, reason: str) -> Comment:
    """One that waits, or that was read: it shows no more."""
    with transaction.atomic():
        comment = _asked(by, comment)
        if comment.state not in (CommentState.WAITING, CommentState.SHOWN):
            raise Conflict(_("Ce commentaire a déjà reçu sa réponse."))
        if not reason.strip():
            raise Refused(_("Dites pourquoi : la personne le lira."), status=422)
        comment.code, comment.reason = RefusalReason(code), reason.strip()[:500]
        _decide(by, comment, CommentState.REFUSED)
        record("comment.refuse", by=by, subject=comment.publication, details={"code": comment.code})
        telling.tell_comment_answer(comment)
    return comment


def remove_comment(*, by: Viewer, comment: Comment) -> None:
    """By who wrote it: its words go."""
    with transaction.atomic():
        comment = _locked(by, comment)
        rules.may_remove_comment(by, comment).require()
        comment.state, comment.text = CommentState.REMOVED, ""
        comment.save()
        record("comment.remove", by=by, subject=comment.publication)


def _asked(by: Viewer, comment: Comment) -> Comment:
    comment = _locked(by, comment)
    rules.may_moderate_comment(by, comment).require()
    return comment


def _locked(by: Viewer, comment: Comment) -> Comment:
    list(Network.objects.filter(pk=comment.network_id).select_for_update().values_list("pk", flat=True))
    return Comment.objects.select_related("publication__network", "author").get(pk=comment.pk)


def _decide(by: Viewer, comment: Comment, state: CommentState) -> None:
    comment.state, comment.decided_by, comment.decided_at = state, by.user, timezone.now()
    comment.save()
