"""A year of the agenda of the demonstration: 900 events in every shape and state, one village of the sciences."""

from datetime import datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.utils import timezone

from maillage.agenda.actions import (
    change_timing,
    create_event,
    feature_event,
    hide_event,
    refuse_event,
    submit_event,
    tell_status,
)
from maillage.agenda.actions.marking import mark_changed
from maillage.agenda.enums import EventState, OrganiserRole
from maillage.agenda.models import Event, Organiser, Pattern, Timing
from maillage.agenda.queries.calendar import Schedule, Slot, horizon
from maillage.core.text import folded, slugged
from maillage.core.viewer import Viewer
from maillage.directory.enums import PositionQuality
from maillage.directory.models import Actor
from maillage.portal.management.demo.programme import PlannedEvent, draw_events
from maillage.portal.management.demo.world import World
from maillage.topics.models import Term

_YEAR = 915  # For 1,400 actors, of which some come with the rest of the life.
_LEAST = 30


def tell_agenda(world: World) -> None:
    """The team brought the year's programme in before anything else is told of it."""
    world.chronicle.add(world.chronicle.ago(40, 9), lambda at: _bring_in(world))
    world.chronicle.add(world.chronicle.ago(6, 11), lambda at: _village(world))
    world.chronicle.add(world.chronicle.ago(3, 15), lambda at: _what_became(world))
    world.chronicle.add(world.chronicle.ago(1, 16), lambda at: _proposals(world))


def _bring_in(world: World) -> None:
    random = Random(1664)  # noqa: S311  (a demonstration, the same each time)
    hosts = world.hosts()
    total = max(_LEAST, round(_YEAR * len(world.planned) / 1400))
    terms = {term.slug: term for term in Term.objects.filter(vocabulary__in=["theme", "audience", "action_kind"])}
    planned = draw_events(random, total, hosts, timezone.localdate(world.chronicle.now), set(terms))
    actors = Actor.objects.select_related("commune").in_bulk({one.host.actor.pk for one in planned})
    events = _events(random, world, planned, actors)
    Event.objects.bulk_create(events, batch_size=200)
    _links(planned, events, terms)
    _dates(random, planned, events, horizon(timezone.localdate(world.chronicle.now)))
    mark_changed([event.pk for event in events])


def _events(random: Random, world: World, planned: list[PlannedEvent], actors: dict[int, Actor]) -> list[Event]:
    taken: dict[str, int] = {}
    found = []
    for one in planned:
        base = slugged(one.title, 80)
        number = taken[base] = taken.get(base, 0) + 1
        host = actors[one.host.actor.pk]
        online = one.values["attendance"] == "online"
        event = Event(
            network=world.south,
            state=EventState.PUBLISHED,
            title=one.title,
            title_key=folded(one.title)[:140],
            slug=base if number == 1 else f"{base}-{number}",
            uid=_uid(random),
            source="Programmation des acteurs",
            by_appointment=one.schedule.by_appointment,
            **one.values,
        )
        if not online:
            event.commune = host.commune
            event.latitude, event.longitude = host.latitude, host.longitude
            if (
                event.latitude is None or host.position_quality == PositionQuality.TO_PLACE
            ) and host.commune is not None:
                event.latitude, event.longitude = host.commune.latitude, host.commune.longitude
            if one.is_elsewhere or host.kind == "person":
                event.place_name = random.choice(("Salle des fêtes", "Maison des associations", "Place de la mairie"))
            else:
                event.venue, event.place_name = host, host.name
                event.address, event.postal_code = host.address, host.postal_code
        found.append(event)
    return found


def _links(planned: list[PlannedEvent], events: list[Event], terms: dict[str, Term]) -> None:
    through: Any = Event.terms.through
    rows = [
        through(event_id=event.pk, term_id=terms[slug].pk)
        for one, event in zip(planned, events, strict=True)
        for slug in dict.fromkeys(one.terms)
        if slug in terms
    ]
    through.objects.bulk_create(rows, batch_size=500)
    organisers = []
    for one, event in zip(planned, events, strict=True):
        keys = dict.fromkeys([one.host.actor.pk, *(each.actor.pk for each in one.partners)])
        organisers += [
            Organiser(
                event=event,
                actor_id=pk,
                role=OrganiserRole.PARTNER if position else OrganiserRole.LEAD,
                position=position,
            )
            for position, pk in enumerate(keys)
        ]
    Organiser.objects.bulk_create(organisers, batch_size=500)


def _dates(random: Random, planned: list[PlannedEvent], events: list[Event], until: Any) -> None:
    timings: list[Timing] = []
    for one, event in zip(planned, events, strict=True):
        mine = [
            _timing(random, event, slot.starts.date(), slot.span(event.tz), slot.all_day) for slot in one.schedule.slots
        ]
        endless = one.schedule.by_appointment
        for rule in one.schedule.rules:
            pattern = Pattern.objects.create(
                event=event, weekdays=list(rule.weekdays), starts=rule.starts, ends=rule.ends,
                first_on=rule.first_on, last_on=rule.last_on,
            )  # fmt: skip
            endless = endless or rule.last_on is None
            mine += [
                _timing(random, event, day, rule.span(day, event.tz), False, pattern)
                for day in rule.days(rule.last_on or until)
            ]
        timings += mine
        event.first_at = min((each.starts_at for each in mine), default=None)
        event.last_at = None if endless else max((each.ends_at for each in mine), default=None)
        announced = (event.first_at or timezone.now()) - timedelta(days=30)
        event.published_at = event.created_at = min(announced, timezone.now() - timedelta(days=2))
    Timing.objects.bulk_create(timings, batch_size=500)
    Event.objects.bulk_update(events, ["first_at", "last_at", "published_at", "created_at"], batch_size=200)


