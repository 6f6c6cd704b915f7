"""The podcast of each programme, and the pages of the radio on the map of the site.

RSS 2.0 with what players ask for: Apple's tags (itunes), the transcript of the namespace of podcasts, a `guid` that never changes.
"""

from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Enclosure, Rss201rev2Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.core.mail import absolute_url
from maillage.core.richtext import as_text, sanitised
from maillage.core.text import legible
from maillage.core.throttle import throttled
from maillage.core.viewer import Viewer
from maillage.directory.registry.site import SitePart, keep_out, show_on_map
from maillage.networks.models import Network
from maillage.radio.models import Episode, Show

MOST = 300


def _shows(viewer: Viewer) -> QuerySet[Any, Any]:
    return Show.objects.visible_to(viewer).filter(is_open=True).order_by("pk").values_list("slug", "updated_at")


show_on_map(SitePart("radio", "radio:show_show", _shows))
keep_out("/radio/son/", "/radio/*/podcast.rss")


class PodcastFeed(Rss201rev2Feed):
    """Elements of the channel are in `feed`, those of an episode in its item."""

    def rss_attributes(self) -> dict[str, str]:
        return {
            **super().rss_attributes(),
            "xmlns:itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
            "xmlns:podcast": "https://podcastindex.org/namespace/1.0",
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
        }

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        feed = self.feed
        handler.addQuickElement("itunes:author", feed["owner"])
        handler.addQuickElement("itunes:summary", feed["description"])
        handler.addQuickElement("itunes:type", "episodic")
        handler.addQuickElement("itunes:explicit", feed["explicit"])
        handler.addQuickElement("itunes:image", None, {"href": feed["image"]})
        handler.addQuickElement("itunes:category", None, {"text": feed["category"]})
        handler.startElement("itunes:owner", {})
        handler.addQuickElement("itunes:name", feed["owner"])
        handler.addQuickElement("itunes:email", feed["email"])
        handler.endElement("itunes:owner")
        handler.startElement("image", {})
        handler.addQuickElement("url", feed["image"])
        handler.addQuickElement("title", feed["title"])
        handler.addQuickElement("link", feed["link"])
        handler.endElement("image")

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("itunes:title", item["title"])
        handler.addQuickElement("itunes:duration", str(item["duration"]))
        handler.addQuickElement("itunes:explicit", item["explicit"])
        handler.addQuickElement("itunes:episodeType", "full")
        for name in ("season", "episode"):
            if item[name] is not None:
                handler.addQuickElement(f"itunes:{name}", str(item[name]))
        if item["transcript"]:
            attributes = {"url": item["transcript"], "type": "text/plain", "language": item["language"]}
            handler.addQuickElement("podcast:transcript", None, attributes)
        if item["content"]:
            handler.addQuickElement("content:encoded", item["content"])


@throttled("radio.feed", limit=1200, seconds=3600)
@require_safe
def podcast(request: HttpRequest, show: str) -> HttpResponse:
    """The latest first; what is not published, or of a closed programme, is in none."""
    network, viewer = request.network, request.viewer  # type: ignore[attr-defined]
    found = Show.objects.visible_to(viewer).filter(slug=show).first()
    if found is None:
        raise Http404
    path = reverse("radio:feed", args=[found.slug])
    explicit = "true" if found.is_explicit else "false"
    feed = PodcastFeed(
        title=legible(found.name),
        link=absolute_url(network, found.get_absolute_url()),
        description=legible(found.summary),
        language=found.language,
        feed_url=absolute_url(network, path),
        feed_copyright=legible(network.name),
        owner=legible(found.owner_name or network.name),
        email=found.owner_email,
        category=found.category,
        explicit=explicit,
        image=absolute_url(network, reverse("radio:cover", args=[found.slug])),
    )
    for episode in found.episodes.shown().latest_first()[:MOST]:
        episode.show = found
        _add(feed, network, episode, explicit)
    if not feed.items:
        feed.latest_post_date = lambda: datetime(2026, 1, 1, tzinfo=UTC)  # type: ignore[method-assign]
    response = HttpResponse(content_type="application/rss+xml; charset=utf-8")
    feed.write(response, "utf-8")
    return response


def _add(feed: PodcastFeed, network: Network, episode: Episode, explicit: str) -> None:
    url = absolute_url(network, episode.get_absolute_url())
    about = episode.summary or as_text(episode.notes)
    text = reverse("radio:transcript", args=[episode.show.slug, episode.slug])
    content = sanitised(episode.notes, trusted=True)
    feed.add_item(
        title=legible(episode.title),
        link=url,
        unique_id=episode.guid,
        unique_id_is_permalink=False,
        description=legible(about or _("Un épisode de %s.") % episode.show.name),
        pubdate=episode.published_at,
        enclosures=[Enclosure(absolute_url(network, episode.audio_url), str(episode.audio_bytes), episode.audio_kind)],
        duration=episode.duration,
        explicit=explicit,
        season=episode.season,
        episode=episode.number,
        transcript=absolute_url(network, text) if episode.transcript.strip() else "",
        language=episode.show.language,
        content=legible(content),
    )
