"""What communities tell of their news: a feed of the contents of each public one, and their pages on the map of the site."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.communities.models import Community
from maillage.communities.queries.reading import placements_of
from maillage.core.mail import absolute_url
from maillage.core.text import legible
from maillage.core.throttle import throttled
from maillage.core.viewer import Viewer
from maillage.directory.registry.site import SitePart, keep_out, show_on_map

LATEST = 50


def _pages(viewer: Viewer) -> QuerySet[Any, Any]:
    found = Community.objects.visible_to(Viewer(network=viewer.network)).order_by("pk")
    return found.values_list("slug", "updated_at")


show_on_map(SitePart("communautes", "communities:community_show", _pages))
keep_out("/communautes/placer/", "/communautes/invitation/", "/communautes/?*&")


@throttled("communities.feed", limit=600, seconds=3600)
@require_safe
def community_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """As everyone reads it, whoever asks: a hidden community has none, for its members either."""
    network: Any = request.network  # type: ignore[attr-defined]
    everyone = Viewer(network=network)
    community = Community.objects.visible_to(everyone).filter(slug=slug).first() if network is not None else None
    if community is None:
        raise Http404
    url = absolute_url(network, community.get_absolute_url())
    feed = Rss201rev2Feed(
        title=f"{legible(community.name)} – {network.name}",
        link=url,
        description=legible(community.summary) or _("Les derniers contenus placés."),
        language="fr",
        feed_url=absolute_url(network, reverse("communities:community_feed", args=[slug])),
    )
    placed = placements_of(everyone, community).order_by("-at", "-pk").select_related("event", "publication", "actor")
    for each in placed[:LATEST]:
        page = absolute_url(network, each.thing.get_absolute_url())
        words = each.words or getattr(each.thing, "summary", "")
        feed.add_item(
            title=legible(str(each.thing)), link=page, unique_id=page, description=legible(words), pubdate=each.at
        )
    if not feed.items:
        feed.latest_post_date = lambda: datetime(2026, 1, 1, tzinfo=UTC)  # type: ignore[method-assign]
    response = HttpResponse(content_type="application/rss+xml; charset=utf-8")
    feed.write(response, "utf-8")
    return response
