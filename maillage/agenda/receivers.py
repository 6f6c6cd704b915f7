"""What goes with a row that goes: the pictures of an event, and of words that nobody took. The name of an actor goes from the
search of its events with its sheet."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from maillage.agenda.enums import RevisionState
from maillage.agenda.models import Event, EventRevision
from maillage.agenda.queries.documents import documents
from maillage.core import images
from maillage.directory.models import Listing
from maillage.search.actions import index


@receiver(post_delete, sender=Event)
def forget_picture(instance: Event, **kwargs: Any) -> None:
    if name := instance.image.name:
        transaction.on_commit(lambda: images.forget(name), robust=True)


@receiver(post_delete, sender=EventRevision)
def forget_proposed_picture(instance: EventRevision, **kwargs: Any) -> None:
    """Of one accepted, the picture is the event's."""
    name = instance.values.get("image")
    if name and instance.state in (RevisionState.WAITING, RevisionState.REFUSED):
        transaction.on_commit(lambda: images.forget(name), robust=True)


@receiver(post_save, sender=Listing)
def name_organisers_again(instance: Listing, created: bool, **kwargs: Any) -> None:
    if not created:
        index(documents(Event.objects.filter(network=instance.network_id, organisers__actor=instance.actor_id)))
