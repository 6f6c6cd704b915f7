"""What becomes of an event that people report: hidden until the team answers, withdrawn, shown again. Who is told is up to
`moderation`."""

from django.db import transaction
from django.utils import timezone

from maillage.activity.actions import record
from maillage.agenda import rules
from maillage.agenda.actions.marking import hold, mark_changed, withdraw_picture
from maillage.agenda.enums import WITHDRAWN, EventState
from maillage.agenda.models import Event
from maillage.core.viewer import Viewer


def suspend_reported(*, by: Viewer, event: Event) -> Event:
    """Out of all that everyone reads, as `hide_event` does; its author cannot publish it meanwhile."""
    return _move(by, event, (EventState.PUBLISHED,), EventState.SUSPENDED, "event.suspend")


def remove_reported(*, by: Viewer, event: Event, reason: str) -> Event:
    return _move(by, event, (EventState.PUBLISHED, EventState.SUSPENDED), EventState.HIDDEN, "event.hide", reason)


def restore_reported(*, by: Viewer, event: Event) -> Event:
    """As it was, after either."""
    return _move(by, event, WITHDRAWN, EventState.PUBLISHED, "event.resume")


def _move(
    by: Viewer, event: Event, before: tuple[EventState, ...], after: EventState, verb: str, reason: str = ""
) -> Event:
    """One in another state than `before` is left as it is."""
    with transaction.atomic():
        hold([event.pk], by.network)
        event = Event.objects.select_related("commune__department", "network").get(pk=event.pk)
        rules.may_hide(by, event).require()
        if event.state not in before:
            return event
        event.state, event.code, event.reason = after, "", reason[:500]
        event.decided_by, event.decided_at = by.user, timezone.now()
        event.save(update_fields=["state", "code", "reason", "decided_by", "decided_at", "updated_at"])
        if after in WITHDRAWN:
            withdraw_picture(event)
        record(verb, by=by, subject=event)
        mark_changed([event.pk])
    return event
