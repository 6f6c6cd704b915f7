"""What someone changed of an event at a form that others may have open; the picture that goes with it."""

from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.agenda import rules
from maillage.agenda.actions.marking import hold
from maillage.agenda.actions.stating import submit_event
from maillage.agenda.actions.writing import Written, create_event, update_event
from maillage.agenda.models import DistinctEvents, Event
from maillage.agenda.queries.fields import held_fields, recorded
from maillage.agenda.queries.pictures import is_taken
from maillage.core import images
from maillage.core.errors import Conflict
from maillage.core.jobs import task
from maillage.core.models import Job
from maillage.core.seen import Seen, require_unmoved
from maillage.core.viewer import Viewer
from maillage.directory.actions.writing import Stamp

_KEPT_HOURS = 24


def edit_event(
    *, by: Viewer, event: Event, fields: dict[str, Any], seen: Seen | None, stamp: Stamp | None = None
) -> Written:
    """`fields` are what was changed, as the forms of the event name them (`queries.fields`), `seen` what they showed.

    Conflict when someone else changed one of them meanwhile.
    """
    with transaction.atomic():
        hold([event.pk], by.network)
        event = Event.objects.select_related("network", "parent").get(pk=event.pk)
        rules.may_write(by, event).require()
        require_unmoved(held_fields(event, by, fields), fields, seen)
        old = event.image.name
        written = update_event(by=by, event=event, values=recorded(event, by, fields), stamp=stamp)
        follow_picture(written, old or "")
    return written


def follow_picture(written: Written, old: str = "") -> None:
    """Make the widths of a new picture and forget the `old` one."""
    if "image" not in written.changes:
        return
    if written.event.image:
        images.make_derivatives.enqueue(name=written.event.image.name)
    if old:
        transaction.on_commit(lambda: images.forget(old))


def contribute(*, by: Viewer, values: dict[str, Any], apart_from: list[Event], submit: bool) -> Event:
    """A new event, sent at once to the team or to everyone when `submit`; those `apart_from` which it was shown and is not are
    remembered."""
    with transaction.atomic():
        hold([], by.network)
        if (picture := values.get("image")) and is_taken(picture):
            raise Conflict(_("Cette photo accompagne déjà un autre événement : choisissez-la de nouveau."))
        event = create_event(by=by, values=values)
        if event.image:
            images.make_derivatives.enqueue(name=event.image.name)
        judge_distinct(by=by, event=event, others=apart_from)
        return submit_event(by=by, event=event) if submit else event


def judge_distinct(*, by: Viewer, event: Event, others: list[Event]) -> None:
    """« Aucun de ceux-là »: these pairs are not asked about again."""
    rules.may_edit(by, event).require()
    pairs = [sorted((event.pk, other.pk)) for other in others if other.pk != event.pk]
    made = [DistinctEvents(first_id=first, second_id=second) for first, second in pairs]
    with transaction.atomic():
        DistinctEvents.objects.bulk_create(made, ignore_conflicts=True)
        for other in others:
            record("event.distinct", by=by, subject=event, details={"other": other.title}, touch=False)


# --- a picture that waits for the rest of its form ----------------------------------------------------------------------


def keep_picture(picture: ContentFile) -> str:
    """Keep a picture received with a form that is not over; its name, until the form comes back, a day at most."""
    name = default_storage.save(f"events/{picture.name}", picture)
    forget_kept.enqueue(name=name, _at=timezone.now() + timedelta(hours=_KEPT_HOURS))
    return name


@task()
def forget_kept(job: Job, name: str) -> None:
    """Unless an event took it, or words that wait for the team."""
    if not is_taken(name):
        images.forget(name)
