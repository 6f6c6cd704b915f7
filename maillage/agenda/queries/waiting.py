"""What the agenda has for the team's queue: events proposed, words on published ones."""

from datetime import timedelta
from typing import Any

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.agenda.enums import EventState
from maillage.agenda.models import Event, EventRevision
from maillage.agenda.queries.history import labels_of
from maillage.core.dates import date_format
from maillage.core.viewer import Viewer
from maillage.directory.registry.waiting import Waiting, WaitingKind

_NOWHERE = Value("", CharField())


def _proposed(viewer: Viewer) -> "QuerySet[Event]":
    waiting = Event.objects.visible_to(viewer).filter(state=EventState.PROPOSED)
    return waiting.annotate(
        since=Coalesce("proposed_at", "created_at"), department=Coalesce("commune__department__code", _NOWHERE)
    )


def _told_proposed(viewer: Viewer, keys: list[int]) -> dict[int, Waiting]:
    found = Event.objects.visible_to(viewer).filter(pk__in=keys).select_related("commune__department", "author")
    return {
        event.pk: Waiting(
            event.title,
            " · ".join(filter(None, [str(event.author or event.source), _when(event)])),
            reverse("agenda:event_work", args=[event.pk]),
            _place(event),
            is_late=event.first_at is not None and event.first_at < timezone.now() + timedelta(days=3),
        )
        for event in found
    }


def _when(event: Event) -> str:
    if event.first_at is None:
        return _("sur rendez-vous") if event.by_appointment else ""
    return date_format(event.first_at.astimezone(event.tz), "j F Y")


def _revisions(viewer: Viewer) -> "QuerySet[EventRevision]":
    """Not one's own: somebody else reviews them."""
    waiting = EventRevision.objects.visible_to(viewer).waiting().filter(network=viewer.network_id)
    return waiting.exclude(author=viewer.user_id).annotate(
        since=F("sent_at"), department=Coalesce("event__commune__department__code", _NOWHERE)
    )


def _told_revisions(viewer: Viewer, keys: list[int]) -> dict[int, Waiting]:
    found = EventRevision.objects.visible_to(viewer).filter(pk__in=keys)
    return {
        revision.pk: Waiting(
            revision.event.title,
            f"{revision.author} · {', '.join(labels_of(list(revision.values)))}",
            reverse("agenda:event_revision_show", args=[revision.pk]),
            _place(revision.event),
        )
        for revision in found.select_related("event__commune__department", "author")
    }


def _place(event: Event) -> str:
    if event.commune is None:
        return ""
    department = event.commune.department
    return f"{event.commune.name} ({department.code})" if department is not None else event.commune.name


PROPOSED: Any = WaitingKind("event", gettext_lazy("Événements"), "calendar", _proposed, _told_proposed)
REVISIONS: Any = WaitingKind(
    "event_revision", gettext_lazy("Modifications d'événements"), "pencil", _revisions, _told_revisions
)
