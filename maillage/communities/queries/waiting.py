"""Requests for the team's queue: those to enter a community that nobody animates."""

from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy

from maillage.communities.enums import CommunityState, MemberState
from maillage.communities.models import CommunityMember
from maillage.core.viewer import Viewer
from maillage.directory.registry.waiting import Waiting, WaitingKind


def _rows(viewer: Viewer) -> "QuerySet[CommunityMember]":
    animated = CommunityMember.objects.animating().filter(community=OuterRef("community"))
    asked = CommunityMember.objects.filter(
        ~Exists(animated),
        community__network=viewer.network_id,
        community__state=CommunityState.OPEN,
        state=MemberState.ASKED,
    )
    return asked.annotate(since=F("created_at"), department=Value("", CharField()))


def _told(viewer: Viewer, keys: list[int]) -> dict[int, Waiting]:
    found = CommunityMember.objects.filter(pk__in=keys, community__network=viewer.network_id)
    return {
        row.pk: Waiting(
            row.community.name, str(row.user), reverse("communities:member_list", args=[row.community.slug])
        )
        for row in found.select_related("community", "user")
    }


REQUESTS: Any = WaitingKind("community", gettext_lazy("Demandes de communautés"), "users", _rows, _told)
