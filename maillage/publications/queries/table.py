"""The team's table of publications: what it filters, in what order."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.http import QueryDict

from maillage.core.text import folded
from maillage.core.viewer import Viewer
from maillage.publications.enums import Kind, State
from maillage.publications.models import Publication

ORDERS = {
    "titre": ("title_key",),
    "-titre": ("-title_key",),
    "date": ("updated_at",),
    "-date": ("-updated_at",),
    "lectures": ("read",),
    "-lectures": ("-read",),
}


@dataclass(frozen=True)
class Asked:
    """Unknown values of the address are left out."""

    q: str = ""
    state: str = ""
    kind: str = ""
    department: str = ""
    featured: bool = False
    order: str = "-date"

    @property
    def is_narrow(self) -> bool:
        return bool(self.q or self.kind or self.department or self.featured)


def filters_of(params: QueryDict) -> Asked:
    state, kind, order = params.get("etat", ""), params.get("nature", ""), params.get("tri", "")
    department = params.get("departement", "")[:3]
    return Asked(
        q=params.get("q", "").replace("\x00", "").strip()[:100],
        state=state if state in State.values else "",
        kind=kind if kind in Kind.values else "",
        department=department if department.isalnum() else "",
        featured=params.get("une") == "oui",
        order=order if order in ORDERS else Asked.order,
    )


def _narrowed(viewer: Viewer, asked: Asked) -> "QuerySet[Publication]":
    found = Publication.objects.visible_to(viewer)
    if asked.q:
        found = found.filter(title_key__contains=folded(asked.q))
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.department:
        inside = Q(places__code=asked.department, places__kind="department")
        there = Publication.objects.filter(inside | Q(places__department__code=asked.department))
        found = found.filter(pk__in=there.values("pk"))
    if asked.featured:
        found = found.filter(featured_at__isnull=False)
    return found


def publications(viewer: Viewer, asked: Asked) -> "QuerySet[Publication]":
    """`read`: how often, in all."""
    found = _narrowed(viewer, asked)
    if asked.state:
        found = found.filter(state=asked.state)
    read: Any = Sum("readings__count", default=0)
    return found.annotate(read=read).select_related("author").order_by(*ORDERS[asked.order], "-pk")


def state_counts(viewer: Viewer, asked: Asked) -> dict[str, int]:
    return dict(_narrowed(viewer, asked).order_by().values_list("state").annotate(count=Count("pk", distinct=True)))
