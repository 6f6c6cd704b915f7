"""What the catalogue has for the team's queue: resources proposed, and why others are offered no more."""

from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy

from maillage.catalogue.enums import State
from maillage.catalogue.models import Resource
from maillage.core.viewer import Viewer
from maillage.directory.registry.waiting import Waiting, WaitingKind


def _proposed(viewer: Viewer) -> "QuerySet[Resource]":
    unread = Q(state=State.PROPOSED) | Q(state=State.RETIRED, reason_waits=True)
    waiting = Resource.objects.visible_to(viewer).filter(unread)
    department = Coalesce("commune__department__code", "actor__commune__department__code", Value(""))
    return waiting.annotate(
        since=Case(When(state=State.RETIRED, then=F("decided_at")), default=Coalesce("proposed_at", "created_at")),
        department=department,
    )


def _told(viewer: Viewer, keys: list[int]) -> dict[int, Waiting]:
    found = Resource.objects.visible_to(viewer).filter(pk__in=keys).select_related("commune", "actor__commune")
    return {each.pk: _line(each) for each in found}


def _line(resource: Resource) -> Waiting:
    place = resource.commune or resource.actor.commune
    return Waiting(
        resource.title,
        f"{resource.get_kind_display().capitalize()} · {resource.actor.name}",
        reverse("catalogue:resource_work", args=[resource.pk]),
        place.name if place is not None else "",
    )


PROPOSED: Any = WaitingKind("resource", gettext_lazy("Ressources"), "briefcase", _proposed, _told)
