"""Accounts that nobody opens, and what the coming nights do about them (GDP-3)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Prefetch, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from maillage.accounts.enums import AbsenceStep
from maillage.accounts.models import Absence, Role, User
from maillage.accounts.registry import ABSENCE
from maillage.core.viewer import RoleKind
from maillage.networks.models import Network

WARNED_DAYS, REMINDED_DAYS = 30, 7


@dataclass(frozen=True)
class Absent:
    """Someone absent for long, what the next night does about it, and the day of the erasure if nothing changes."""

    user: User
    since: datetime
    step: AbsenceStep
    erased_on: date
    administers: bool
    absence: Absence | None = None


def absences(network: Network | None = None) -> list[Absent]:
    """What the next night does, and what comes in the month after: of a network, or of the instance.

    The term of a person is the longest of the networks where they hold a role.
    """
    now = timezone.now()
    terms = {each.pk: int(each.setting(ABSENCE.name)) for each in Network.objects.all()}
    soonest = min([int(ABSENCE.default), *terms.values()])
    seen = Coalesce("last_login", "joined_at")
    people = User.objects.filter(erased_at=None).annotate(seen=seen)
    people = people.filter(
        Q(seen__lt=_before(now, soonest) + timedelta(days=2 * WARNED_DAYS)) | Q(absence__isnull=False)
    )
    if network is not None:
        people = people.filter(pk__in=Role.objects.held().filter(network=network).values("user"))
    people = people.select_related("absence", "home_network").prefetch_related(
        Prefetch("roles", Role.objects.held(), to_attr="held")
    )
    found = []
    for user in people.order_by("seen", "pk"):
        months = max([terms[role.network_id] for role in user.held if role.network_id], default=int(ABSENCE.default))
        if absent := _absent(user, months, now):
            found.append(absent)
    return found


def _before(now: datetime, months: int) -> datetime:
    return now - timedelta(days=months * 365 / 12)


def _absent(user: Any, months: int, now: datetime) -> Absent | None:
    administers = any(role.kind in (RoleKind.NETWORK_ADMIN, RoleKind.PLATFORM_ADMIN) for role in user.held)
    today = timezone.localdate(now)
    term = timezone.localdate(user.seen + (now - _before(now, months)))
    absence: Absence | None = getattr(user, "absence", None)
    due = (term - today).days
    if absence is None:
        if due > 2 * WARNED_DAYS:
            return None
        # Whoever was never told has the whole month, however late the telling is.
        step = AbsenceStep.SOON if due > WARNED_DAYS else AbsenceStep.WARN
        return Absent(user, user.seen, step, max(term, today + timedelta(days=WARNED_DAYS)), administers)
    return Absent(user, user.seen, *_told(absence, user.seen, due, today), administers, absence)


def _told(absence: Absence, seen: datetime, due: int, today: date) -> tuple[AbsenceStep, date]:
    if absence.since != seen or due > WARNED_DAYS:  # Signed in, or given more time by their network.
        return AbsenceStep.CANCEL, absence.erased_on
    left = (absence.erased_on - today).days
    if absence.reminded_at is None:
        step = AbsenceStep.REMIND if left <= REMINDED_DAYS else AbsenceStep.WAIT
        return step, max(absence.erased_on, today + timedelta(days=REMINDED_DAYS))
    return (AbsenceStep.ERASE if left <= 0 else AbsenceStep.WAIT), absence.erased_on
