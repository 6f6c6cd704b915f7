"""The team's table of episodes: what it filters, in what order."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.http import QueryDict

from maillage.core.text import folded
from maillage.core.viewer import Viewer
from maillage.radio.enums import EpisodeState
from maillage.radio.models import Episode, Show

ORDERS: dict[str, tuple[Any, ...]] = {
    "titre": ("title_key",),
    "-titre": ("-title_key",),
    "date": (F("planned_at").asc(nulls_last=True),),
    "-date": (F("planned_at").desc(nulls_first=True),),
}


@dataclass(frozen=True)
class Asked:
    """Unknown values of the address are left out."""

    q: str = ""
    state: str = ""
    show: str = ""
    order: str = "-date"

    @property
    def is_narrow(self) -> bool:
        return bool(self.q or self.show)


def filters_of(params: QueryDict) -> Asked:
    state, order = params.get("etat", ""), params.get("tri", "")
    return Asked(
        q=params.get("q", "").replace("\x00", "").strip()[:100],
        state=state if state in EpisodeState.values else "",
        show=params.get("emission", "")[:80],
        order=order if order in ORDERS else Asked.order,
    )


def _narrowed(viewer: Viewer, asked: Asked) -> "QuerySet[Episode]":
    found = Episode.objects.visible_to(viewer)
    if asked.q:
        found = found.filter(title_key__contains=folded(asked.q))
    if asked.show:
        found = found.filter(show__slug=asked.show)
    return found


def episodes(viewer: Viewer, asked: Asked) -> "QuerySet[Episode]":
    """`count`: of their items."""
    found = _narrowed(viewer, asked)
    if asked.state:
        found = found.filter(state=asked.state)
    rows = found.annotate(count=Count("items")).select_related("show").defer("transcript", "notes")
    return rows.order_by(*ORDERS[asked.order], "-pk")


def state_counts(viewer: Viewer, asked: Asked) -> dict[str, int]:
    return dict(_narrowed(viewer, asked).order_by().values_list("state").annotate(count=Count("pk")))


def shows_with_counts(viewer: Viewer) -> "QuerySet[Show]":
    """`count`: of all their episodes; `to_come`: of those that are neither on air nor cancelled."""
    over = [EpisodeState.BROADCAST, EpisodeState.PUBLISHED, EpisodeState.CANCELLED]
    to_come = Q(episodes__isnull=False) & ~Q(episodes__state__in=over)
    return Show.objects.visible_to(viewer).annotate(count=Count("episodes"), to_come=Count("episodes", filter=to_come))
