"""What the registrations answer to the apps below: events that change or go, accounts proved or erased."""

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models.signals import post_save, pre_delete
from django.dispatch import receiver

from maillage.accounts.models import User
from maillage.accounts.queries import addresses_of
from maillage.accounts.signals import erasing, suppressed
from maillage.agenda.models import Event
from maillage.agenda.signals import changed
from maillage.attendance import actions


@receiver(changed)
def follow_changed(keys: Iterable[int], **kwargs: Any) -> None:
    actions.follow_event(keys=keys)


@receiver(pre_delete, sender=Event)
def tell_deleted(instance: Event, **kwargs: Any) -> None:
    actions.tell_deleted(event=instance)


@receiver(suppressed)
def forget_suppressed(email: str, **kwargs: Any) -> None:
    actions.forget_address(email=email)


@receiver(erasing)
def forget_erased(user: User, asked: bool = True, **kwargs: Any) -> None:
    actions.forget_account(user=user)
    if asked:
        for email in addresses_of(user):
            actions.forget_address(email=email)


@receiver(post_save, sender=EmailAddress)
def follow_proved_address(instance: EmailAddress, **kwargs: Any) -> None:
    if instance.verified:
        actions.follow_account(email=instance.email, user=instance.user)
