"""Undoing what an import did to events: what was touched since stays, and is told."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.agenda import rules
from maillage.agenda.actions.importing import GONE, identifiers_of, snapshot, whole
from maillage.agenda.actions.marking import forget, hold, mark_changed
from maillage.agenda.actions.scheduling import set_schedule
from maillage.agenda.actions.writing import RELATED
from maillage.agenda.enums import EventState, OrganiserRole
from maillage.agenda.models import Event, EventIdentifier, EventRevision, Organiser
from maillage.agenda.queries.calendar import Schedule
from maillage.agenda.queries.kept import schedule_from_json
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.exchange.registry import Recorded
from maillage.networks.models import Network
from maillage.territories.queries.zones import zone_of

Kept = dict[str, str]
_TELLS_CALENDARS = {"schedule", "status", "attendance", "online_url", "venue", "place_name", "address", "commune"}


class Restorer:
    """Puts back the changes of one chunk, in the caller's transaction."""

    def __init__(self, *, by: Viewer, network: Network, changes: Sequence[Recorded]) -> None:
        self.by, self.network, self.changes = by, network, changes
        ids = {change.object_id for change in changes}
        hold(ids, network)
        self.events = {event.pk: event for event in whole().filter(pk__in=ids, network=network)}
        self.identifiers = identifiers_of(self.events)
        revised = set(EventRevision.objects.filter(event__in=ids).values_list("event_id", flat=True))
        parents = set(Event.objects.filter(parent__in=ids).values_list("parent_id", flat=True))
        self.followed = revised | parents
        self.known_actors: set[int] = set()

    def run(self) -> dict[int, Kept]:
        kept: dict[int, Kept] = {}
        touched: list[int] = []
        for change in self.changes:
            event = self.events.get(change.object_id)
            if event is None:
                kept[change.pk] = {} if change.created else {"": _("l'événement n'existe plus")}
            elif not rules.in_reach(self.by, event):
                kept[change.pk] = {"": _("il est dans un département que vous n'animez pas")}
            elif change.created:
                kept[change.pk] = self._remove(event, change)
            else:
                kept[change.pk] = self._put_back(event, change)
                touched.append(event.pk)
        mark_changed(touched)
        return {pk: reasons for pk, reasons in kept.items() if reasons}

    def _now(self, event: Event) -> dict[str, Any]:
        return {**snapshot(event), "state": str(event.state), "identifiers": self.identifiers[event.pk]}

    def _remove(self, event: Event, change: Recorded) -> Kept:
        """One that the import created goes, unless somebody changed it since or something hangs on it."""
        if event.pk in self.followed:
            return {"": _("d'autres événements ou des modifications proposées y tiennent")}
        now, after = self._now(event), change.after
        differing = sorted(name for name in now.keys() | after.keys() if now.get(name) != after.get(name))
        if event.featured_at is not None:
            differing.append("featured_at")
        if differing:
            return dict.fromkeys(differing, _("modifié depuis"))
        record("event.unimport", by=self.by, subject=event)
        forget(event)
        event.delete()
        return {}

    def _put_back(self, event: Event, change: Recorded) -> Kept:
        now = self._now(event)
        after, before = change.after, change.before
        kept: Kept = {}
        back: list[str] = []
        for name, value in after.items():
            if name == "identifiers":
                given = Q()
                for scheme, key in value.items():
                    given |= Q(scheme=scheme, value=key)
                EventIdentifier.objects.filter(given, event=event).delete()
            elif now.get(name, _empty(value)) != value:
                kept[name] = _("modifié depuis")
            else:
                back.append(name)
        for name in back:
            self._set(event, name, before.get(name))
            was = (before.get("provenance") or {}).get(name)
            if was is not None:
                event.provenance[name] = was
            elif name != "state":
                event.provenance.pop(name, None)
        if back:
            if _TELLS_CALENDARS & set(back):
                event.sequence += 1
            event.save()
            if "schedule" in back:
                set_schedule(
                    event, schedule_from_json(before.get("schedule") or {}) if before.get("schedule") else Schedule()
                )
            changes = {name: [after[name], before.get(name)] for name in sorted(back)}
            record("event.update", by=self.by, subject=event, changes=changes, details={"undone": True})
        return kept

    def _set(self, event: Event, name: str, value: Any) -> None:
        if name == "state":
            event.state = EventState(value)
            event.code = GONE if event.state == EventState.HIDDEN else ""
            event.reason = ""
            event.decided_by, event.decided_at = self.by.user, timezone.now()
        elif name == "terms":
            event.terms.set(value or [])
        elif name == "organisers":
            self._organisers(event, value or [])
        elif name in RELATED:
            setattr(event, f"{name}_id", value)
            if name == "commune":
                event.zone = zone_of(event.commune)
        elif name != "schedule":
            setattr(event, name, value)

    def _organisers(self, event: Event, actors: list[int]) -> None:
        """Those who left since stay out; those whose sheet is gone cannot come back."""
        left = set(event.organisers.exclude(withdrawn_at=None).values_list("actor_id", flat=True))
        event.organisers.filter(withdrawn_at=None).delete()
        present = set(Actor.objects.filter(pk__in=actors).values_list("pk", flat=True)) - left
        Organiser.objects.bulk_create(
            [
                Organiser(event=event, actor_id=pk, position=rank,
                          role=OrganiserRole.PARTNER if rank else OrganiserRole.LEAD)
                for rank, pk in enumerate(actors)
                if pk in present
            ]
        )  # fmt: skip


def _empty(value: Any) -> Any:
    """What a field that holds nothing is compared as: `snapshot` leaves it out."""
    return type(value)() if isinstance(value, str | list | dict) else None
