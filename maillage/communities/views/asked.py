"""The community of an address, as the viewer may open it."""

from django.http import Http404, HttpRequest

from maillage.communities import rules
from maillage.communities.models import Community
from maillage.core.doors import allowed
from maillage.core.requests import Request

team_page = allowed(rules.may_work)


def community_of(request: HttpRequest, slug: str) -> Community:
    """One that the viewer may know of; of a hidden one, nothing tells others that it is there."""
    found = Community.objects.visible_to(request.viewer).filter(slug=slug).select_related("network").first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


def managed_community(request: Request, slug: str) -> Community:
    """For the pages of those who run it: the team knows of hidden ones too, and the rule then says what it may."""
    found = Community.objects.editable_by(request.viewer).filter(slug=slug).select_related("network").first()
    return found if found is not None else community_of(request, slug)
