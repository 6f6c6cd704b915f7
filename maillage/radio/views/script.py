"""The script of an episode: to be printed, carried as text, with the people to call on a page of its own."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from maillage.core.requests import Request
from maillage.radio.queries.order import contacts_of, order_of, plain_text
from maillage.radio.views.asked import episode_of, team_page


@team_page
@require_safe
def show_script(request: Request, pk: int) -> HttpResponse:
    episode = episode_of(request, pk)
    return render(request, "radio/work/script.html", {"episode": episode, "order": order_of(episode)})


@team_page
@require_safe
def download_script(request: Request, pk: int) -> HttpResponse:
    episode = episode_of(request, pk)
    response = HttpResponse(plain_text(order_of(episode), episode), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="script-{episode.slug}.txt"'
    response["Cache-Control"] = "private, no-store"
    return response


@team_page
@require_safe
def show_contacts(request: Request, pk: int) -> HttpResponse:
    """For the team alone."""
    episode = episode_of(request, pk)
    context = {
        "episode": episode,
        "contacts": contacts_of(episode, request.viewer),
        "day": timezone.localdate(),
    }
    response = render(request, "radio/work/contacts.html", context)
    response["Cache-Control"] = "private, no-store"
    return response
