"""Writing an event: the one way in for forms, imports, the API and the command line.

Values are keyed by field: plain ones as Python values, `venue`, `commune`, `parent` as objects, `terms` as a collection of
objects, `organisers` as a list of actors (the first leads), `schedule` as a `queries.calendar.Schedule`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.agenda import rules
from maillage.agenda.actions import telling
from maillage.agenda.actions.marking import hold, mark_changed
from maillage.agenda.actions.minding import lift_embargo_of
from maillage.agenda.actions.scheduling import set_schedule
from maillage.agenda.enums import Attendance, EventState, OrganiserRole
from maillage.agenda.models import Event, EventIdentifier, Organiser
from maillage.agenda.queries.calendar import Schedule
from maillage.agenda.queries.schedules import faults, schedule_of
from maillage.core.errors import Refused
from maillage.core.richtext import sanitised
from maillage.core.text import legible, slugged
from maillage.core.throttle import hit
from maillage.core.viewer import Viewer
from maillage.directory.actions.writing import Stamp
from maillage.directory.enums import Origin, PositionQuality
from maillage.directory.models import Actor
from maillage.directory.queries.homes import keeps_home_private
from maillage.territories.queries.zones import zone_of

EVENTS_AN_HOUR = 30
RELATED = {"venue", "commune", "parent"}
PLAIN = {
    "title", "summary", "description", "languages", "attendance", "online_url", "place_name", "address", "postal_code",
    "latitude", "longitude", "place_access", "access_notes", "organiser_name", "website", "age_min", "age_max", "cycles",
    "price", "conditions", "bookings", "image", "image_alt", "image_role", "image_credit", "image_licence", "publish_at",
    "source", "source_url", "status", "status_note",
}  # fmt: skip
WRITABLE = PLAIN | RELATED | {"terms", "organisers", "schedule"}
_TELLS_CALENDARS = {
    "schedule", "status", "attendance", "online_url", "venue", "place_name", "address", "commune", "latitude", "longitude",
}  # fmt: skip
RESERVED = {"integrer", "widget", "proposer", "nouveau", "mois", "donnees"}  # Pages of the agenda itself.
_UNCHECKED = ["slug", "network", "author", "uid"]


@dataclass
class Written:
    """`changes`: field → [before, after] as JSON values; `kept`: fields that somebody wrote here and an import left."""

    event: Event
    changes: dict[str, list[Any]] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    terms: list[int] | None = None
    organisers: list[Actor] | None = None
    schedule: Schedule | None = None
    joined: list[Actor] = field(default_factory=list)  # Organisers that were not there before.


def stamp_for(by: Viewer, event: Event) -> Stamp:
    """The stamp of a person at a form: the team's, or that of those who organise it."""
    team = by.runs_network and not rules.organises(by, event)
    return Stamp(Origin.ANIMATOR if team else Origin.ACTOR, by.system, by.user_id)


def create_event(
    *,
    by: Viewer,
    values: Mapping[str, Any],
    stamp: Stamp | None = None,
    state: str = EventState.DRAFT,
    identifiers: Mapping[str, str] | None = None,
) -> Event:
    """A new event of the viewer's network; in another state than a draft only for who writes at once."""
    rules.may_contribute(by).require()
    _require_pace(by)
    with transaction.atomic():
        hold([], by.network)
        event = Event(network=by.network, author=by.user, slug=free_slug(values["title"]))
        stamp = stamp or stamp_for(by, event)
        written = assign(event, values, stamp)
        _save(written, by)
        if state == EventState.PUBLISHED:
            rules.may_publish(by, event).require()
            event.state, event.published_at = EventState.PUBLISHED, timezone.now()
            event.save(update_fields=["state", "published_at", "updated_at"])
        for scheme, value in (identifiers or {}).items():
            EventIdentifier.objects.create(network=by.network, event=event, scheme=scheme, value=value)
        record("event.create", by=by, subject=event, changes=written.changes)
        telling.tell_organisers(event, written.joined, by=by)
        mark_changed([event.pk])
    return event


def _require_pace(by: Viewer) -> None:
    """Those who are not of the team make so many an hour: the team reads them one by one."""
    if by.system or by.runs_network:
        return
    if hit("agenda.create", f"{by.network_id}:{by.user_id}", limit=EVENTS_AN_HOUR, seconds=3600):
        raise Refused(
            _("Beaucoup d'événements viennent d'être proposés depuis votre compte : réessayez dans une heure."),
            status=429,
        )


