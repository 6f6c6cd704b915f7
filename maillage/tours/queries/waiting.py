"""Requests of hosts for the team's queue: those that nobody answered yet, of seasons that are not over."""

from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from maillage.core.viewer import Viewer
from maillage.directory.registry.waiting import Waiting, WaitingKind
from maillage.tours.enums import MOVABLE, RequestState
from maillage.tours.models import HostRequest


def _rows(viewer: Viewer) -> "QuerySet[HostRequest]":
    asked = HostRequest.objects.visible_to(viewer).filter(state=RequestState.ASKED, season__state__in=MOVABLE)
    return asked.order_by().annotate(since=F("created_at"), department=F("commune__department__code"))


def _told(viewer: Viewer, keys: list[int]) -> dict[int, Waiting]:
    found = HostRequest.objects.visible_to(viewer).filter(pk__in=keys).select_related("actor", "commune", "season")
    return {
        row.pk: Waiting(
            row.actor.name,
            row.season.name,
            reverse("tours:request_work", args=[row.season_id, row.pk]),
            row.commune.name,
        )
        for row in found
    }


REQUESTS: Any = WaitingKind("tournee", gettext_lazy("Demandes de passage"), "truck", _rows, _told)
