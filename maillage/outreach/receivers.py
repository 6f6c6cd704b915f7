"""What the network's relations answer to the apps below: a signature, a refused address, an erasure, communes that merge."""

from typing import Any

from django.db.models.signals import post_save, pre_delete
from django.dispatch import receiver

from maillage.accounts.models import User
from maillage.accounts.queries import addresses_of
from maillage.accounts.signals import erasing, suppressed
from maillage.core.signals import address_refused
from maillage.directory.models import Actor, Merge, Signature
from maillage.outreach.actions.answering import forget_address, note_refusal
from maillage.outreach.actions.approaches import welcome
from maillage.outreach.actions.asking import forget_asked
from maillage.outreach.actions.introductions import close_with_itself, forget_person
from maillage.outreach.actions.partnerships import forget_partner
from maillage.outreach.models import IntroductionSide, Need, NeedAsking
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
    for email in addresses_of(user):
        forget_address(address=email)
        forget_asked(email=email)
        forget_person(email=email)


@receiver(suppressed)
def forget_suppressed(email: str, **kwargs: Any) -> None:
    forget_person(email=email)
    forget_partner(email=email)
    NeedAsking.objects.filter(email__iexact=email).update(email="")


@receiver(pre_delete, sender=Actor)
def forget_deleted(instance: Actor, **kwargs: Any) -> None:
    """Its sides name nobody any more: no address, and no link that answers."""
    IntroductionSide.objects.filter(actor=instance).update(email="", expires_at=None)


@receiver(post_save, sender=Merge)
def close_own_introductions(instance: Merge, created: bool, **kwargs: Any) -> None:
    if created:
        close_with_itself(actor=instance.kept)


@receiver(commune_merged)
def follow_merger(old: Territory, new: Territory, **kwargs: Any) -> None:
    Need.objects.filter(territory=old).update(territory=new)
