"""The life of an event: proposed, published, refused, withdrawn; then cancelled, put off, full."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.agenda import rules
from maillage.agenda.actions import telling
from maillage.agenda.actions.marking import forget, hold, mark_changed, withdraw_picture
from maillage.agenda.actions.minding import lift_embargo_of
from maillage.agenda.actions.scheduling import frame
from maillage.agenda.actions.writing import no_date
from maillage.agenda.enums import EventState, EventStatus, RefusalReason
from maillage.agenda.models import Event, Organiser, Timing
from maillage.agenda.queries.calendar import Schedule, Slot
from maillage.agenda.queries.schedules import faults, fields_of
from maillage.core.errors import Conflict, Refused
from maillage.core.seen import Seen, require_unmoved
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor

_OPEN = (EventState.DRAFT, EventState.PROPOSED, EventState.REFUSED, EventState.HIDDEN)


def submit_event(*, by: Viewer, event: Event) -> Event:
    """Publish at once for those who may, else propose to the team."""
    with transaction.atomic():
        event = _held(by, event)
        rules.may_edit(by, event).require()
        _require_settled(event)
        if event.state not in _OPEN:
            raise Conflict(_("Cet événement est déjà publié."))
        if event.state == EventState.HIDDEN and not rules.may_review(by, event):
            raise Refused(_("L'équipe d'animation a retiré cet événement : écrivez-lui pour le remettre."))
        _require_whole(event)
        # What the team refused is read by it again, whoever its author may publish for.
        if rules.may_publish(by, event) and (event.state != EventState.REFUSED or rules.may_review(by, event)):
            return _publish(by, event)
        event.state, event.proposed_at = EventState.PROPOSED, timezone.now()
        event.save(update_fields=["state", "proposed_at", "updated_at"])
        record("event.propose", by=by, subject=event)
        mark_changed([event.pk])
        telling.tell_proposed(event)
    return event


def publish_event(*, by: Viewer, event: Event) -> Event:
    """The team accepts one that was proposed, or puts back one that was withdrawn."""
    with transaction.atomic():
        event = _held(by, event)
        rules.may_review(by, event).require()
        _require_settled(event)
        if event.state == EventState.PUBLISHED:
            raise Conflict(_("Cet événement est déjà publié."))
        _require_whole(event)
        return _publish(by, event)


def refuse_event(*, by: Viewer, event: Event, code: str, reason: str) -> Event:
    """The author reads the reason, and may propose it again once mended."""
    with transaction.atomic():
        event = _held(by, event)
        rules.may_review(by, event).require()
        if event.state != EventState.PROPOSED:
            raise Conflict(_("Cet événement n'attend plus de réponse."))
        if not reason.strip():
            raise Refused(_("Dites pourquoi : la personne le lira."), status=422)
        event.state, event.code, event.reason = EventState.REFUSED, RefusalReason(code), reason.strip()
        event.decided_by, event.decided_at = by.user, timezone.now()
        event.save()
        record("event.refuse", by=by, subject=event, details={"code": event.code})
        mark_changed([event.pk])
        telling.tell_refused(event, by=by)
    return event


def hide_event(*, by: Viewer, event: Event, reason: str = "") -> Event:
    """Out of the public agenda, with all that comes from it: feeds, search, map of the site."""
    with transaction.atomic():
        event = _held(by, event)
        rules.may_hide(by, event).require()
        if event.state != EventState.PUBLISHED:
            raise Conflict(_("Cet événement n'est pas publié."))
        event.state, event.reason = EventState.HIDDEN, reason.strip()[:500]
        event.decided_by, event.decided_at = by.user, timezone.now()
        event.save()
        withdraw_picture(event)
        record("event.hide", by=by, subject=event)
        mark_changed([event.pk])
        telling.tell_withdrawn(event, by=by)
    return event


def delete_event(*, by: Viewer, event: Event) -> None:
    """A draft that nobody else has read."""
    with transaction.atomic():
        event = _held(by, event)
        rules.may_delete(by, event).require()
        record("event.delete", by=by, subject=event)
        forget(event)
        event.delete()


def tell_status(*, by: Viewer, event: Event, status: str, note: str = "", seen_status: str | None = None) -> Event:
    """Whether it takes place. `previous_at` keeps the date first announced of one put off; `seen_status` is what the page
    showed: conflict when somebody said otherwise meanwhile."""
    with transaction.atomic():
        event = _held(by, event)
        rules.may_tell_status(by, event).require()
        if seen_status is not None and seen_status != event.status:
            raise Conflict(
                _("Quelqu'un vient d'indiquer : « %(status)s ». Rechargez la page.")
                % {"status": event.get_status_display()}
            )
        before = {"status": event.status, "status_note": event.status_note}
        if status in (EventStatus.POSTPONED, EventStatus.RESCHEDULED) and event.status not in (
            EventStatus.POSTPONED,
            EventStatus.RESCHEDULED,
        ):
            event.previous_at = _next_date(event)
        elif status == EventStatus.SCHEDULED:
            event.previous_at = None
        event.status, event.status_note = EventStatus(status), note.strip()[:300]
        changes: dict[str, list[Any]] = {
            name: [old, getattr(event, name)] for name, old in before.items() if old != getattr(event, name)
        }
        if not changes:
            return event
        event.sequence += 1
        event.save()
        record("event.status", by=by, subject=event, changes=changes)
        mark_changed([event.pk])
        telling.tell_status(event, by=by)
    return event


def _next_date(event: Event) -> datetime | None:
    upcoming = event.timings.upcoming().order_by("starts_at").first()
    return upcoming.starts_at if upcoming is not None else event.first_at


def change_timing(
    *, by: Viewer, timing: Timing, starts_at: datetime | None = None, ends_at: datetime | None = None,
    is_cancelled: bool | None = None, note: str | None = None,
    fields: Mapping[str, Any] | None = None, seen: Seen | None = None,
) -> Timing:  # fmt: skip
    """One date alone: its hours, that it is cancelled, a word. The others are not touched. `fields` are what was changed, as its
    form names them (`queries.schedules.fields_of`), `seen` what it showed: conflict when someone else changed one meanwhile."""
    with transaction.atomic():
        event = _held(by, timing.event)
        timing = Timing.objects.get(pk=timing.pk)
        require_unmoved(fields_of(timing, event), fields or {}, seen)
        before = _told(timing)
        if starts_at is None or ends_at is None:
            rules.may_tell_status(by, event).require()
        else:
            rules.may_write(by, event).require()
            for fault in faults(Schedule((_slot(starts_at, ends_at, event),))):
                raise Refused(fault, status=422)
            timing.starts_at, timing.ends_at = starts_at, ends_at
            timing.day, timing.all_day = timing.starts_at.astimezone(event.tz).date(), False
        if is_cancelled is not None:
            timing.is_cancelled = is_cancelled
        if note is not None:
            timing.note = note.strip()[:200]
        changes = {name: [before[name], value] for name, value in _told(timing).items() if value != before[name]}
        if not changes:
            return timing
        timing.is_changed = timing.pattern_id is not None
        timing.save()
        event.sequence += 1
        event.save(update_fields=["sequence", "updated_at"])
        frame(event)
        record("event.timing", by=by, subject=event, changes=changes)
        mark_changed([event.pk])
    return timing


def _slot(starts_at: datetime, ends_at: datetime, event: Event) -> Slot:
    starts, ends = (at.astimezone(event.tz).replace(tzinfo=None) for at in (starts_at, ends_at))
    return Slot(starts, ends)


def remove_timing(*, by: Viewer, timing: Timing, seen: Seen | None = None) -> None:
    """Take one date away as if it had never been; of a rule, the day is remembered as an exception."""
    with transaction.atomic():
        event = _held(by, timing.event)
        rules.may_write(by, event).require()
        timing = Timing.objects.select_related("pattern").get(pk=timing.pk)
        require_unmoved(held := fields_of(timing, event), dict.fromkeys(held, "\0"), seen)
        if (pattern := timing.pattern) is not None and timing.rule_day is not None:
            pattern.excluded = sorted({*pattern.excluded, timing.rule_day.isoformat()})
            pattern.save()
        record("event.timing", by=by, subject=event, changes={"timing": [timing.starts_at.isoformat(), None]})
        timing.delete()
        if event.state == EventState.PUBLISHED and not event.by_appointment and not event.timings.exists():
            raise Refused(no_date(), status=422)
        event.sequence += 1
        event.save(update_fields=["sequence", "updated_at"])
        frame(event)
        mark_changed([event.pk])


def _told(timing: Timing) -> dict[str, Any]:
    return {
        "starts_at": timing.starts_at.isoformat(),
        "ends_at": timing.ends_at.isoformat(),
        "is_cancelled": timing.is_cancelled,
        "note": timing.note,
    }


def feature_event(*, by: Viewer, event: Event, featured: bool) -> Event:
    """« À ne pas manquer »."""
    with transaction.atomic():
        event = _held(by, event)
        rules.may_feature(by, event).require()
        if featured == (event.featured_at is not None):
            return event
        event.featured_at = timezone.now() if featured else None
        event.save(update_fields=["featured_at", "updated_at"])
        record("event.feature" if featured else "event.unfeature", by=by, subject=event)
        mark_changed([event.pk])
    return event


def leave_event(*, by: Viewer, event: Event, actor: Actor) -> None:
    """The people of an actor say that it does not organise this event."""
    with transaction.atomic():
        event = _held(by, event)
        rules.may_withdraw_organiser(by, event, actor.pk).require()
        row = Organiser.objects.filter(event=event, actor=actor, withdrawn_at=None).first()
        if row is None:
            raise Conflict(_("Cet acteur ne figure plus parmi les organisateurs."))
        row.withdrawn_at = timezone.now()
        row.save()
        record("event.left", by=by, subject=event, details={"actor": actor.pk})
        mark_changed([event.pk])


def _held(by: Viewer, event: Event) -> Event:
    hold([event.pk], by.network)
    return Event.objects.select_related("commune__department", "venue", "network", "author").get(pk=event.pk)


def _publish(by: Viewer, event: Event) -> Event:
    event.state, event.code, event.reason, event.same_as = EventState.PUBLISHED, "", "", None
    event.published_at = event.published_at or timezone.now()
    event.decided_by, event.decided_at = by.user, timezone.now()
    event.save()
    record("event.publish", by=by, subject=event)
    mark_changed([event.pk])
    telling.tell_published(event, by=by)
    lift_embargo_of(event)
    return event


def _require_settled(event: Event) -> None:
    """What is hidden because of reports comes back by the answer to them."""
    if event.state == EventState.SUSPENDED:
        raise Conflict(_("Cet événement est masqué le temps que l'équipe réponde aux signalements."))


def _require_whole(event: Event) -> None:
    """What everyone must be able to read of an event."""
    if not event.timings.exists() and not event.by_appointment:
        raise Refused(_("Donnez au moins une date, ou « sur rendez-vous »."), status=422)
    if event.attendance != "online" and event.commune_id is None:
        raise Refused(_("Dites dans quelle commune, ou que l'événement est en ligne."), status=422)
