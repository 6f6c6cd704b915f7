"""The team's table of events: what its address asks for, what answers, the counts of its states."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, DateTimeField, F, Max, Min, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy

from maillage.agenda.enums import EventState, EventStatus
from maillage.agenda.models import Event
from maillage.core.text import folded
from maillage.core.viewer import Viewer

PERIODS: dict[str, Any] = {
    "": gettext_lazy("À venir"),
    "semaine": gettext_lazy("Dans les 7 jours"),
    "mois": gettext_lazy("Dans les 30 jours"),
    "passes": gettext_lazy("Passés"),
    "tous": gettext_lazy("Tous"),
    "sans": gettext_lazy("Sans date"),
}
ORDERS = {"date": "next_at", "titre": "title_key", "modifie": "updated_at", "source": "source"}
HERE = "ici"  # The source of those written on this site.


@dataclass(frozen=True)
class TableFilters:
    """`order` is a key of `ORDERS`, after « - » when it goes down."""

    q: str = ""
    state: str = ""
    status: str = ""
    department: str = ""
    source: str = ""
    period: str = ""
    order: str = "date"

    @property
    def is_narrow(self) -> bool:
        return bool(self.q or self.state or self.status or self.department or self.source or self.period)


def filters_of(params: QueryDict) -> TableFilters:
    """What is unknown is left out."""

    def one(name: str, known: Any) -> str:
        value = params.get(name, "")
        return value if value in known else ""

    order = params.get("tri", "")
    return TableFilters(
        params.get("q", "").strip()[:100],
        one("etat", EventState.values),
        one("tenue", EventStatus.values),
        params.get("departement", "")[:3],
        params.get("source", "")[:120],
        one("periode", PERIODS),
        order if order.removeprefix("-") in ORDERS else "-date" if params.get("periode") == "passes" else "date",
    )


def events(viewer: Viewer, asked: TableFilters) -> "QuerySet[Event]":
    """With `next_at`, the next date that is not over nor cancelled, else the last."""
    found = _found(viewer, asked).annotate(next_at=next_date()).select_related("commune__department", "venue", "author")
    by = F(ORDERS[asked.order.removeprefix("-")])
    return found.order_by(by.desc(nulls_last=True) if asked.order.startswith("-") else by.asc(nulls_last=True), "pk")


def next_date() -> Coalesce:
    now = timezone.now()
    return Coalesce(
        Min("timings__starts_at", filter=Q(timings__ends_at__gt=now, timings__is_cancelled=False)),
        Max("timings__starts_at"),
        output_field=DateTimeField(),
    )


def _found(viewer: Viewer, asked: TableFilters, *, any_state: bool = False) -> "QuerySet[Event]":
    found = _in_period(Event.objects.visible_to(viewer), asked.period)
    for word in folded(asked.q).split()[:8]:
        found = found.filter(title_key__contains=word)
    if asked.state and not any_state:
        found = found.filter(state=asked.state)
    if asked.status:
        found = found.filter(status=asked.status)
    if asked.department:
        found = found.filter(commune__department__code=asked.department)
    if asked.source:
        found = found.filter(source="" if asked.source == HERE else asked.source)
    return found


def _in_period(found: "QuerySet[Event]", period: str) -> "QuerySet[Event]":
    now = timezone.now()
    if period == "tous":
        return found
    if period == "passes":
        return found.filter(last_at__lt=now)
    undated = Q(first_at=None, by_appointment=False)
    if period == "sans":
        return found.filter(undated)
    if period in ("semaine", "mois"):
        until = now + timedelta(days=7 if period == "semaine" else 30)
        soon = Event.objects.filter(timings__starts_at__lt=until, timings__ends_at__gt=now)
        return found.filter(pk__in=soon.values("pk"))
    return found.filter(Q(last_at__gte=now) | Q(last_at=None))


def state_counts(viewer: Viewer, asked: TableFilters) -> dict[str, int]:
    """How many of each state under the other filters."""
    found = _found(viewer, asked, any_state=True).order_by().values_list("state")
    return dict(found.annotate(count=Count("pk")))


def sources(viewer: Viewer) -> list[str]:
    """Those that events of the network come from, by name."""
    here = Event.objects.visible_to(viewer).exclude(source="").order_by("source")
    return list(here.values_list("source", flat=True).distinct()[:100])