def _timing(random: Random, event: Event, day: Any, span: Any, all_day: bool, pattern: Pattern | None = None) -> Timing:
    return Timing(
        event=event, pattern=pattern, day=day, rule_day=day if pattern else None, starts_at=span[0], ends_at=span[1],
        all_day=all_day, uid=_uid(random),
    )  # fmt: skip


def _uid(random: Random) -> str:
    return UUID(int=random.getrandbits(128), version=4).hex


def _village(world: World) -> None:
    """A weekend of the sciences to come, with what one finds there."""
    team = world.viewer("animation")
    hosts = world.actors("centre", 1) or world.actors("museum", 1)
    if not hosts:
        return
    host = hosts[0]
    saturday = _saturday(world, 21)
    whole = Slot(datetime.combine(saturday, time(10)), datetime.combine(saturday, time(18)))
    village = create_event(
        by=team,
        values={
            "title": "Village des sciences",
            "summary": "Une journée d'ateliers, de rencontres et d'expériences, pour tous les âges.",
            "description": "<p>Chercheuses, artisans, associations : ils vous attendent sous les halles.</p>",
            "venue": host,
            "price": "free",
            "organisers": hosts,
            "terms": list(Term.objects.filter(slug__in=["festival-et-evenement", "familles", "sciences-et-societe"])),
            "schedule": Schedule((whole,)),
        },
    )
    submit_event(by=team, event=village)
    for number, (title, slugs) in enumerate(_STANDS):
        starts = whole.starts + timedelta(hours=number)
        part = create_event(
            by=team,
            values={
                "title": title,
                "parent": village,
                "venue": host,
                "price": "free",
                "terms": list(Term.objects.filter(slug__in=slugs)),
                "schedule": Schedule((Slot(starts, starts + timedelta(minutes=50)),)),
            },
        )
        submit_event(by=team, event=part)
    feature_event(by=team, event=village, featured=True)


_STANDS = (
    ("La chambre noire", ["atelier", "physique", "enfants-6-a-10-ans"]),
    ("Le labo des petites bêtes", ["animation-et-demonstration", "biologie-et-vivant", "familles"]),
    ("Rencontre avec une glaciologue", ["conference-et-debat", "climat-et-energie", "tout-public"]),
    ("Réparer un jouet", ["atelier", "techniques-et-industrie", "familles"]),
)


def _saturday(world: World, days: int) -> Any:
    day = timezone.localdate(world.chronicle.now) + timedelta(days=days)
    return day + timedelta(days=(5 - day.weekday()) % 7)


def _what_became(world: World) -> None:
    """One cancelled, one put off, one full, one online, two withdrawn, a date moved; some not to be missed."""
    team, now = world.viewer("animation"), world.chronicle.now
    coming = list(
        Event.objects.filter(network=world.south, state=EventState.PUBLISHED, first_at__gt=now, parent=None)
        .exclude(attendance="online")
        .order_by("first_at", "slug")[:24]
    )
    told = (
        ("cancelled", "L'intervenante est souffrante : nous la réinviterons au printemps."),
        ("postponed", "La salle est fermée pour travaux."),
        ("full", "Une seconde séance est à l'étude."),
        ("moved_online", "Le lien est envoyé aux personnes inscrites."),
    )
    for event, (status, note) in zip(coming[3:], told, strict=False):
        tell_status(by=team, event=event, status=status, note=note)
    for event in coming[8:14]:
        feature_event(by=team, event=event, featured=True)
    for event in coming[15:17]:
        hide_event(by=team, event=event, reason="Double d'une autre annonce.")
    regular = Event.objects.filter(network=world.south, patterns__isnull=False, timings__starts_at__gt=now)
    for event in regular.order_by("slug").distinct()[:3]:
        timing = event.timings.filter(starts_at__gt=now).order_by("starts_at").first()
        if timing is not None:
            change_timing(by=team, timing=timing, is_cancelled=True, note="Pas de séance pendant les congés")


def _proposals(world: World) -> None:
    """What members wrote: to be reviewed, refused, a draft, one for later."""
    team, member = world.viewer("animation"), world.viewer("membre")
    first = _mine(world, member, "Goûter des savants", 9)
    submit_event(by=member, event=first)
    second = _mine(world, member, "Grande braderie de printemps", 12)
    submit_event(by=member, event=second)
    refuse_event(
        by=team, event=second, code="hors-sujet", reason="C'est un marché : racontez-nous la science qu'on y trouve."
    )
    _mine(world, member, "Nuit des chauves-souris", 30)
    later = _mine(world, team, "Annonce du programme d'été", 60)
    tomorrow = world.chronicle.now + timedelta(days=5)
    Event.objects.filter(pk=later.pk).update(publish_at=tomorrow)
    submit_event(by=team, event=later)


def _mine(world: World, by: Viewer, title: str, days: int) -> Event:
    starts = datetime.combine(timezone.localdate(world.chronicle.now) + timedelta(days=days), time(16))
    commune = next(one.values["commune"] for one in world.planned if one.values["commune"])
    return create_event(
        by=by,
        values={
            "title": title,
            "summary": "On goûte, on mesure, on compare.",
            "commune": commune,
            "place_name": "Foyer rural",
            "price": "free",
            "schedule": Schedule((Slot(starts, starts + timedelta(hours=2)),)),
        },
    )
