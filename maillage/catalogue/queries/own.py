"""The resources of a person: whose sheet they wrote, or offered by an actor that they look after."""

from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy

from maillage.catalogue.enums import State
from maillage.catalogue.models import Resource
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor

STATES: dict[str, Any] = {
    State.DRAFT.value: gettext_lazy("Brouillons"),
    State.PROPOSED.value: gettext_lazy("À valider"),
    State.REFUSED.value: gettext_lazy("À corriger"),
    State.PUBLISHED.value: gettext_lazy("Publiées"),
    State.RETIRED.value: gettext_lazy("Plus proposées"),
    State.SUSPENDED.value: gettext_lazy("Masquées en attendant"),
    State.HIDDEN.value: gettext_lazy("Retirées"),
}
_MOST = 30


def own_actors(viewer: Viewer, *, first: int | None = None) -> list[Actor]:
    """Those that the viewer looks after in this network, by name; `first` before the others."""
    visible = Actor.objects.visible_to(viewer).filter(members__user=viewer.user_id)
    found = list(visible.select_related("commune__department").distinct().order_by("name_key", "pk")[:_MOST])
    return sorted(found, key=lambda actor: actor.pk != first)


def _own(viewer: Viewer) -> "QuerySet[Resource]":
    return Resource.objects.visible_to(viewer).filter(Resource.objects.all().own_of(viewer))


def own_resources(viewer: Viewer, state: str = "") -> "QuerySet[Resource]":
    """The last changed first."""
    found = _own(viewer).filter(state=state) if state else _own(viewer)
    return found.select_related("actor").annotate(stock=Count("copies")).order_by("-updated_at", "-pk")


def state_counts(viewer: Viewer) -> dict[str, int]:
    return dict(_own(viewer).order_by().values_list("state").annotate(count=Count("pk")))
