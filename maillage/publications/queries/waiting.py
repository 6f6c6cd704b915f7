"""What the publications have for the team's queue: texts proposed, changes to published ones, first comments."""

from typing import Any

from django.db.models import CharField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy

from maillage.core.viewer import Viewer
from maillage.directory.registry.waiting import Waiting, WaitingKind
from maillage.publications.enums import CommentState, State
from maillage.publications.models import Comment, Publication, Version
from maillage.publications.queries.history import label_of
from maillage.territories.models import Territory

_NOWHERE = Value("", CharField())


def _department(path: str) -> Coalesce:
    """The code of the first département that the publication is about."""
    places = Territory.objects.filter(publications=OuterRef(path)).order_by("pk")
    code = Coalesce("department__code", "code")
    return Coalesce(Subquery(places.annotate(of=code).values("of")[:1]), _NOWHERE)


def _proposed(viewer: Viewer) -> "QuerySet[Publication]":
    waiting = Publication.objects.visible_to(viewer).filter(state=State.PROPOSED)
    return waiting.annotate(since=Coalesce("proposed_at", "created_at"), department=_department("pk"))


def _told_proposed(viewer: Viewer, keys: list[int]) -> dict[int, Waiting]:
    found = Publication.objects.visible_to(viewer).filter(pk__in=keys).select_related("author")
    return {
        each.pk: Waiting(
            each.title,
            " · ".join(filter(None, [each.get_kind_display().capitalize(), str(each.author or "")])),
            reverse("publications:publication_work", args=[each.pk]),
            _place(each),
        )
        for each in found.prefetch_related("places")
    }


def _versions(viewer: Viewer) -> "QuerySet[Version]":
    """Not one's own: somebody else reads them."""
    mine = Version.objects.filter(
        state="waiting", publication__network=viewer.network_id, publication__state=State.PUBLISHED
    )
    return mine.exclude(author=viewer.user_id).annotate(since=F("sent_at"), department=_department("publication"))


def _told_versions(viewer: Viewer, keys: list[int]) -> dict[int, Waiting]:
    found = Version.objects.filter(pk__in=keys, publication__network=viewer.network_id)
    return {
        each.pk: Waiting(
            each.publication.title,
            f"{each.author} · {', '.join(label_of(name) for name in each.values)}",
            reverse("publications:version_show", args=[each.pk]),
            _place(each.publication),
        )
        for each in found.select_related("publication", "author").prefetch_related("publication__places")
    }


def _comments(viewer: Viewer) -> "QuerySet[Comment]":
    waiting = Comment.objects.visible_to(viewer).filter(state=CommentState.WAITING)
    return waiting.annotate(since=F("at"), department=_department("publication"))


def _told_comments(viewer: Viewer, keys: list[int]) -> dict[int, Waiting]:
    found = Comment.objects.visible_to(viewer).filter(pk__in=keys).select_related("publication", "author")
    return {
        each.pk: Waiting(
            each.publication.title,
            f"{each.author} · {each.text[:80]}",
            reverse("publications:comment_show", args=[each.pk]),
            _place(each.publication),
        )
        for each in found.prefetch_related("publication__places")
    }


def _place(publication: Publication) -> str:
    return ", ".join(place.name for place in list(publication.places.all())[:2])


PROPOSED: Any = WaitingKind("publication", gettext_lazy("Textes"), "newspaper", _proposed, _told_proposed)
VERSIONS: Any = WaitingKind("version", gettext_lazy("Modifications de textes"), "pencil", _versions, _told_versions)
COMMENTS: Any = WaitingKind("comment", gettext_lazy("Commentaires"), "message-circle", _comments, _told_comments)
