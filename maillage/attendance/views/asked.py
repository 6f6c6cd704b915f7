"""The event, the session, the registration of an address."""

from django.http import Http404

from maillage.agenda.models import Event
from maillage.attendance import rules
from maillage.attendance.models import Opening, Registration, Session
from maillage.attendance.queries.links import opened_by
from maillage.core.doors import network_of
from maillage.core.requests import Request

_RELATED = ("opening__event__network", "opening__event__commune__department", "timing")


def opening_of_page(request: Request, slug: str) -> Opening:
    """Of an event that everyone reads, whose registrations are held here."""
    network_of(request)
    found = Opening.objects.visible_to(request.viewer).filter(event__slug=slug)
    opening = found.select_related("event__network", "event__commune__department", "event__venue").first()
    if opening is None or not opening.event.is_shown:
        raise Http404
    return opening


def own_event(request: Request, pk: int) -> Event:
    """One whose registrations the viewer holds; the rule's sentence otherwise."""
    visible = Event.objects.visible_to(request.viewer).select_related("network", "commune__department")
    if (event := visible.filter(pk=pk).first()) is None:
        raise Http404
    rules.may_manage(request.viewer, event).require()
    return event


def own_session(request: Request, pk: int) -> Session:
    visible = Session.objects.visible_to(request.viewer).select_related(*_RELATED)
    if (session := visible.filter(pk=pk).first()) is None:
        raise Http404
    rules.may_manage(request.viewer, session.event).require()
    return session


def registration_of(request: Request, session: Session, pk: int) -> Registration:
    visible = Registration.objects.visible_to(request.viewer).whole().filter(session=session)
    if (found := visible.filter(pk=pk).first()) is None:
        raise Http404
    found.session = session
    return found


def linked_registration(request: Request, pk: int, token: str) -> Registration:
    """The one that the link opens; 404 for any other, known or not."""
    if (found := opened_by(network_of(request), pk, token)) is None:
        raise Http404
    return found
