"""What the catalogue tells of its news: a feed of each filtered list, and its pages on the map of the site."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.catalogue import kit
from maillage.catalogue.models import Resource
from maillage.catalogue.queries.published import published
from maillage.catalogue.queries.reaching import listed_collections
from maillage.core.doors import network_of
from maillage.core.mail import absolute_url
from maillage.core.text import legible
from maillage.core.throttle import throttled
from maillage.core.viewer import Viewer
from maillage.directory.registry.site import SitePart, keep_out, show_on_map
from maillage.topics.enums import Vocabulary

LATEST = 50


def _pages(viewer: Viewer) -> "QuerySet[Any, Any]":
    found = Resource.objects.visible_to(viewer).shown().order_by("pk")
    return found.values_list("slug", "updated_at")


def _collections(viewer: Viewer) -> "QuerySet[Any, Any]":
    found = listed_collections(viewer.network).order_by("pk")
    return found.values_list("slug", "updated_at")


show_on_map(SitePart("ressources", "catalogue:resource_show", _pages))
show_on_map(SitePart("collections", "catalogue:collection_show", _collections))
keep_out("/ressources/donnees.", "/ressources/widget/", "/ressources/carte.json", "/ressources/?*&", "/oai")


@throttled("catalogue.feed", limit=600, seconds=3600)
@require_safe
def resource_feed(request: HttpRequest) -> HttpResponse:
    """The latest first, whatever the order of the page it comes from."""
    network = network_of(request)
    asked = kit.ask(request.GET, network)
    told = [str(value.label) for _name, value in asked.selection.chips()]
    title = f"{_('Ressources')} – {network.name}"
    feed = Rss201rev2Feed(
        title=f"{title} ({', '.join(told)})" if told else title,
        link=absolute_url(network, reverse("catalogue:resource_list") + asked.query),
        description=_("Les dernières ressources du catalogue."),
        language="fr",
        feed_url=absolute_url(network, reverse("catalogue:resource_feed") + asked.query),
    )
    for each in published(network, asked.selection.latest[:LATEST]):
        resource = each.resource
        url = absolute_url(network, resource.get_absolute_url())
        feed.add_item(
            title=legible(resource.title),
            link=url,
            unique_id=url,
            description=legible(resource.summary),
            author_name=legible(resource.actor.name),
            pubdate=resource.published_at,
            categories=[
                resource.get_kind_display().capitalize(),
                *(term.label for term in each.terms[Vocabulary.THEME]),
            ],
        )
    if not feed.items:
        feed.latest_post_date = lambda: datetime(2026, 1, 1, tzinfo=UTC)  # type: ignore[method-assign]
    response = HttpResponse(content_type="application/rss+xml; charset=utf-8")
    feed.write(response, "utf-8")
    return kit.as_long_as_true(response, asked)
