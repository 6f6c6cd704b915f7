"""What the network's relations answer to the apps below: a signature, a refused address, an erasure, communes that merge."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from maillage.accounts.models import User
from maillage.accounts.signals import erasing, suppressed
from maillage.core.signals import address_refused
from maillage.directory.models import Signature
from maillage.outreach.actions.answering import forget_address, note_refusal
from maillage.outreach.actions.approaches import welcome
from maillage.outreach.actions.asking import forget_asked
from maillage.outreach.actions.introductions import forget_person
from maillage.outreach.models import Need, NeedAsking
from maillage.territories.models import Territory
from maillage.territories.signals import commune_merged


@receiver(post_save, sender=Signature)
def welcome_signer(instance: Signature, **kwargs: Any) -> None:
    """Whoever signs the charter is a member: their approach has come to its end."""
    if instance.withdrawn_on is None:
        welcome(network=instance.network, actor_ids=[instance.actor_id])


@receiver(address_refused)
def note_refused_address(address: str, **kwargs: Any) -> None:
    note_refusal(address=address)


@receiver(erasing)
def forget_messages_to(user: User, **kwargs: Any) -> None:
    if user.email:
        forget_address(address=user.email)
        forget_asked(email=user.email)
        forget_person(email=user.email)


@receiver(suppressed)
def forget_refused_address(email: str, **kwargs: Any) -> None:
    NeedAsking.objects.filter(email__iexact=email).update(email="")


@receiver(commune_merged)
def follow_merger(old: Territory, new: Territory, **kwargs: Any) -> None:
    Need.objects.filter(territory=old).update(territory=new)
