"""What the agenda changes, told to those who registered: dates moved, cancelled, taken away, back again.

What each person knows is kept with their registration (`told`). A change is told a few minutes later, by what is true then: what was
undone meanwhile is told to nobody, and nothing is told twice.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from maillage.agenda.enums import EventStatus
from maillage.agenda.models import Event, Timing
from maillage.attendance.actions.marking import held, hold_network
from maillage.attendance.actions.serving import settle
from maillage.attendance.actions.telling import tell_change, tell_deleted_event
from maillage.attendance.enums import ACTIVE
from maillage.attendance.models import Opening, Registration, Session
from maillage.attendance.queries.facts import facts_of
from maillage.attendance.queries.standing import taken_of
from maillage.core.jobs import task
from maillage.core.models import Job

PATIENCE = timedelta(minutes=5)


def follow_event(*, keys: Iterable[int], at: datetime | None = None) -> None:
    """Inside the transaction that changed these events."""
    now = at or timezone.now()
    openings = Opening.objects.filter(event__in=list(keys)).select_related("event__network").order_by("pk")
    for opening in openings:
        with transaction.atomic():
            hold_network(opening.event.network_id)
            lay_sessions(opening, at=now)
            if opening.event.status != EventStatus.FULL:
                opening.sessions.exclude(freed=0).update(freed=0)
            if _untold(opening, now):
                tell_changes.enqueue(
                    _scope=f"network:{opening.event.network_id}", _unique=f"attendance:{opening.pk}",
                    _at=now + PATIENCE, opening_id=opening.pk,
                )  # fmt: skip
            for session in opening.sessions.filter(starts_at__gt=now, registrations__state="waiting").distinct():
                settle(held(session), at=now)


def lay_sessions(opening: Opening, *, at: datetime) -> None:
    """Make the sessions those of the dates to come; their moments are those of their dates. One that lost its date stays as it was,
    and takes it back when a date of the same moment is given again."""
    timings = list(opening.event.timings.order_by("starts_at", "pk"))
    sessions = list(opening.sessions.all())
    if not opening.per_date:
        kept = [timing for timing in timings if not timing.is_cancelled] or timings
        if kept:
            first, last = kept[0].starts_at, max(timing.ends_at for timing in kept)
            whole = next(iter(sessions), None) or Session(opening=opening, is_whole=True)
            _write(whole, None, (first, last), all(timing.is_cancelled for timing in timings), at)
        for whole in sessions if not kept else []:
            _write(whole, None, (whole.starts_at, whole.ends_at), True, at)
        return
    known = {session.timing_id: session for session in sessions if session.timing_id is not None}
    lost = {session.starts_at: session for session in sessions if session.timing_id is None}
    for timing in timings:
        session = known.get(timing.pk) or lost.pop(timing.starts_at, None)
        if session is None and timing.starts_at > at:
            session = Session(opening=opening)
        if session is not None:
            _write(session, timing, (timing.starts_at, timing.ends_at), timing.is_cancelled, at)


def _write(
    session: Session, timing: Timing | None, span: tuple[datetime, datetime], is_off: bool, at: datetime
) -> None:
    """Unless it is so already. A date that moves is called to mind again, and has the places that were given when it was past."""
    starts_at, ends_at = span
    values = (timing.pk if timing is not None else None, starts_at, ends_at, is_off)
    if session.pk is not None and values == (session.timing_id, session.starts_at, session.ends_at, session.is_off):
        return
    if session.pk is not None and session.starts_at != starts_at:
        session.registrations.update(reminded_at=None)
        if (taken := taken_of(session, at)) > session.size:
            session.capacity = taken
    session.timing, session.starts_at, session.ends_at, session.is_off = timing, starts_at, ends_at, is_off
    session.save()


def _untold(opening: Opening, at: datetime) -> list[Registration]:
    """Those who stand and know something else than what is. Of an event that nobody reads, nothing is told until it is back, unless another page
    has it: this one does not come back."""
    event = opening.event
    if not event.is_shown and event.same_as_id is None:
        return []
    found = Registration.objects.filter(session__opening=opening, session__ends_at__gt=at, state__in=ACTIVE)
    rows = (
        found.whole()
        .select_related("session__opening__event__commune", "session__opening__event__venue")
        .order_by("pk")
    )
    return [row for row in rows if row.told != facts_of(row.session)]


@task()
def tell_changes(job: Job, opening_id: int) -> None:
    opening = Opening.objects.filter(pk=opening_id).select_related("event__network").first()
    if opening is None:
        return
    with transaction.atomic():
        hold_network(opening.event.network_id)
        for registration in _untold(opening, timezone.now()):
            known, registration.told = registration.told, facts_of(registration.session)
            registration.save(update_fields=["told", "updated_at"])
            tell_change(registration, known)


def tell_deleted(*, event: Event) -> None:
    """Inside the transaction that takes its row away (an import undone)."""
    found = Registration.objects.filter(
        session__opening__event=event, session__ends_at__gt=timezone.now(), state__in=ACTIVE
    )
    for registration in found.whole().order_by("pk"):
        tell_deleted_event(registration)
