"""Small worlds for the tests of the network's relations."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from maillage.directory.models import Actor
from maillage.networks.models import Network
from maillage.outreach.models import Contact, ContactActor, Need


def make_contact(network: Network, *actors: Actor, **fields: Any) -> Contact:
    """A call of today with `actors`, unless said otherwise."""
    contact = Contact.objects.create(network=network, **{"on": timezone.localdate(), **fields})
    ContactActor.objects.bulk_create(ContactActor(contact=contact, actor=actor) for actor in actors)
    return contact


def make_need(network: Network, actor: Actor | None = None, *, terms: Any = (), days: int = 180, **fields: Any) -> Need:
    """A need of today for a speaker, unless said otherwise; it ends in `days`."""
    today = timezone.localdate()
    values = {"kind": "speaker", "title": "Une intervention sur l'eau", "expires_on": today + timedelta(days=days)}
    if actor is None:
        values["heard_from"] = "Une enseignante"
    if fields.get("state", "open") != "open":
        values["closed_on"] = today
    need = Need.objects.create(network=network, actor=actor, **{**values, **fields})
    need.terms.set(terms)
    return need