def update_event(*, by: Viewer, event: Event, values: Mapping[str, Any], stamp: Stamp | None = None) -> Written:
    """Change an event at once: `actions.revising` is for those whose words wait."""
    with transaction.atomic():
        hold([event.pk], by.network)
        event = Event.objects.select_related("commune__department", "venue", "network").get(pk=event.pk)
        rules.may_write(by, event).require()
        was_shown = event.is_shown
        stamp = stamp or stamp_for(by, event)
        _require_reach(by, event, values, stamp)
        written = assign(event, values, stamp)
        if not written.changes:
            return written
        if written.changes.keys() & _TELLS_CALENDARS:
            event.sequence += 1
        _save(written, by)
        record("event.update", by=by, subject=event, changes=written.changes)
        telling.tell_organisers(event, written.joined, by=by)
        mark_changed([event.pk], were_shown=[event.pk] if was_shown else [])
        if "publish_at" in written.changes:
            lift_embargo_of(event)
    return written


def _require_reach(by: Viewer, event: Event, values: Mapping[str, Any], stamp: Stamp) -> None:
    """Where an event goes and what it joins are within the reach of who writes; imports look at it line by line."""
    if stamp.batch:
        return
    venue, parent = values.get("venue"), values.get("parent")
    place = _place_of(venue) if venue is not None else {}
    rules.may_move(by, event, values.get("commune", place.get("commune"))).require()
    if parent is not None and parent.pk != event.parent_id:
        rules.may_attach(by, event, parent).require()


def assign(event: Event, values: Mapping[str, Any], stamp: Stamp) -> Written:
    """Set `values` on `event` without saving. An empty value from an import never erases, and an import changes nothing of
    what somebody wrote here. KeyError on a field that may not be written."""
    written = Written(event)
    imported = stamp.origin in (Origin.IMPORT, Origin.API)
    given = dict(values)
    if (venue := given.get("venue")) is not None:
        given = {**_place_of(venue), **_access_of(venue, event), **given}
    for name, each in given.items():
        value = _cleaned(name, each, trusted=stamp.origin == Origin.ANIMATOR)
        before, after = compared(event, name, value)
        if before == after or (imported and after in (None, "", [])):
            continue
        if imported and event.wrote_itself(name):
            written.kept.append(name)
            continue
        if name == "terms":
            written.terms = after
        elif name == "organisers":
            written.organisers = list(value)
        elif name == "schedule":
            written.schedule = value
        else:
            setattr(event, name, "" if value is False and name == "image" else value)
        event.provenance[name] = stamp.as_json()
        written.changes[name] = [before, after]
    _locate(event, written.changes)
    if "commune" in written.changes and event.commune is not None:
        _follow_clock(written, zone_of(event.commune))
    return written


def _follow_clock(written: Written, zone: str) -> None:
    """An event whose place is under another clock stays at the hours that were typed."""
    event = written.event
    if zone != event.zone and event.pk and written.schedule is None:
        written.schedule = schedule_of(event)
    event.zone = zone


def _access_of(venue: Actor, event: Event) -> dict[str, Any]:
    """What an actor tells of the ways into its place, where the event tells nothing of its own."""
    told: dict[str, Any] = {}
    if not keeps_home_private(venue.kind, venue.contact_is_public):
        if venue.place_access and not event.place_access:
            told["place_access"] = list(venue.place_access)
        if venue.access_notes and not event.access_notes:
            told["access_notes"] = venue.access_notes
    return told


def _cleaned(name: str, value: Any, *, trusted: bool) -> Any:
    if name not in WRITABLE:
        raise KeyError(name)
    if isinstance(value, str):
        value = legible(value)
    if name == "description":
        return sanitised(value, trusted=trusted)
    return round(value, 7) if name in ("latitude", "longitude") and value is not None else value


def _place_of(venue: Actor) -> dict[str, Any]:
    """What an actor tells of its place; of a person who keeps a home private, the commune alone."""
    if keeps_home_private(venue.kind, venue.contact_is_public):
        return {"commune": venue.commune, "place_name": venue.name}
    placed = venue.position_quality != PositionQuality.TO_PLACE  # A point in doubt is on no map.
    return {
        "place_name": venue.name,
        "address": venue.address,
        "postal_code": venue.postal_code,
        "commune": venue.commune,
        "latitude": venue.latitude if placed else None,
        "longitude": venue.longitude if placed else None,
    }


def _locate(event: Event, changes: Mapping[str, Any]) -> None:
    """Without a point of its own, an event is at the middle of its commune."""
    if event.attendance == Attendance.ONLINE:
        return
    moved = "commune" in changes and not {"latitude", "longitude"} & changes.keys()
    if (event.latitude is None or event.longitude is None or moved) and event.commune is not None:
        event.latitude, event.longitude = event.commune.latitude, event.commune.longitude


