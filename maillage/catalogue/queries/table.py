"""The team's table of resources: what it filters, in what order."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.http import QueryDict

from maillage.catalogue.enums import FORM_OF, Form, Kind, State
from maillage.catalogue.models import Resource
from maillage.core.text import folded
from maillage.core.viewer import Viewer

ORDERS = {
    "titre": ("title_key",), "-titre": ("-title_key",), "date": ("updated_at",), "-date": ("-updated_at",),
    "stock": ("stock",), "-stock": ("-stock",),
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """Unknown values of the address are left out."""

    q: str = ""
    state: str = ""
    form: str = ""
    order: str = "-date"

    @property
    def is_narrow(self) -> bool:
        return bool(self.q or self.form)


def filters_of(params: QueryDict) -> Asked:
    state, form, order = params.get("etat", ""), params.get("forme", ""), params.get("tri", "")
    return Asked(
        q=params.get("q", "").replace("\x00", "").strip()[:100],
        state=state if state in State.values else "",
        form=form if form in Form.values else "",
        order=order if order in ORDERS else Asked.order,
    )


def _narrowed(viewer: Viewer, asked: Asked) -> "QuerySet[Resource]":
    found = Resource.objects.visible_to(viewer)
    if asked.q:
        found = found.filter(title_key__contains=folded(asked.q))
    if asked.form:
        found = found.filter(kind__in=[kind for kind in Kind if FORM_OF[kind] == asked.form])
    return found


def resources(viewer: Viewer, asked: Asked) -> "QuerySet[Resource]":
    """`stock`: how many copies."""
    found = _narrowed(viewer, asked)
    found = found.filter(state=asked.state) if asked.state else found
    return found.annotate(stock=Count("copies")).select_related("actor").order_by(*ORDERS[asked.order], "-pk")


def state_counts(viewer: Viewer, asked: Asked) -> dict[str, int]:
    return dict(_narrowed(viewer, asked).order_by().values_list("state").annotate(count=Count("pk")))
