"""What becomes of a text or a comment that people report: hidden until the team answers, taken out, shown again. Who is told is up
to `moderation`."""

from django.db import transaction
from django.utils import timezone

from maillage.accounts.models import User
from maillage.activity.actions import record
from maillage.core.viewer import Viewer
from maillage.publications import rules
from maillage.publications.actions.marking import hold, mark_changed
from maillage.publications.actions.telling import people_of
from maillage.publications.actions.withdrawing import withdraw_pictures
from maillage.publications.enums import WITHDRAWN, CommentState, State
from maillage.publications.models import Comment, Publication
from maillage.publications.models.publications import new_key
from maillage.publications.queries.fields import snapshot


def suspend_text(*, by: Viewer, publication: Publication) -> None:
    """Out of all that everyone reads; those who sign it cannot publish it meanwhile."""
    _move(by, publication, (State.PUBLISHED,), State.SUSPENDED, "publication.suspend")


def remove_text(*, by: Viewer, publication: Publication, reason: str) -> None:
    _move(
        by, publication, (State.PUBLISHED, State.SUSPENDED, State.TAKEN_BACK), State.HIDDEN, "publication.hide", reason
    )


def restore_text(*, by: Viewer, publication: Publication) -> None:
    """As everyone read it, after either; what was written since is read by the team first."""
    after = State.PUBLISHED if _is_as_read(publication) else State.PROPOSED
    _move(by, publication, (State.SUSPENDED, State.HIDDEN), after, "publication.resume")


def _is_as_read(publication: Publication) -> bool:
    last = publication.versions.published().order_by("-number").first()
    signed = publication.credits.accepted().exists()
    return last is not None and last.values == snapshot(publication) and signed


def _move(
    by: Viewer, publication: Publication, before: tuple[State, ...], after: State, verb: str, reason: str = ""
) -> None:
    """One in another state than `before` is left as it is."""
    with transaction.atomic():
        hold(by.network, publication.pk)
        publication = Publication.objects.select_related("network").get(pk=publication.pk)
        rules.may_review(by, publication).require()
        if publication.state not in before:
            return
        publication.state, publication.code, publication.reason = after, "", reason[:500]
        publication.decided_by, publication.decided_at = by.user, timezone.now()
        if after == State.PROPOSED:
            publication.proposed_at = timezone.now()
        if after in WITHDRAWN:
            publication.preview_key = new_key()
        publication.save()
        if after in WITHDRAWN:
            withdraw_pictures(publication)
        record(verb, by=by, subject=publication)
        mark_changed(publication)


def suspend_comment(*, by: Viewer, comment: Comment) -> None:
    _move_comment(by, comment, (CommentState.SHOWN,), CommentState.SUSPENDED, "comment.suspend")


def take_comment_out(*, by: Viewer, comment: Comment, reason: str) -> None:
    _move_comment(
        by, comment, (CommentState.SHOWN, CommentState.SUSPENDED), CommentState.REFUSED, "comment.refuse", reason
    )


def restore_comment(*, by: Viewer, comment: Comment) -> None:
    _move_comment(by, comment, (CommentState.SUSPENDED, CommentState.REFUSED), CommentState.SHOWN, "comment.accept")


def _move_comment(
    by: Viewer, comment: Comment, before: tuple[CommentState, ...], after: CommentState, verb: str, reason: str = ""
) -> None:
    with transaction.atomic():
        hold(by.network)
        comment = Comment.objects.select_related("publication__network").get(pk=comment.pk)
        rules.may_moderate_comment(by, comment).require()
        if comment.state not in before:
            return
        comment.state, comment.code, comment.reason = after, "", reason[:500]
        comment.decided_by, comment.decided_at = by.user, timezone.now()
        comment.save()
        record(verb, by=by, subject=comment.publication)


def writers_of(publication: Publication) -> list[User]:
    """Who answers for what it says."""
    if publication.author is not None and publication.author.erased_at is None:
        return [publication.author]
    return people_of(publication)


def writer_of(comment: Comment) -> list[User]:
    return [comment.author] if comment.author is not None and comment.author.erased_at is None else []