def compared(event: Event, name: str, value: Any) -> tuple[Any, Any]:
    """The value there and the value given, as the journal keeps them (ids, file names, dates in words of machines)."""
    if name == "terms":
        before = [term.pk for term in event.terms.all()] if event.pk else []
        return sorted(before), sorted({term.pk for term in value})
    if name == "organisers":
        return organiser_ids(event), [actor.pk for actor in dict.fromkeys(value)]
    if name == "schedule":
        return as_json(schedule_of(event)) if event.pk else as_json(Schedule()), as_json(value)
    if name in RELATED:
        return getattr(event, f"{name}_id"), value.pk if value is not None else None
    if name == "image":  # A file, its stored name, or False to remove it.
        return event.image.name or "", value if isinstance(value, str) else getattr(value, "name", "")
    if name == "publish_at":
        return _iso(event.publish_at), _iso(value)
    return getattr(event, name), value


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def organiser_ids(event: Event) -> list[int]:
    if not event.pk:
        return []
    return [each.actor_id for each in event.organisers.all() if each.withdrawn_at is None]


def as_json(schedule: Schedule) -> dict[str, Any]:
    """The dates as the journal keeps them: without keys, in order, the same for the same dates."""
    told: dict[str, Any] = {
        "slots": sorted([slot.starts.isoformat(), slot.ends.isoformat(), slot.all_day] for slot in schedule.slots),
        "rules": sorted(
            (
                {
                    "weekdays": sorted(rule.weekdays),
                    "times": [each.isoformat() if each else None for each in (rule.starts, rule.ends)],
                    "days": [each.isoformat() if each else None for each in (rule.first_on, rule.last_on)],
                    "every": rule.every,
                    "nth": rule.nth,
                    "excluded": sorted(day.isoformat() for day in rule.excluded),
                }
                for rule in schedule.rules
            ),
            key=str,
        ),
    }
    if schedule.by_appointment:
        days = (schedule.available_from, schedule.available_until)
        told["appointment"] = [each.isoformat() if each else None for each in days]
    return told


def free_slug(title: str) -> str:
    """A free address part: the slug of the title, else with -2, -3…"""
    base = slugged(title, 80)
    taken = RESERVED | set(Event.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def check_values(event: Event, values: Mapping[str, Any]) -> None:
    """Refusal or ValidationError for what the event would not take; nothing is written."""
    trial = Event.objects.select_related("commune__department", "venue", "network").get(pk=event.pk)
    _check(assign(trial, values, Stamp(Origin.ACTOR)))


def _check(written: Written) -> None:
    event = written.event
    if written.schedule is not None:
        for fault in faults(written.schedule):
            raise Refused(fault, status=422)
        if event.state == EventState.PUBLISHED and written.schedule.is_empty:
            raise Refused(no_date(), status=422)
    if event.parent_id is not None:
        _check_parent(event)
    event.full_clean(exclude=_UNCHECKED, validate_unique=False, validate_constraints=False)


def no_date() -> str:
    """Why a published event does not lose its last date."""
    return _(
        "Un événement publié garde au moins une date, ou « sur rendez-vous ». S'il n'a plus lieu, annulez-le : sa page le dira."
    )


def _save(written: Written, by: Viewer) -> None:
    _check(written)
    event = written.event
    event.save()
    if written.terms is not None:
        event.terms.set(written.terms)
    if written.organisers is not None:
        written.joined = _set_organisers(event, written.organisers, by)
    if written.schedule is not None:
        set_schedule(event, written.schedule)


def _check_parent(event: Event) -> None:
    """One level: a village and its animations."""
    parent = event.parent
    if parent is None or parent.network_id != event.network_id or parent.pk == event.pk:
        raise Refused(_("L'événement dont celui-ci fait partie doit être un autre, du même réseau."), status=422)
    if parent.parent_id is not None:
        raise Refused(
            _("« %(title)s » fait déjà partie d'un autre événement : choisissez celui-là.") % {"title": parent.title},
            status=422,
        )
    if event.pk and event.children.exists():
        raise Refused(_("Cet événement en contient d'autres : il ne peut pas faire partie d'un troisième."), status=422)


def _set_organisers(event: Event, actors: Iterable[Actor], by: Viewer) -> list[Actor]:
    """Those who left are not put back by others. The actors that joined."""
    joined: list[Actor] = []
    held = {each.actor_id: each for each in event.organisers.all()}
    for position, actor in enumerate(dict.fromkeys(actors)):
        role = OrganiserRole.LEAD if position == 0 else OrganiserRole.PARTNER
        row = held.pop(actor.pk, None) or Organiser(event=event, actor=actor, added_by=by.user)
        if row.withdrawn_at is not None and not (by.is_network_admin or _speaks_for(by, actor)):
            continue
        if row.pk is None:
            joined.append(actor)
        row.role, row.position, row.withdrawn_at = role, position, None
        row.save()
    Organiser.objects.filter(pk__in=[each.pk for each in held.values() if each.withdrawn_at is None]).delete()
    return joined


def _speaks_for(by: Viewer, actor: Actor) -> bool:
    return bool(by.system) or (by.is_authenticated and by.user.actor_memberships.filter(actor=actor).exists())
