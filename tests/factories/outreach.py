"""Small worlds for the tests of the network's relations."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from maillage.directory.models import Actor
from maillage.networks.models import Network
from maillage.outreach.models import (
    Contact,
    ContactActor,
    FollowUp,
    Introduction,
    IntroductionSide,
    Partnership,
)


def make_contact(network: Network, *actors: Actor, **fields: Any) -> Contact:
    """A call of today with `actors`, unless said otherwise."""
    contact = Contact.objects.create(network=network, **{"on": timezone.localdate(), **fields})
    ContactActor.objects.bulk_create(ContactActor(contact=contact, actor=actor) for actor in actors)
    return contact


def make_introduction(
    network: Network, asker: Actor | None, found: Actor, *, met: int | None = None, **fields: Any
) -> Introduction:
    """A request sent to both today, or in contact for `met` days; without `asker`, Odile Marty, outside the directory."""
    now = timezone.now()
    at = now - timedelta(days=met or 0)
    values = {"what": "Un atelier d'astronomie", "asked_at": at, **fields}
    if met is not None:
        values |= {"state": "met", "met_at": at}
    introduction = Introduction.objects.create(network=network, **values)
    outside = {"name": "Odile Marty", "structure": "Mairie de Mende", "email": "odile@exemple.test"}
    for role, actor in (("asker", asker), ("found", found)):
        side = IntroductionSide.objects.create(
            introduction=introduction,
            role=role,
            actor=actor,
            sent_at=at,
            expires_at=now + timedelta(days=45),
            **({"email": actor.email} if actor is not None else outside),
            **({"answer": "yes", "answered_at": at} if met is not None else {}),
        )
        for rank, days in ((1, 15), (2, 90)) if met is not None else ():
            FollowUp.objects.create(side=side, rank=rank, due_on=timezone.localdate(at) + timedelta(days=days))
    return introduction


def make_partnership(network: Network, actor: Actor, other: Actor, **fields: Any) -> Partnership:
    """Declared by `actor` today, unless said otherwise."""
    first, second = sorted((actor, other), key=lambda one: one.pk)
    values = {"title": "Un cycle d'ateliers sur l'eau", "email": other.email, **fields}
    if values.get("state", "declared") != "declared":
        values.setdefault("decided_at", timezone.now())
    return Partnership.objects.create(network=network, first=first, second=second, by_first=first == actor, **values)
