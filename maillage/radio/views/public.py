"""What the public hears: programmes, episodes, their transcripts, how to follow them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from maillage.core.doors import network_of
from maillage.core.mail import absolute_url
from maillage.core.pagination import paginate
from maillage.core.requests import Request
from maillage.core.richtext import shown
from maillage.core.throttle import throttled
from maillage.publications.enums import Section
from maillage.radio.models import Episode, Show
from maillage.radio.queries.covers import SMALL, cover, small_cover
from maillage.radio.queries.linked import linked_episode, linked_show
from maillage.radio.queries.reading import episodes_of, latest_episodes, mentions_of, shows_of
from maillage.radio.registry import episode_side
from maillage.radio.views.asked import show_of

_PER_PAGE = 20


def feed_url(network: Any, show: Show) -> str:
    return absolute_url(network, reverse("radio:feed", args=[show.slug]))


@require_safe
def list_shows(request: Request) -> HttpResponse:
    network = network_of(request)
    context = {
        "shows": list(shows_of(request.viewer)),
        "latest": list(latest_episodes(network)),
        "sections": Section.choices,
        "canonical": absolute_url(network, reverse("radio:show_list")),
    }
    return render(request, "radio/public/list.html", context)


@require_safe
def show_show(request: Request, show: str) -> HttpResponse:
    network, found = network_of(request), show_of(request, show)
    page = paginate(episodes_of(found), request.GET, per_page=_PER_PAGE)
    for episode in page.object_list:
        episode.show = found
    feed = feed_url(network, found)
    context = {
        "show": found,
        "page": page,
        "feed": feed,
        "canonical": absolute_url(network, found.get_absolute_url()),
        "linked": linked_show(found, network, feed) if found.is_open else None,
    }
    return render(request, "radio/public/show.html", context)


@require_safe
def subscribe(request: Request, show: str) -> HttpResponse:
    found = show_of(request, show)
    feed = feed_url(network_of(request), found)
    context = {"show": found, "feed": feed, "bare": feed.partition("://")[2]}
    return render(request, "radio/public/subscribe.html", context)


def episode_at(request: Any, show: str, slug: str) -> Episode:
    """404 for what one may not hear."""
    found = Episode.objects.visible_to(request.viewer).select_related("show").filter(show__slug=show, slug=slug).first()
    if found is None:
        raise Http404
    found.network = network_of(request)
    return found


@require_safe
def show_episode(request: Request, show: str, slug: str) -> HttpResponse:
    """Those who run the network see it before it is published, without what robots read."""
    network, episode = network_of(request), episode_at(request, show, slug)
    mentions = mentions_of(episode)
    context = {
        "episode": episode,
        "show": episode.show,
        "notes": shown(episode.notes, trusted=True),
        "mentions": mentions,
        "canonical": absolute_url(network, episode.get_absolute_url()),
        "feed": feed_url(network, episode.show),
        "linked": linked_episode(episode, network, mentions) if episode.is_shown else None,
        "side_panels": episode_side.panels(request.viewer, episode),
        "runs_network": request.viewer.runs_network,
    }
    return render(request, "radio/public/episode.html", context)


@require_safe
def transcript(request: HttpRequest, show: str, slug: str) -> HttpResponse:
    """The transcript as text, for players that show it."""
    episode = episode_at(request, show, slug)
    if not episode.transcript.strip():
        raise Http404
    response = HttpResponse(episode.transcript.strip() + "\n", content_type="text/plain; charset=utf-8")
    response["Cross-Origin-Resource-Policy"] = "cross-origin" if episode.is_shown else "same-origin"
    return response


@throttled("radio.cover", limit=300, seconds=3600)
@require_safe
def show_cover(request: Request, show: str) -> HttpResponse:
    """For players of podcasts."""
    found = show_of(request, show)
    return _picture(request, found, HttpResponse(cover(found), content_type="image/jpeg"))


@require_safe
def show_small_cover(request: Request, show: str, side: int) -> HttpResponse:
    """For our pages."""
    found = show_of(request, show)
    if side not in SMALL:
        raise Http404
    return _picture(request, found, HttpResponse(small_cover(found, side), content_type="image/webp"))


def _picture(request: Request, found: Show, response: HttpResponse) -> HttpResponse:
    is_public = found.is_open and network_of(request).is_public
    response["Cache-Control"] = "public, max-age=86400" if is_public else "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "cross-origin" if is_public else "same-origin"
    return response
