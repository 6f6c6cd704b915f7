"""The event of an address, and what its working pages share."""

from django.http import Http404

from maillage.agenda import rules
from maillage.agenda.models import Event
from maillage.core.doors import allowed
from maillage.core.requests import Request

team_page = allowed(rules.may_work)


def event_of(request: Request, pk: int) -> Event:
    """The one of the address, if the viewer may see it."""
    visible = Event.objects.visible_to(request.viewer)
    related = ("commune__department", "venue", "network", "author", "decided_by", "parent")
    if (event := visible.filter(pk=pk).select_related(*related).first()) is None:
        raise Http404
    return event


def own_event(request: Request, pk: int) -> Event:
    """The one of the address, if the viewer may change it; the rule's sentence otherwise."""
    event = event_of(request, pk)
    rules.may_edit(request.viewer, event).require()
    return event
