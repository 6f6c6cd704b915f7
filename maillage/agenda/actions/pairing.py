"""What people decide of two events that look alike: two different ones, or one announced twice."""

from django.db import transaction
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.agenda import rules
from maillage.agenda.actions.marking import hold, mark_changed
from maillage.agenda.actions.stating import hide_event
from maillage.agenda.enums import WITHDRAWN, EventState, OrganiserRole, RefusalReason
from maillage.agenda.models import DistinctEvents, Event, Organiser
from maillage.core.errors import Conflict
from maillage.core.viewer import Viewer


def mark_distinct(*, by: Viewer, first: Event, second: Event) -> None:
    """The pair is not proposed again; said twice, it is said once."""
    with transaction.atomic():
        one, other = _both(by, first, second)
        pair, is_new = DistinctEvents.objects.get_or_create(first=one, second=other)
        if is_new:
            record("event.distinct", by=by, subject=pair.first, details={"other": other.title}, touch=False)


def keep_one(*, by: Viewer, kept: Event, other: Event) -> Event:
    """The same event, announced twice: `other` leaves the agenda, who organises it becomes a partner of `kept` and may write it.

    `other` keeps its keys, so that its source read again changes it out of sight and brings nothing back.
    """
    with transaction.atomic():
        for event in _both(by, kept, other):
            if event.pk == kept.pk:
                kept = event
            else:
                other = event
        if kept.state in WITHDRAWN or other.state in WITHDRAWN:
            raise Conflict(_("L'un des deux vient d'être retiré de l'agenda : rechargez la page."))
        reason = _("Déjà dans l'agenda : « %(title)s », %(path)s") % {
            "title": kept.title,
            "path": kept.get_absolute_url(),
        }
        if other.state == EventState.PUBLISHED:
            other = hide_event(by=by, event=other, reason=reason)
            Event.objects.filter(pk=other.pk).update(code=RefusalReason.DUPLICATE, same_as=kept)
        else:
            other.state, other.code, other.reason = EventState.HIDDEN, RefusalReason.DUPLICATE, reason[:500]
            other.same_as = kept
            other.save(update_fields=["state", "code", "reason", "same_as", "updated_at"])
            record("event.hide", by=by, subject=other, details={"same_as": kept.title})
        _share(by, kept, other)
        mark_changed([kept.pk, other.pk])
    return kept


def _share(by: Viewer, kept: Event, other: Event) -> None:
    held = set(kept.organisers.values_list("actor_id", flat=True))
    missing = [each.actor_id for each in other.organisers.filter(withdrawn_at=None) if each.actor_id not in held]
    Organiser.objects.bulk_create(
        [
            Organiser(
                event=kept, actor_id=pk, position=len(held) + rank, added_by=by.user,
                role=OrganiserRole.PARTNER if held or rank else OrganiserRole.LEAD,
            )
            for rank, pk in enumerate(missing)
        ]
    )  # fmt: skip
    if missing:
        changes = {"organisers": [sorted(held), sorted({*held, *missing})]}
        record("event.update", by=by, subject=kept, changes=changes)


def _both(by: Viewer, first: Event, second: Event) -> tuple[Event, Event]:
    """The two, locked, the smaller key first; both within the reach of who decides."""
    if first.pk == second.pk:
        raise Conflict(_("C'est le même événement."))
    hold([first.pk, second.pk], by.network)
    found = Event.objects.select_related("commune__department", "network").filter(
        pk__in=[first.pk, second.pk], network=by.network
    )
    events = list(found.order_by("pk"))
    if len(events) != 2:
        raise Conflict(_("L'un des deux événements n'existe plus."))
    for event in events:
        rules.may_review(by, event).require()
    return events[0], events[1]
