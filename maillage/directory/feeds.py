"""A filtered list as a feed: the latest arrivals."""

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from maillage.core.mail import absolute_url
from maillage.directory import kit

LATEST = 50


def actor_feed(request: HttpRequest) -> HttpResponse:
    """Atom, newest first, whatever the order of the page it comes from."""
    network = request.network  # type: ignore[attr-defined]
    if network is None:
        return HttpResponseNotFound()
    params = request.GET.copy()
    params["tri"] = "recent"
    asked = kit.ask(params, network)
    shown = kit.query_string(asked.params, tri=None, vue=None)
    page_url = absolute_url(network, reverse("directory:actor_list") + shown)
    feed = Atom1Feed(
        author_name=network.name,
        title=_("Acteurs – %s") % network.name,
        link=page_url,
        description=_("Les derniers acteurs arrivés dans l'annuaire."),
        language="fr",
        feed_url=absolute_url(network, reverse("directory:actor_feed") + shown),
        feed_guid=page_url,
    )
    for actor in kit.cards(request.viewer, asked.selection.page_ids(0, LATEST)):  # type: ignore[attr-defined]
        url = absolute_url(network, actor.get_absolute_url())
        place = actor.commune.name if actor.commune else ""
        feed.add_item(
            title=actor.name,
            link=url,
            unique_id=url,
            description=" – ".join(filter(None, [place, actor.summary])),
            pubdate=actor.created_at,
            updateddate=actor.updated_at,
            categories=[actor.family.label] if actor.family else [],
        )
    if not feed.items:
        feed.latest_post_date = lambda: datetime(2026, 1, 1, tzinfo=UTC)  # type: ignore[method-assign]
    response = HttpResponse(content_type="application/atom+xml; charset=utf-8")
    feed.write(response, "utf-8")
    return response
