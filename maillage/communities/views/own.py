"""« Mon réseau »: what is new, what is coming, one's communities, what one follows."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from maillage.communities import rules
from maillage.communities.enums import TargetKind
from maillage.communities.queries import followed as reads
from maillage.communities.queries.reading import asked_count, cards, of_viewer
from maillage.communities.queries.targets import offered
from maillage.core.doors import signed_in
from maillage.core.requests import Request
from maillage.core.viewer import Viewer

NEWS, COMING, COMMUNITIES, FOLLOWS = "nouveautes", "a-venir", "communautes", "suivis"


@signed_in
@never_cache
@require_safe
def show(request: Request, part: str = NEWS) -> HttpResponse:
    viewer = request.viewer
    rules.may_follow(viewer).require()
    followed = reads.followed_by(viewer)
    context: dict[str, Any] = {"part": part, "followed": followed, "asked": asked_count(viewer)}
    if part in (NEWS, COMING):
        code = request.GET.get("suivi", "")
        narrowed = followed.narrowed(code)
        read = reads.news if part == NEWS else reads.coming
        context |= {
            "page": read(viewer, narrowed, request.GET.get("page")),
            "filters": [(row.code, row.target, row.code == code) for row in followed.rows],
            "narrow": narrowed is not followed,
        }
    if part == COMMUNITIES:
        context["communities"] = cards(viewer, of_viewer(viewer))
    if part == FOLLOWS or not followed.rows:
        context["suggestions"] = offered(viewer, reads.suggestions(viewer, followed))
    if part == FOLLOWS:
        context["groups"] = _groups(viewer, followed)
    return render(request, f"communities/own/{_TEMPLATES[part]}.html", context)


_TEMPLATES = {NEWS: "news", COMING: "news", COMMUNITIES: "communities", FOLLOWS: "follows"}


def _groups(viewer: Viewer, followed: reads.Followed) -> list[tuple[str, list[Any]]]:
    titles = {
        TargetKind.TERM: _("Thématiques"),
        TargetKind.ACTOR: _("Acteurs"),
        TargetKind.TERRITORY: _("Territoires"),
        TargetKind.COMMUNITY: _("Communautés"),
        TargetKind.PERSON: _("Personnes"),
    }
    targets = offered(viewer, [row.target for row in followed.rows])
    groups = [(title, [each for each in targets if each.kind == kind]) for kind, title in titles.items()]
    return [(title, group) for title, group in groups if group]
