"""The list of a date for who organises: who comes, who waits, who is to confirm, who came; the rows that leave as a file."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.attendance.enums import ACTIVE, State
from maillage.attendance.models import Opening, Registration, Session
from maillage.core.text import folded
from maillage.core.viewer import Viewer

_ORDER = ("is_group", "name", "pk")
COLUMNS = [
    _("Nom"), _("Adresse e-mail"), _("Places"), _("Établissement"), _("Niveau"), _("État"), _("Rang dans la liste d'attente"),
    _("Inscription du"), _("Personnes venues"),
]  # fmt: skip


def anyone_counts_on(opening: Opening) -> bool:
    states = (*ACTIVE, State.PENDING, State.ASKED)
    return Registration.objects.filter(session__opening=opening, state__in=states).exists()


def is_day(session: Session, at: datetime) -> bool:
    """Whether who came is noted by now."""
    tz = session.event.tz
    return session.starts_at.astimezone(tz).date() <= at.astimezone(tz).date()


def told(viewer: Viewer, session: Session, at: datetime) -> dict[str, Any]:
    """`confirmed` by name, groups last; `waiting` in the order of the list, with those to whom a place is offered."""
    rows = list(Registration.objects.visible_to(viewer).filter(session=session).select_related("user"))
    waits = (State.WAITING, State.OFFERED)
    waiting = sorted((row for row in rows if row.state in waits), key=lambda row: row.turn or 0)
    confirmed = [row for row in rows if row.state == State.CONFIRMED]
    pending = [row for row in rows if row.state == State.PENDING and row.expires_at and row.expires_at > at]
    return {
        "confirmed": sorted(confirmed, key=lambda row: (row.is_group, folded(row.name), row.pk)),
        "waiting": waiting,
        "pending": sum(row.places for row in pending),
        "ended": sum(1 for row in rows if row.state in (State.CANCELLED, State.REMOVED, State.DECLINED, State.LAPSED)),
        "people": sum(row.places for row in confirmed),
        "came": sum(row.came or 0 for row in confirmed),
        "counted": sum(1 for row in confirmed if row.came is not None),
    }


def rows_of(viewer: Viewer, session: Session) -> list[list[Any]]:
    found = Registration.objects.visible_to(viewer).filter(session=session, state__in=ACTIVE).order_by(*_ORDER)
    ranks = {pk: rank for rank, pk in enumerate(_waiting(session), 1)}
    return [
        [
            each.name, each.email, each.places, each.group_name, each.level, each.get_state_display(), ranks.get(each.pk, ""),
            timezone.localtime(each.created_at, session.event.tz).date().isoformat(), "" if each.came is None else each.came,
        ]
        for each in found
    ]  # fmt: skip


def _waiting(session: Session) -> list[int]:
    found = session.registrations.filter(state=State.WAITING).order_by("turn")
    return list(found.values_list("pk", flat=True))
