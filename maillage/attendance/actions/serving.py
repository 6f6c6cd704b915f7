"""Places that come free go to those who wait, in order; each is kept until a moment, never past the beginning of the date."""

from datetime import datetime, timedelta

from maillage.agenda.enums import EventStatus
from maillage.attendance.actions.telling import tell_lapsed, tell_offer
from maillage.attendance.enums import HOLDING, State
from maillage.attendance.models import Session
from maillage.attendance.queries.standing import taken_of
from maillage.attendance.registry import OFFER


def settle(session: Session, *, at: datetime, freed: int = 0) -> int:
    """Take back what was kept too long, then offer what is free. Called by each act, which holds the session; `freed` are places
    that it gave back itself. How many offers were made."""
    return serve(session, at=at, freed=freed + release(session, at=at))


def release(session: Session, *, at: datetime) -> int:
    """How many places come free."""
    freed = 0
    for late in session.registrations.filter(state__in=HOLDING, expires_at__lte=at).order_by("pk"):
        late.session = session
        was_offered = late.state == State.OFFERED
        late.state, late.ended_at = (State.LAPSED if was_offered else State.EXPIRED), at
        late.expires_at = None
        late.save()
        freed += late.places
        if was_offered and session.goes_on(at):
            tell_lapsed(late)
    return freed


def serve(session: Session, *, at: datetime, freed: int = 0) -> int:
    """The first whose number fits, in order. Of an event that is said full, only what came free since is offered: the rest is kept by
    who organises."""
    is_full = session.event.status == EventStatus.FULL
    given_back = session.freed
    session.freed = session.freed + freed if is_full else 0
    served = _offer(session, at) if session.goes_on(at) else 0
    if session.freed != given_back:
        session.save(update_fields=["freed", "updated_at"])
    return served


def _offer(session: Session, at: datetime) -> int:
    is_full = session.event.status == EventStatus.FULL
    free = session.size - taken_of(session, at)
    free = min(free, session.freed) if is_full else free
    until = min(at + timedelta(hours=int(session.event.network.setting(OFFER.name))), session.starts_at)
    served = 0
    for each in session.registrations.filter(state=State.WAITING).order_by("turn"):
        if each.places > free:
            continue
        each.session = session
        each.state, each.expires_at = State.OFFERED, until
        each.save()
        tell_offer(each)
        free, served = free - each.places, served + 1
        session.freed -= each.places if is_full else 0
        if free <= 0:
            break
    return served
