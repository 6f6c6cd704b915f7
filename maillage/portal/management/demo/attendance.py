"""Registrations of the demonstration: open, full with a waiting list, for schools, for a whole course, past with who came. All invented."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from maillage.agenda.enums import EventStatus
from maillage.agenda.models import Event
from maillage.attendance import actions
from maillage.attendance.enums import State
from maillage.attendance.models import Opening, Registration, Session
from maillage.core.text import slugged
from maillage.core.viewer import Viewer
from maillage.portal.management.demo.words import FIRST_NAMES, LAST_NAMES
from maillage.portal.management.demo.world import World

_EVENING = timedelta(hours=8)  # Neither an exhibition nor a festival.
_DOMAIN = "public.example"  # Reserved: belongs to nobody.
_WORDS = "Rendez-vous dix minutes avant, à l'accueil. Prévoyez un vêtement chaud : une partie se passe dehors."
_SCHOOLS = (
    ("École Marie-Curie", "CM2"), ("Collège des Garrigues", "6e"), ("École du Pont-Vieux", "CE1-CE2"), ("Lycée Émilie-du-Châtelet", "seconde"),
)  # fmt: skip


def tell_attendance(world: World) -> None:
    """Once the year's programme is there, the day before."""
    world.chronicle.add(world.chronicle.ago(1, 19), lambda at: _tell(world))


def _tell(world: World) -> None:
    random = Random(1783)  # noqa: S311  (a demonstration, the same each time)
    people = iter(random.sample([f"{first} {last}" for first in FIRST_NAMES for last in LAST_NAMES], 150))
    now = world.chronicle.now
    coming, past = _events(world, now, coming=True), _events(world, now, coming=False)
    for rank, event in enumerate(coming[:4]):
        _come(world, random, people, _open(world, event, now, rank), now, full=rank == 1)
    for event in past[:2]:
        _came(world, random, people, event)


def _events(world: World, now: datetime, *, coming: bool) -> list[Event]:
    """Of one date each, the nearest first; those of the host of the demonstration before the others."""
    found = Event.objects.filter(
        network=world.south, status=EventStatus.SCHEDULED, patterns=None, by_appointment=False, bookings=[]
    )
    found = found.shown().exclude(first_at=None).exclude(last_at=None)
    if coming:
        found = found.filter(first_at__gt=now + timedelta(days=4)).order_by("first_at", "slug")
    else:
        found = found.filter(last_at__lt=now - timedelta(days=2), first_at__gt=now - timedelta(days=40)).order_by(
            "-last_at", "slug"
        )
    dates = {event: list(event.timings.all()) for event in found[:60]}
    return [event for event, (first, *rest) in dates.items() if not rest and first.ends_at - first.starts_at < _EVENING]


def _open(world: World, event: Event, at: datetime, rank: int) -> Opening:
    fields: dict[str, Any] = {"capacity": (24, 12, 60, 30)[rank], "most": 4, "words": _WORDS}
    if rank == 2:
        fields |= {"groups": True, "most_group": 30}
    if rank == 3:
        fields["opens_on"] = (at + timedelta(days=2)).date()
    return actions.set_opening(by=world.viewer("animation"), event=event, fields=fields, at=at)


def _come(world: World, random: Random, people: Any, opening: Opening, at: datetime, *, full: bool) -> None:
    session = opening.sessions.order_by("starts_at").first()
    if session is None or opening.opens_at is not None:
        return
    visitor = Viewer(network=world.south)
    for group, level in _SCHOOLS[:2] if opening.groups else ():
        _one(visitor, session, next(people), random.randint(14, 24), at, is_group=True, group_name=group, level=level)
    registered = [
        _one(visitor, session, next(people), random.choice((1, 1, 2, 2, 3, 4)), at)
        for _rank in range(12 if full else 6 if not opening.groups else 3)
    ]
    if full:  # Someone gives up: the first who fits is offered the place.
        leaving = next(each for each in registered if each.state == State.CONFIRMED)
        actions.cancel_registration(registration=leaving, at=at)
    member = world.people["membre@maillage.example"]
    if not opening.groups:
        own = _one(visitor, session, member.name, 2, at, email=member.email)
        Registration.objects.filter(pk=own.pk).update(user=member)


def _one(
    visitor: Viewer, session: Session, name: str, places: int, at: datetime, email: str = "", **values: Any
) -> Registration:
    address = email or f"{slugged(name).replace('-', '.')}@{_DOMAIN}"
    asked = actions.register(by=visitor, session=session, name=name, email=address, places=places, at=at, **values)
    if asked is None:
        raise RuntimeError("somebody of the demonstration was written to too often")
    return actions.confirm_registration(registration=asked, at=at)


def _came(world: World, random: Random, people: Any, event: Event) -> None:
    """Opened ten days before, as it was then; most of those who were to come did."""
    timing = event.timings.get()
    before, after = timing.starts_at - timedelta(days=10), timing.ends_at + timedelta(minutes=30)
    opening = actions.set_opening(
        by=world.viewer("animation"), event=event, fields={"capacity": 30, "words": _WORDS}, at=before
    )
    session = opening.sessions.get()
    for _rank in range(9):
        one = _one(Viewer(network=world.south), session, next(people), random.choice((1, 1, 2, 3)), before)
        came = random.choice((one.places, one.places, one.places, 0, max(0, one.places - 1)))
        actions.count_came(by=world.viewer("animation"), registration=one, came=came, at=after)
    Registration.objects.filter(session=session).update(created_at=before)
