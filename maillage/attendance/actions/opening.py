"""Opening registrations to an event: how many places, for whom, until when. Never fewer places than are taken."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.activity.actions import record
from maillage.agenda.models import Event
from maillage.agenda.queries.calendar import moment
from maillage.attendance import rules
from maillage.attendance.actions.following import lay_sessions
from maillage.attendance.actions.marking import held, hold_network
from maillage.attendance.actions.serving import settle
from maillage.attendance.enums import ACTIVE, State
from maillage.attendance.models import Opening, Registration, Session
from maillage.attendance.queries.fields import OPENS, PLAIN, fields_of
from maillage.attendance.queries.standing import in_words, taken_of
from maillage.core.errors import Conflict, Refused
from maillage.core.seen import Seen, require_unmoved
from maillage.core.viewer import Viewer


class TooFew(Refused):
    """Fewer places than are taken."""

    def __init__(self, session: Session, taken: int) -> None:
        sentence = ngettext(
            "%(taken)d place est déjà prise (%(date)s) : gardez-en au moins autant.",
            "%(taken)d places sont déjà prises (%(date)s) : gardez-en au moins autant.",
            taken,
        )
        super().__init__(sentence % {"taken": taken, "date": in_words(session)}, status=422)


def set_opening(
    *, by: Viewer, event: Event, fields: Mapping[str, Any], seen: Seen | None = None, at: datetime | None = None
) -> Opening:
    """Open registrations, or change how they are; `fields` and `seen` as their form names them. More places are offered at once to
    those who wait."""
    now = at or timezone.now()
    if unknown := fields.keys() - {*PLAIN, *OPENS}:
        raise TypeError(f"registrations have no {sorted(unknown)}")
    with transaction.atomic():
        hold_network(event.network_id)
        event = Event.objects.select_related("network", "commune__department").get(pk=event.pk)
        rules.may_manage(by, event).require()
        _require_dates(event)
        opening = Opening.objects.filter(event=event).first() or Opening(event=event)
        opening.event = event
        is_new, sizes = opening.pk is None, {session.pk: session.size for session in _coming(opening, now)}
        before = fields_of(opening)
        if not is_new:
            require_unmoved(before, fields, seen)
        _assign(opening, {**before, **fields})
        changes = {
            name: [str(before[name]), str(value)] for name, value in fields_of(opening).items() if value != before[name]
        }
        if not is_new and not changes:
            return opening
        if not is_new and "per_date" in changes:
            _begin_again(opening)
        opening.full_clean()
        opening.save()
        lay_sessions(opening, at=now)
        for session in _coming(opening, now):
            _resize(held(session), now, sizes.get(session.pk, session.size))
        record("registrations.opened" if is_new else "registrations.changed", by=by, subject=opening, changes=changes)
    return opening


def _assign(opening: Opening, fields: Mapping[str, Any]) -> None:
    for name in PLAIN:
        setattr(opening, name, fields[name])
    day = fields["opens_on"]
    hour = fields["opens_hour"] or time(0)
    opening.opens_at = (
        moment(datetime.combine(day, hour), opening.event.tz).astimezone(UTC) if day is not None else None
    )


def _require_dates(event: Event) -> None:
    if not event.timings.exists():
        raise Refused(_("Donnez d'abord une date à l'événement : on s'inscrit pour une date."), status=422)


def _begin_again(opening: Opening) -> None:
    """Per date or for the whole: changed only while nobody counts on it."""
    counted = (*ACTIVE, State.PENDING, State.ASKED)
    if Registration.objects.filter(session__opening=opening, state__in=counted).exists():
        raise Conflict(_("Des personnes sont déjà inscrites : on ne passe plus d'une date à l'ensemble, ni l'inverse."))
    opening.sessions.all().delete()


def _coming(opening: Opening, at: datetime) -> list[Session]:
    if opening.pk is None:
        return []
    found = opening.sessions.filter(Q(is_whole=True) | ~Q(timing=None), starts_at__gt=at)
    return list(found.select_related("opening__event", "timing"))


def _resize(session: Session, at: datetime, before: int) -> None:
    """Of a session held: refused below what is taken, else what is free is offered."""
    settle(session, at=at, freed=max(0, session.size - before))
    taken = taken_of(session, at)
    if session.size < taken and session.size < before:
        raise TooFew(session, taken)


def set_size(*, by: Viewer, session: Session, capacity: int | None, at: datetime | None = None) -> Session:
    """The places of one date; None gives it those of the others."""
    now = at or timezone.now()
    with transaction.atomic():
        session = held(session)
        rules.may_manage(by, session.event).require()
        before, own = session.size, session.capacity
        if capacity == own:
            return session
        session.capacity = capacity
        session.full_clean()
        session.save()
        _resize(session, now, before)
        record("registrations.sized", by=by, subject=session, changes={"capacity": [own, capacity]})
    return session
