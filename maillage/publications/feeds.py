"""What the publications tell of their news: a feed of each filtered list, and their pages on the map of the site."""

from datetime import UTC, datetime
from functools import partial
from mimetypes import guess_type
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Enclosure, Rss201rev2Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.core.mail import absolute_url
from maillage.core.text import legible
from maillage.core.throttle import throttled
from maillage.core.viewer import Viewer
from maillage.directory.registry.site import SitePart, keep_out, show_on_map
from maillage.networks.models import Network
from maillage.publications import kit
from maillage.publications.enums import Kind, Section
from maillage.publications.models import Publication
from maillage.publications.queries.filters import OVER
from maillage.publications.queries.published import Published, published
from maillage.publications.queries.taking import text_to_take, words_to_take
from maillage.topics.enums import Vocabulary

LATEST = 50


def _pages(section: str, viewer: Viewer) -> QuerySet[Any, Any]:
    found = Publication.objects.visible_to(viewer).shown().in_section(section).open_on(timezone.localdate())
    return found.order_by("pk").values_list("slug", "updated_at")


for _section in Section.values:
    show_on_map(SitePart(_section, "publications:publication_show", partial(_pages, _section), (_section,)))
    keep_out(f"/{_section}/donnees.", f"/{_section}/widget/", f"/{_section}/?*&")
keep_out("/apercu/")


class TextFeed(Rss201rev2Feed):
    """RSS 2.0 with the whole text beside the summary, as readers of feeds expect it."""

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:content": "http://purl.org/rss/1.0/modules/content/"}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        if item["content"]:
            handler.addQuickElement("content:encoded", item["content"])


@throttled("publications.feed", limit=600, seconds=3600)
@require_safe
def publication_feed(request: HttpRequest, section: str) -> HttpResponse:
    """The latest first, whatever the order of the page it comes from; `?texte=complet` gives the whole texts."""
    network = request.network  # type: ignore[attr-defined]
    if network is None:
        raise Http404
    asked = kit.ask(request.GET, network, section, outgoing=True)
    whole = request.GET.get("texte") == "complet"
    page_url = absolute_url(network, reverse("publications:publication_list", args=[section]) + asked.query)
    shown = kit.query_string(asked.params, without=("tri", OVER), texte="complet" if whole else None)
    told = [str(value.label) for _name, value in asked.selection.chips()]
    title = f"{Section(section).label} – {network.name}"
    feed = TextFeed(
        title=f"{title} ({', '.join(told)})" if told else title,
        link=page_url,
        description=_("Les derniers textes parus."),
        language="fr",
        feed_url=absolute_url(network, reverse("publications:publication_feed", args=[section]) + shown),
    )
    for each in published(network, asked.selection.latest(LATEST), guests=True):
        _add(feed, network, each, whole=whole)
    if not feed.items:
        feed.latest_post_date = lambda: datetime(2026, 1, 1, tzinfo=UTC)  # type: ignore[method-assign]
    response = HttpResponse(content_type="application/rss+xml; charset=utf-8")
    feed.write(response, "utf-8")
    return response


def _add(feed: TextFeed, network: Network, each: Published, *, whole: bool) -> None:
    publication = each.publication
    url = absolute_url(publication.network, publication.get_absolute_url())
    kind = (
        publication.get_announcement_display()
        if publication.kind == Kind.ANNOUNCEMENT
        else publication.get_kind_display()
    )
    themes = [term.label for term in each.terms[Vocabulary.THEME]]
    feed.add_item(
        title=legible(publication.title),
        link=url,
        unique_id=url,
        description=legible(words_to_take(publication)),
        content=legible(text_to_take(publication, url, each.pieces)) if whole else "",
        author_name=legible(", ".join(signature.name for signature in each.signatures)),
        pubdate=each.appeared_at,
        categories=[kind.capitalize(), *themes],
        enclosures=_picture(publication.network, publication),
    )


def _picture(network: Network, publication: Publication) -> list[Enclosure]:
    if not publication.image:
        return []
    try:
        size = publication.image.size
    except OSError:  # Its file is gone: the page goes without it too.
        return []
    kind = guess_type(publication.image.name)[0] or "image/jpeg"
    return [Enclosure(absolute_url(network, publication.image.url), str(size), kind)]
