"""The agenda for everyone: what is on, and the page of an event."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from maillage.agenda.models import Event


def list_events(request: HttpRequest) -> HttpResponse:
    return HttpResponse(Event.objects.visible_to(request.viewer).count())  # type: ignore[attr-defined]


def show_event(request: HttpRequest, slug: str) -> HttpResponse:
    event = get_object_or_404(Event.objects.visible_to(request.viewer), slug=slug)  # type: ignore[attr-defined]
    return HttpResponse(event.title)
