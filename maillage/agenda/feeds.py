"""What the agenda tells of its news: a feed of the latest published, and its pages on the map of the site."""

from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from maillage.agenda import kit
from maillage.agenda.enums import EventStatus
from maillage.agenda.models import Event
from maillage.agenda.queries.published import latest
from maillage.agenda.queries.wording import place_of, timing_in_words
from maillage.core.mail import absolute_url
from maillage.directory.registry.site import SitePart, keep_out, show_on_map
from maillage.networks.queries import terms_of
from maillage.topics.enums import Vocabulary

LATEST = 50

show_on_map(
    SitePart(
        "agenda",
        "agenda:event_show",
        lambda viewer: Event.objects.visible_to(viewer).shown().order_by("pk").values_list("slug", "updated_at"),
    )
)
keep_out(
    "/agenda/carte.json",
    "/agenda/calendrier.ics",
    "/agenda/donnees.",
    "/agenda/widget/",
    "/agenda/*/evenement.ics",
    "/agenda/?*&",
    "/agenda/?du=",
    "/agenda/?au=",
    "/agenda/?mois=",
)


def event_feed(request: HttpRequest) -> HttpResponse:
    """Atom, the latest published first, whatever the order of the page it comes from."""
    network = request.network  # type: ignore[attr-defined]
    if network is None:
        raise Http404
    asked = kit.ask(request.GET, network)
    shown = kit.query_string(asked.params, tri=None, vue=None)
    page_url = absolute_url(network, reverse("agenda:event_list") + shown)
    feed = Atom1Feed(
        title=_("Agenda – %s") % network.name,
        link=page_url,
        description=_("Les derniers événements annoncés."),
        language="fr",
        feed_url=absolute_url(network, reverse("agenda:event_feed") + shown),
        feed_guid=page_url,
        author_name=network.name,
    )
    kinds = {term.pk: term.label for term in terms_of(network, Vocabulary.ACTION_KIND)}
    for event in latest(network, asked.programme.ids, LATEST):
        url = absolute_url(event.network, event.get_absolute_url())
        dates = [timing_in_words(timing, event.tz) for timing in event.coming[:1]]
        status = event.get_status_display().capitalize() if event.status != EventStatus.SCHEDULED else ""
        feed.add_item(
            title=event.title,
            link=url,
            unique_id=url,
            description=" – ".join(filter(None, [status, *dates, place_of(event), event.summary])),
            pubdate=event.appeared_at,
            updateddate=event.updated_at,
            categories=[kinds[term.pk] for term in event.terms.all() if term.pk in kinds],
        )
    if not feed.items:
        feed.latest_post_date = lambda: datetime(2026, 1, 1, tzinfo=UTC)  # type: ignore[method-assign]
    response = HttpResponse(content_type="application/atom+xml; charset=utf-8")
    feed.write(response, "utf-8")
    return response
