"""How the dates of an event stand for someone who would register: places taken and left, who waits, why not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.agenda.models import Event, Timing
from maillage.agenda.queries.wording import day_in_words, timing_in_words
from maillage.agenda.registry.places import Places
from maillage.attendance.enums import HOLDING, TAKES, Standing, State
from maillage.attendance.models import Opening, Registration, Session

SHOWN = 60  # Dates among which one chooses.


@dataclass(frozen=True)
class Counts:
    """Of a session: places `taken` (unconfirmed and offered ones `held` among them), people in the list who wait, and who came."""

    taken: int = 0
    held: int = 0
    registered: int = 0
    waiting: int = 0
    came: int | None = None


@dataclass(frozen=True)
class Date:
    session: Session
    words: str
    standing: Standing
    counts: Counts

    @property
    def left(self) -> int:
        return max(0, self.session.size - self.counts.taken) if self.standing == Standing.OPEN else 0

    @property
    def takes(self) -> bool:
        return self.standing in TAKES

    @property
    def is_full(self) -> bool:
        return self.standing == Standing.FULL


def counts_of(sessions: Iterable[Session], at: datetime) -> dict[int, Counts]:
    """In one query."""
    taking = Q(state=State.CONFIRMED) | Q(state__in=HOLDING, expires_at__gt=at)
    found = Registration.objects.filter(session__in=list(sessions)).order_by().values_list("session")
    rows = found.annotate(
        all_taken=Sum("places", filter=taking, default=0),
        all_held=Sum("places", filter=taking & Q(state__in=HOLDING), default=0),
        registered=Count("pk", filter=Q(state=State.CONFIRMED)),
        waiting=Count("pk", filter=Q(state=State.WAITING)),
        all_came=Sum("came"),
    )
    return {pk: Counts(*numbers) for pk, *numbers in rows}


def taken_of(session: Session, at: datetime) -> int:
    return int(session.registrations.taking(at).aggregate(taken=Sum("places", default=0))["taken"])


def date_of(session: Session, at: datetime | None = None) -> Date:
    at = at or timezone.now()
    counts = counts_of([session], at).get(session.pk, Counts())
    return Date(session, in_words(session), session.standing(counts.taken, at), counts)


def dates_of(opening: Opening, at: datetime | None = None, *, coming: bool = True) -> list[Date]:
    """Those to come in their order; else all, the last first. Two queries."""
    at = at or timezone.now()
    found = opening.sessions.select_related("timing")
    if coming:
        sessions = list(found.filter(Q(starts_at__gt=at), Q(is_whole=True) | ~Q(timing=None))[:SHOWN])
    else:
        sessions = list(found.order_by("-starts_at", "-pk"))
    counts = counts_of(sessions, at)
    dates = []
    for session in sessions:
        session.opening = opening
        told = counts.get(session.pk, Counts())
        dates.append(Date(session, in_words(session), session.standing(told.taken, at), told))
    return dates


def in_words(session: Session) -> str:
    """« mardi 3 mars 2026, de 14 h à 16 h »; of the whole of an event, its first day and its last."""
    tz = session.event.tz
    timing = session.timing or Timing(starts_at=session.starts_at, ends_at=session.ends_at)
    first, last = session.starts_at.astimezone(tz), session.ends_at.astimezone(tz)
    if session.is_whole and (last - first).total_seconds() > 86400:
        return _("toutes les dates, du %(first)s au %(last)s") % {
            "first": day_in_words(first),
            "last": day_in_words(last),
        }
    return timing_in_words(timing, tz)


def opening_of(event: Event) -> Opening | None:
    return Opening.objects.filter(event=event).select_related("event__network", "event__commune__department").first()


def places_of_events(keys: Iterable[int]) -> Mapping[int, Places]:
    """For the pages, the API and the structured data of the agenda; two queries."""
    at = timezone.now()
    sessions = list(
        Session.objects.filter(Q(is_whole=True) | ~Q(timing=None), opening__event__in=list(keys), starts_at__gt=at)
        .select_related("opening__event")
        .order_by("opening", "starts_at")
    )
    counts = counts_of(sessions, at) if sessions else {}
    found: dict[int, list[tuple[Standing, int]]] = {}
    slugs = {session.event.pk: session.event.slug for session in sessions}
    for session in sessions:
        taken = counts.get(session.pk, Counts()).taken
        standing = session.standing(taken, at)
        left = max(0, session.size - taken) if standing == Standing.OPEN else 0
        found.setdefault(session.event.pk, []).append((standing, left))
    return {
        pk: Places(
            _best([standing for standing, _left in dates]),
            sum(left for _standing, left in dates),
            reverse("attendance:register", args=[slugs[pk]]),
        )
        for pk, dates in found.items()
    }


def _best(standings: list[Standing]) -> Literal["open", "full", "soon", "closed"]:
    """How its best date stands."""
    if Standing.OPEN in standings:
        return "open"
    if Standing.FULL in standings:
        return "full"
    return "soon" if Standing.SOON in standings else "closed"
