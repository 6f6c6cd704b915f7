"""Who may register, who holds the list."""

from datetime import datetime

from django.utils.translation import gettext as _

from maillage.agenda import rules as agenda
from maillage.agenda.models import Event
from maillage.attendance.enums import TAKES, Standing, State
from maillage.attendance.models import Registration, Session
from maillage.core.permissions import Allowed, Answer, Denied
from maillage.core.viewer import Viewer


def may_manage(viewer: Viewer, event: Event) -> Answer:
    """Open registrations, read who comes: who may edit the event."""
    return agenda.may_edit(viewer, event)


def why_not(standing: Standing) -> str:
    """The sentence of a date that takes nobody; "" for the others."""
    return {
        Standing.SOON: _("Les inscriptions ne sont pas encore ouvertes."),
        Standing.CLOSED: _("Les inscriptions sont closes."),
        Standing.OFF: _("Cette date est annulée ou reportée : on ne s'y inscrit plus."),
        Standing.GONE: _("Cette date a été retirée de l'événement : on ne s'y inscrit plus."),
        Standing.OVER: _("Cette date est passée."),
    }.get(standing, "")


def may_register(session: Session, taken: int, at: datetime) -> Answer:
    """For its places, `taken` being so, or its waiting list: anyone who sees the event."""
    standing = session.standing(taken, at)
    return Allowed() if standing in TAKES else Denied(why_not(standing), status=409)


def may_keep(session: Session, at: datetime) -> Answer:
    """Take a place that is held already: until the date begins, though registrations closed meanwhile."""
    if session.goes_on(at):
        return Allowed()
    standing = session.standing(0, at)
    return Denied(why_not(standing) or _("On ne s'y inscrit plus."), status=409)


def may_change(registration: Registration, at: datetime) -> Answer:
    """By its person: until the date begins, also of one that was cancelled."""
    if not registration.is_active:
        return Denied(_("Cette inscription est annulée."), status=409)
    if registration.session.starts_at <= at:
        return Denied(_("La date a commencé : l'inscription ne change plus."), status=409)
    return Allowed()


def may_remove(viewer: Viewer, registration: Registration, at: datetime) -> Answer:
    """Cancel it for its person, with a word: until the date begins. After, one notes who came."""
    if not (answer := may_manage(viewer, registration.event)):
        return answer
    if not registration.is_active and registration.state != State.PENDING:
        return Denied(_("Cette inscription est déjà annulée."), status=409)
    if registration.session.starts_at <= at:
        return Denied(_("La date a commencé : notez plutôt qui est venu."), status=409)
    return Allowed()


def may_count(viewer: Viewer, registration: Registration, at: datetime) -> Answer:
    """Note who came: from the day itself."""
    event, starts = registration.event, registration.session.starts_at
    if not (answer := may_manage(viewer, event)):
        return answer
    if registration.state != State.CONFIRMED:
        return Denied(_("Cette inscription n'est pas confirmée."), status=409)
    if starts.astimezone(event.tz).date() > at.astimezone(event.tz).date():
        return Denied(_("On note qui est venu à partir du jour même."), status=409)
    return Allowed()
