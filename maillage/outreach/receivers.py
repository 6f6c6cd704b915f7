"""What the network's relations answer to the apps below: a signature, a refused address, an erasure."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from maillage.accounts.models import User
from maillage.accounts.signals import erasing
from maillage.core.signals import address_refused
from maillage.directory.models import Signature
from maillage.outreach.actions.answering import forget_address, note_refusal
from maillage.outreach.actions.approaches import welcome


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
