"""The programme or the episode of an address, and who may open the working pages."""

from typing import Any

from django.http import Http404

from maillage.core.doors import allowed, network_of
from maillage.core.requests import Request
from maillage.radio import rules
from maillage.radio.models import Episode, Item, Show

team_page = allowed(rules.may_work)


def show_of(request: Request, slug: str) -> Show:
    found = Show.objects.visible_to(request.viewer).filter(slug=slug).first()
    if found is None:
        raise Http404
    found.network = network_of(request)
    return found


def episode_of(request: Request, pk: int) -> Episode:
    """The one of the address, if the viewer may see it."""
    found = Episode.objects.visible_to(request.viewer).select_related("show", "author").filter(pk=pk).first()
    if found is None:
        raise Http404
    found.network = network_of(request)
    return found


def item_of(request: Request, episode: Episode, pk: Any) -> Item:
    found = episode.items.select_related("event", "actor", "publication").filter(pk=pk).first() if pk else None
    if found is None:
        raise Http404
    found.episode = episode
    return found
