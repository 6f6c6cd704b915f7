"""Writing many events at once, under the rules of `writing.assign`: the way of imports.

Creating costs a constant number of queries for a chunk, but for those that have rules of repetition; changing goes through
`update_event`, one by one. The caller holds the transaction.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from maillage.activity.actions import record
from maillage.activity.models import Entry
from maillage.agenda import rules
from maillage.agenda.actions.marking import hold, mark_changed
from maillage.agenda.actions.scheduling import set_schedule
from maillage.agenda.actions.writing import RESERVED, WRITABLE, Written, as_json, assign, compared, update_event
from maillage.agenda.enums import EventState, EventStatus, OrganiserRole
from maillage.agenda.models import DistinctEvents, Event, EventIdentifier, Organiser, Timing
from maillage.agenda.queries.calendar import Schedule
from maillage.agenda.queries.schedules import schedule_of
from maillage.core.text import folded, slugged
from maillage.core.viewer import Viewer
from maillage.directory.actions.writing import Stamp

GONE = "source-muette"  # `Event.code` of one that was withdrawn because its source tells of it no more.
POINT = ("latitude", "longitude")
_BLANK = Event()


@dataclass
class Sheet:
    """An event to write: `values` as for `create_event`, `event_id` when it exists, `distinct_from` those it is not."""

    values: dict[str, Any]
    identifiers: dict[str, str] = field(default_factory=dict)
    event_id: int | None = None
    distinct_from: tuple[int, ...] = ()


@dataclass
class Done:
    """What happened, or would: `changes` field → [before, after] as JSON; `kept` the fields left to who wrote them here; `held`
    the event as it was."""

    event: Event
    created: bool = False
    changes: dict[str, list[Any]] = field(default_factory=dict)
    provenance: dict[str, Any] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    held: Event | None = None

    @property
    def before(self) -> dict[str, Any]:
        if self.created or not self.changes:
            return {}
        return {**{name: pair[0] for name, pair in self.changes.items()}, "provenance": self.provenance}

    @property
    def after(self) -> dict[str, Any]:
        return {name: pair[1] for name, pair in self.changes.items()}


def whole() -> Any:
    """Events with all that `assign` and `snapshot` read of them."""
    return Event.objects.select_related("commune__department", "venue", "network").prefetch_related(
        "terms", "organisers", "timings", "patterns"
    )


def snapshot(event: Event) -> dict[str, Any]:
    """What an event holds that is not empty, as JSON; those of `whole` cost no query."""
    return plain(event) | related(event)


def plain(event: Event) -> dict[str, Any]:
    """Of a `snapshot`, what the row itself tells."""
    held: dict[str, Any] = {}
    for name in sorted(WRITABLE - {"terms", "organisers", "schedule", "image"}):
        attribute = f"{name}_id" if name in ("venue", "commune", "parent") else name
        value = getattr(event, attribute)
        if value != getattr(_BLANK, attribute) and value not in (None, ""):
            held[name] = value.isoformat() if name == "publish_at" else str(value) if isinstance(value, str) else value
    if event.image:
        held["image"] = event.image.name
    return held


def related(event: Event) -> dict[str, Any]:
    """The terms, organisers and dates of an event, as JSON."""
    held: dict[str, Any] = {}
    if terms := sorted(term.pk for term in event.terms.all()):
        held["terms"] = terms
    if organisers := [each.actor_id for each in event.organisers.all() if each.withdrawn_at is None]:
        held["organisers"] = organisers
    if not (schedule := schedule_of(event)).is_empty:
        held["schedule"] = as_json(schedule)
    return held


class EventWriter:
    def __init__(self, *, by: Viewer, stamp: Stamp, state: str = EventState.DRAFT) -> None:
        rules.may_work(by).require()
        self.by, self.stamp, self.state = by, stamp, EventState(state)
        self.network = by.network
        self._slugs: set[str] | None = None

    # --- creating -----------------------------------------------------------------------------------------------------

    def create(self, sheets: Sequence[Sheet]) -> list[Done]:
        if not sheets:
            return []
        hold([], self.network)
        made = [self._new(sheet) for sheet in sheets]
        events = [written.event for written in made]
        Event.objects.bulk_create(events)
        Event.terms.through.objects.bulk_create(
            [Event.terms.through(event_id=each.event.pk, term_id=pk) for each in made for pk in each.terms or ()]
        )
        Organiser.objects.bulk_create(
            [
                Organiser(event=each.event, actor=actor, position=rank, added_by=self.by.user,
                          role=OrganiserRole.PARTNER if rank else OrganiserRole.LEAD)
                for each in made
                for rank, actor in enumerate(dict.fromkeys(each.organisers or ()))
            ]
        )  # fmt: skip
        self._lay_out(made)
        EventIdentifier.objects.bulk_create(
            [
                EventIdentifier(network=self.network, event=event, scheme=scheme, value=value)
                for sheet, event in zip(sheets, events, strict=True)
                for scheme, value in sheet.identifiers.items()
            ]
        )
        self._tell_apart(sheets, events)
        done = [self._done(sheet, written) for sheet, written in zip(sheets, made, strict=True)]
        self._record(done)
        mark_changed([event.pk for event in events])
        return done

    def _new(self, sheet: Sheet) -> Written:
        event = Event(network=self.network, author=self.by.user, slug=self._free_slug(sheet.values["title"]))
        written = assign(event, sheet.values, self.stamp)
        event.title_key = folded(event.title)[:140]
        if self.state == EventState.PUBLISHED:
            rules.may_publish(self.by, event).require()
            event.state, event.published_at = EventState.PUBLISHED, timezone.now()
        return written

    def _free_slug(self, title: str) -> str:
        """`writing.free_slug` for thousands: every taken address is read once."""
        if self._slugs is None:
            self._slugs = set(Event.objects.values_list("slug", flat=True)) | RESERVED
        base = slug = slugged(title, 80)
        number = 1
        while slug in self._slugs:
            number += 1
            slug = f"{base}-{number}"
        self._slugs.add(slug)
        return slug

    def _lay_out(self, made: Iterable[Written]) -> None:
        timings: list[Timing] = []
        framed: list[Event] = []
        for written in made:
            event, schedule = written.event, written.schedule or Schedule()
            if schedule.rules:
                set_schedule(event, schedule)
            for slot in () if schedule.rules else schedule.slots:
                starts, ends = slot.span(event.tz)
                timings.append(
                    Timing(event=event, day=slot.starts.date(), starts_at=starts, ends_at=ends, all_day=slot.all_day)
                )
                event.first_at = min(starts, event.first_at or starts)
                event.last_at = max(ends, event.last_at or ends)
            framed.append(event)
        Timing.objects.bulk_create(timings)
        Event.objects.bulk_update(framed, ["first_at", "last_at"], batch_size=200)

    def _done(self, sheet: Sheet, written: Written) -> Done:
        """What its undoing compares with what the event holds then."""
        values, event = sheet.values, written.event
        blank = copy(event)
        blank.pk = None
        told = {
            name: compared(blank, name, values[name])[1]
            for name in ("terms", "organisers", "schedule")
            if values.get(name)
        }
        after = {**plain(event), **told, "state": str(event.state), "identifiers": dict(sheet.identifiers)}
        return Done(event, created=True, changes={name: [None, value] for name, value in after.items()})

    def _tell_apart(self, sheets: Iterable[Sheet], events: Iterable[Event]) -> None:
        DistinctEvents.objects.bulk_create(
            [
                DistinctEvents(first_id=min(event.pk, other), second_id=max(event.pk, other))
                for sheet, event in zip(sheets, events, strict=True)
                for other in sheet.distinct_from
            ],
            ignore_conflicts=True,
        )

    def _record(self, done: Sequence[Done]) -> None:
        content_type = ContentType.objects.get_for_model(Event)
        Entry.objects.bulk_create(
            [
                Entry(
                    network=self.network,
                    user=self.by.user,
                    system=self.by.system,
                    verb="event.import",
                    content_type=content_type,
                    object_id=each.event.pk,
                    label=each.event.title[:200],
                    changes=each.changes,
                    details={"batch": self.stamp.batch, "source": self.stamp.source},
                )
                for each in done
            ]
        )

    # --- changing -----------------------------------------------------------------------------------------------------

    def plan(self, sheets: Sequence[Sheet]) -> list[Done | None]:
        """What `update` would do, nothing being saved; None for an event that is gone. Seven queries whatever their number."""
        held = {event.pk: event for event in whole().filter(pk__in={sheet.event_id for sheet in sheets})}
        known: dict[int, set[str]] = {pk: set() for pk in held}
        for event_id, scheme in EventIdentifier.objects.filter(event__in=held).values_list("event_id", "scheme"):
            known[event_id].add(scheme)
        return [
            self._planned(held[sheet.event_id], sheet, known[sheet.event_id])
            if sheet.event_id is not None and sheet.event_id in held
            else None
            for sheet in sheets
        ]

    def _planned(self, held: Event, sheet: Sheet, known: set[str]) -> Done:
        event = copy(held)
        event.provenance = dict(held.provenance)
        sheet.values = self._without_those_who_left(held, sheet.values)
        written = assign(event, sheet.values, self.stamp)
        done = Done(event, changes=dict(written.changes), kept=written.kept, held=held)
        self._notice(done, held, sheet, known)
        return done

    @staticmethod
    def _without_those_who_left(held: Event, values: dict[str, Any]) -> dict[str, Any]:
        """An actor whose people said that it does not organise this is not put back by a file."""
        left = {each.actor_id for each in held.organisers.all() if each.withdrawn_at is not None}
        if not left or "organisers" not in values:
            return values
        stayed = [actor for actor in values["organisers"] if actor.pk not in left]
        rest = {name: value for name, value in values.items() if name != "organisers"}
        return {**rest, "organisers": stayed} if stayed else rest

    def _notice(self, done: Done, held: Event, sheet: Sheet, known: set[str]) -> None:
        """What changes without being a value of the sheet: its point, its keys, its coming back."""
        for name in POINT:
            if getattr(held, name) != getattr(done.event, name):
                done.changes.setdefault(name, [getattr(held, name), getattr(done.event, name)])
        done.provenance = {name: held.provenance.get(name) for name in done.changes}
        new = {scheme: value for scheme, value in sheet.identifiers.items() if scheme not in known}
        if new:
            done.changes["identifiers"] = [{}, new]
        if held.state == EventState.HIDDEN and held.code == GONE:
            done.changes["state"] = [str(EventState.HIDDEN), str(EventState.PUBLISHED)]

    def update(self, sheets: Sequence[Sheet]) -> list[Done | None]:
        """Change them; the dates that stay the same keep their rows, and what somebody wrote here is left."""
        planned = self.plan(sheets)
        for sheet, done in zip(sheets, planned, strict=True):
            if done is None or not done.changes:
                continue
            event = Event.objects.get(pk=done.event.pk)
            if done.changes.keys() - {"identifiers", "state"}:
                put_off = "status" in done.changes and done.changes["status"][1] == EventStatus.POSTPONED
                previous = event.first_at if put_off else event.previous_at
                event = update_event(by=self.by, event=event, values=sheet.values, stamp=self.stamp).event
                if put_off:
                    Event.objects.filter(pk=event.pk).update(previous_at=previous)
            for scheme, value in done.changes.get("identifiers", [{}, {}])[1].items():
                EventIdentifier.objects.get_or_create(
                    network=self.network, scheme=scheme, value=value, defaults={"event": event}
                )
            if "state" in done.changes:
                event.state, event.code, event.reason = EventState.PUBLISHED, "", ""
                event.save(update_fields=["state", "code", "reason", "updated_at"])
                record("event.publish", by=self.by, subject=event, details={"source": self.stamp.source})
                mark_changed([event.pk])
            done.event = event
        return planned

    def withdraw(self, event_ids: Sequence[int], reason: str) -> list[Done]:
        """Out of the public agenda: their source announces them no more."""
        hold(event_ids, self.network)
        found = whole().filter(pk__in=event_ids, network=self.network, state=EventState.PUBLISHED).order_by("pk")
        done = []
        for event in found:
            rules.may_hide(self.by, event).require()
            event.state, event.code, event.reason = EventState.HIDDEN, GONE, reason[:500]
            event.decided_by, event.decided_at = self.by.user, timezone.now()
            event.save(update_fields=["state", "code", "reason", "decided_by", "decided_at", "updated_at"])
            record("event.gone", by=self.by, subject=event, details={"source": self.stamp.source})
            done.append(Done(event, changes={"state": [str(EventState.PUBLISHED), str(EventState.HIDDEN)]}))
        mark_changed([each.event.pk for each in done])
        return done


def identifiers_of(events: Iterable[int]) -> Mapping[int, dict[str, str]]:
    """The keys of events in their sources: one query."""
    found: dict[int, dict[str, str]] = {pk: {} for pk in events}
    for event_id, scheme, value in EventIdentifier.objects.filter(event__in=found).values_list(
        "event", "scheme", "value"
    ):
        found[event_id][scheme] = value
    return found
