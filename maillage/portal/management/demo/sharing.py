"""What the two networks of the demonstration share: accepted, refused, let go, waiting, in both directions."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from maillage.agenda.actions import create_event
from maillage.agenda.enums import EventState
from maillage.agenda.models import Event
from maillage.agenda.queries.calendar import Schedule, Slot
from maillage.core.viewer import RoleHeld, RoleKind, Viewer
from maillage.portal.management.demo.world import NORTH_ADMIN, World
from maillage.publications.models import Publication
from maillage.sharing import actions
from maillage.sharing.registry import kind_named
from maillage.topics.enums import Vocabulary

_NORTH = [  # Title, days from now, what becomes of it in the south.
    ("Les géants de papier : une exposition qui voyage", 20, "accept"),
    ("Nuit des terrils", 34, ""),
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


def _from_north(world: World, at: datetime) -> None:
    north, south = _north(world), world.viewer("admin")
    commune = world.north.perimeter.get().communes_inside().first() if False else None
    theme = [term.pk for term in world.terms[Vocabulary.THEME][:1]] if hasattr(world, "terms") else []
    del commune, theme
    today = timezone.localtime(world.chronicle.now).replace(hour=14, minute=0, tzinfo=None)
    kind = kind_named("evenement")
    for title, days, answer in _NORTH:
        starts = today + timedelta(days=days)
        values = {
            "title": title,
            "summary": "Proposé par le réseau voisin.",
            "attendance": "online",
            "online_url": "https://sciences-du-nord.example/direct",
            "schedule": Schedule((Slot(starts, starts + timedelta(hours=2)),)),
        }
        event = create_event(by=north, values=values, state=EventState.PUBLISHED)
        if kind is not None:
            for share in actions.propose(by=north, kind=kind, content=event, to=[world.south]):
                if answer:
                    actions.accept(by=south, share=share)
