"""What the letters tell of their news: a feed of those sent, and their pages on the map of the site."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.core.mail import absolute_url
from maillage.core.richtext import as_text
from maillage.core.text import legible
from maillage.core.throttle import throttled
from maillage.core.viewer import Viewer
from maillage.directory.registry.site import SitePart, keep_out, show_on_map
from maillage.newsletters.models import Letter

_LATEST = 30


def _pages(viewer: Viewer) -> QuerySet[Any, Any]:
    return Letter.objects.visible_to(viewer).published().order_by("pk").values_list("slug", "updated_at")


show_on_map(SitePart("lettres", "newsletters:letter_show", _pages))
keep_out("/lettre/confirmer/", "/lettre/preferences/", "/lettre/desabonnement/", "/lettre/effacer/")


@throttled("newsletters.feed", limit=600, seconds=3600)
@require_safe
def letter_feed(request: HttpRequest) -> HttpResponse:
    network = request.network  # type: ignore[attr-defined]
    if network is None:
        raise Http404
    feed = Rss201rev2Feed(
        title=_("Lettres de %(network)s") % {"network": network.name},
        link=absolute_url(network, reverse("newsletters:letter_archive")),
        description=_("Les lettres envoyées."),
        language="fr",
        feed_url=absolute_url(network, reverse("newsletters:letter_feed")),
    )
    reader = Viewer(network=network)
    for letter in Letter.objects.visible_to(reader).published().order_by("-started_at", "-pk")[:_LATEST]:
        url = absolute_url(network, letter.get_absolute_url())
        feed.add_item(
            title=legible(letter.subject), link=url, unique_id=url, description=legible(as_text(letter.intro)),
            pubdate=letter.started_at,
        )  # fmt: skip
    if not feed.items:
        feed.latest_post_date = lambda: datetime(2026, 1, 1, tzinfo=UTC)  # type: ignore[method-assign]
    response = HttpResponse(content_type="application/rss+xml; charset=utf-8")
    feed.write(response, "utf-8")
    return response
