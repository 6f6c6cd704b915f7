"""Counts of subscribers and of what became of a letter."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from maillage.core.models import JobStatus
from maillage.core.viewer import Viewer
from maillage.newsletters.enums import ConsentAct, LetterState, SubscriptionState
from maillage.newsletters.models import Consent, Letter, Subscription
from maillage.territories.models import Territory
from maillage.topics.models import Term

_MONTHS = 12


@dataclass(frozen=True)
class Progress:
    """`queued` and `refused` are among those sent: handed to the queue and not yet to the mail server; refused by it since."""

    planned: int
    sent: int
    skipped: int
    refused: int
    queued: int = 0

    @property
    def total(self) -> int:
        return self.planned + self.sent

    @property
    def gone(self) -> int:
        return self.sent - self.queued

    @property
    def waiting(self) -> int:
        return self.planned + self.queued


def progress_of(letter: Letter) -> Progress:
    if letter.forgotten_at is not None:
        return Progress(0, letter.sent_count, letter.skipped_count, letter.refused_count)
    sent = Q(sent_at__isnull=False)
    found = letter.deliveries.aggregate(
        planned=Count("pk", filter=Q(sent_at=None, skipped="")),
        sent=Count("pk", filter=sent),
        skipped=Count("pk", filter=~Q(skipped="")),
        refused=Count("pk", filter=Q(failed_at__isnull=False)),
        queued=Count("pk", filter=sent & Q(job__status__in=[JobStatus.WAITING, JobStatus.RUNNING])),
    )
    return Progress(**found)


def letters_of(viewer: Viewer, state: str = "") -> Any:
    found = Letter.objects.visible_to(viewer).select_related("author")
    if state in LetterState.values:
        found = found.filter(state=state)
    counts = {
        "planned_now": Count("deliveries", filter=Q(deliveries__sent_at=None, deliveries__skipped="")),
        "sent_now": Count("deliveries", filter=Q(deliveries__sent_at__isnull=False)),
    }
    return found.annotate(**counts).order_by("-created_at", "-pk")


def counts_by_letter_state(viewer: Viewer) -> dict[str, int]:
    rows = Letter.objects.visible_to(viewer).order_by().values_list("state")
    return dict(rows.annotate(number=Count("pk")))


def counts_by_state(viewer: Viewer) -> dict[str, int]:
    """`paused` are among the active."""
    here = Subscription.objects.visible_to(viewer)
    found = dict(here.order_by().values_list("state").annotate(number=Count("pk")))
    paused = here.active().filter(paused_until__gt=timezone.localdate()).count()
    return {**dict.fromkeys(SubscriptionState.values, 0), **found, "paused": paused}


def counts_by_choice(viewer: Viewer) -> tuple[list[tuple[str, int]], list[tuple[str, int]], int]:
    """Active subscribers by département and by theme that they chose, and how many chose nothing."""
    active = Subscription.objects.visible_to(viewer).active()
    departments = Counter(dict(active.order_by().values_list("departments").annotate(number=Count("pk"))))
    themes = Counter(dict(active.order_by().values_list("themes").annotate(number=Count("pk"))))
    names = dict(Territory.objects.filter(pk__in=filter(None, departments)).values_list("pk", "name"))
    labels = dict(Term.objects.filter(pk__in=filter(None, themes)).values_list("pk", "label"))
    return (
        sorted(
            ((names[pk], count) for pk, count in departments.items() if pk in names), key=lambda row: (-row[1], row[0])
        ),
        sorted(
            ((labels[pk], count) for pk, count in themes.items() if pk in labels), key=lambda row: (-row[1], row[0])
        ),
        active.filter(departments=None, themes=None).count(),
    )


@dataclass(frozen=True)
class Month:
    first: date
    came: int
    left: int
    refused: int


def months_of(viewer: Viewer) -> list[Month]:
    """The last twelve, the latest first."""
    today = timezone.localdate().replace(day=1)
    months = [today]
    while len(months) < _MONTHS:
        months.append((months[-1].replace(day=1) - timedelta(days=1)).replace(day=1))
    since = timezone.make_aware(datetime.combine(months[-1], datetime.min.time()))
    lines = Consent.objects.filter(network=viewer.network_id, at__gte=since)
    came = _by_month(lines.filter(act__in=[ConsentAct.CONFIRMED, ConsentAct.STATED]), "at")
    left = _by_month(lines.filter(act__in=[ConsentAct.WITHDRAWN, ConsentAct.ERASED]), "at")
    refused = _by_month(Subscription.objects.visible_to(viewer).filter(failed_at__gte=since), "failed_at")
    return [Month(first, came.get(first, 0), left.get(first, 0), refused.get(first, 0)) for first in months]


def _by_month(rows: Any, column: str) -> dict[date, int]:
    found = rows.order_by().annotate(month=TruncMonth(column)).values_list("month").annotate(number=Count("pk"))
    return {month.date(): number for month, number in found}


def proofs_of(viewer: Viewer, subscription: Subscription) -> Any:
    """The journal of consents of an address, for who may read it."""
    return Consent.objects.of(subscription).filter(network=viewer.network_id)
