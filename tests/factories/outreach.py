"""Small worlds for the tests of the network's relations."""

from typing import Any

from django.utils import timezone

from maillage.directory.models import Actor
from maillage.networks.models import Network
from maillage.outreach.models import Contact, ContactActor


def make_contact(network: Network, *actors: Actor, **fields: Any) -> Contact:
    """A call of today with `actors`, unless said otherwise."""
    contact = Contact.objects.create(network=network, **{"on": timezone.localdate(), **fields})
    ContactActor.objects.bulk_create(ContactActor(contact=contact, actor=actor) for actor in actors)
    return contact
