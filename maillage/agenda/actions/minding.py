"""What time brings: dates of rules without end, embargoes lifted, refused events forgotten."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from maillage.activity.actions import record
from maillage.agenda.actions.marking import forget, hold, mark_changed
from maillage.agenda.actions.scheduling import lay_out
from maillage.agenda.enums import EventState
from maillage.agenda.models import Event
from maillage.agenda.registry import REFUSED_KEPT
from maillage.core.jobs import progress, task
from maillage.core.models import Job
from maillage.core.viewer import Viewer


@task(every=timedelta(days=1))
def extend_rules(job: Job) -> None:
    """The dates of rules without end are made up to the horizon, which moves each day."""
    endless = Event.objects.filter(patterns__last_on=None, patterns__isnull=False).distinct()
    keys = list(endless.exclude(status="cancelled").order_by("pk").values_list("pk", "network_id"))
    for done, (pk, _network) in enumerate(keys):
        progress(job, done, len(keys))
        with transaction.atomic():
            event = Event.objects.select_related("network").filter(pk=pk).first()
            if event is None:
                continue
            hold([pk], event.network)
            if lay_out(event):
                mark_changed([pk])


@task()
def lift_embargo(job: Job, event_id: int) -> None:
    """Pages that were kept while the event was not to be seen are made anew; the event itself shows by its own date."""
    with transaction.atomic():
        event = Event.objects.select_related("network").filter(pk=event_id, state=EventState.PUBLISHED).first()
        if event is None:
            return
        if event.publish_at is not None and event.publish_at > timezone.now():
            return  # Put off meanwhile: another job waits for the new moment.
        hold([event_id], event.network)
        mark_changed([event_id])


def lift_embargo_of(event: Event) -> None:
    """See to it that pages are made anew at the minute set."""
    if event.is_embargoed:
        lift_embargo.enqueue(event_id=event.pk, _at=event.publish_at, _scope=f"network:{event.network_id}")


@task(every=timedelta(days=1))
def forget_refused(job: Job) -> None:
    """Those refused and never proposed again go at their term."""
    refused = Event.objects.filter(state=EventState.REFUSED, published_at=None).select_related("network")
    for event in refused.order_by("pk"):
        kept = timedelta(days=30 * int(event.network.setting(REFUSED_KEPT.name)))
        if event.updated_at > timezone.now() - kept:
            continue
        with transaction.atomic():
            record("event.delete", by=Viewer.as_system(event.network, "forget_refused"), subject=event, touch=False)
            forget(event)
            event.delete()
