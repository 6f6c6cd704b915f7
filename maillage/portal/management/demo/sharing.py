"""What the two networks of the demonstration share: accepted, refused, let go, waiting, in both directions."""

from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from maillage.agenda.actions import create_event, submit_event
from maillage.agenda.models import Event
from maillage.agenda.queries.calendar import Schedule, Slot
from maillage.core.viewer import RoleHeld, RoleKind, Viewer
from maillage.portal.management.demo.world import NORTH_ADMIN, World
from maillage.publications.models import Publication
from maillage.sharing import actions
from maillage.sharing.models import Share
from maillage.sharing.registry import kind_named

_NORTH = [  # Title, days from now, whether the south took it.
    ("Les géants de papier : une exposition à visiter de loin", 20, True),
    ("Nuit des terrils, en direct", 34, False),
]


def tell_sharing(world: World) -> None:
    add, ago = world.chronicle.add, world.chronicle.ago
    add(ago(5, 9), partial(_from_south, world))
    add(ago(4, 9), partial(_from_north, world))


def _north(world: World) -> Viewer:
    return Viewer(world.north, world.people[NORTH_ADMIN[0]], frozenset({RoleHeld(RoleKind.NETWORK_ADMIN)}))


def _from_south(world: World, at: datetime) -> None:
    """Two events and two texts: one waits, one is refused, the others are taken, one of which is taken back."""
    south, north = world.viewer("admin"), _north(world)
    coming = Event.objects.filter(network=world.south, last_at__gt=at + timedelta(days=30), parent=None).shown()
    texts = Publication.objects.filter(network=world.south, kind="article").shown()
    told: list[Any] = [*coming.order_by("first_at", "pk")[:2], *texts.order_by("-published_at", "pk")[:2]]
    for rank, content in enumerate(told):
        kind = kind_named("evenement" if isinstance(content, Event) else "texte")
        if kind is None:
            continue
        note = "Cela voyage volontiers jusqu'à vous." if rank == 0 else ""
        for share in actions.propose(by=south, kind=kind, content=content, to=[world.north], note=note):
            if rank == 1:
                actions.refuse(by=north, share=share, reason="Trop loin pour notre public, merci d'y avoir pensé.")
            elif rank > 1:
                taken = actions.accept(by=north, share=share)
                if rank == 3:
                    actions.withdraw(by=south, share=taken)
    _date(at)


def _from_north(world: World, at: datetime) -> None:
    """One is taken, one waits for an answer."""
    north, south, kind = _north(world), world.viewer("admin"), kind_named("evenement")
    for title, days, is_taken in _NORTH:
        starts = datetime.combine(timezone.localdate(world.chronicle.now) + timedelta(days=days), time(14))
        values = {
            "title": title,
            "summary": "Une visite à distance, où que vous soyez, avec les médiatrices du réseau voisin.",
            "attendance": "online",
            "online_url": "https://sciences-du-nord.example/direct",
            "price": "free",
            "schedule": Schedule((Slot(starts, starts + timedelta(hours=2)),)),
        }
        event = submit_event(by=north, event=create_event(by=north, values=values))
        if kind is not None:
            for share in actions.propose(by=north, kind=kind, content=event, to=[world.south]):
                if is_taken:
                    actions.accept(by=south, share=share)
    _date(at)


def _date(at: datetime) -> None:
    """What was just written was written then, answers an hour later."""
    Share.objects.filter(created_at__gt=at).update(created_at=at, updated_at=at)
    Share.objects.filter(decided_at__gt=at).update(decided_at=at + timedelta(hours=1))
