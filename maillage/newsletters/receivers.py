"""What the letters answer to the apps below: a refused address, one that is forbidden, an account proved or erased."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db.models.signals import post_save
from django.dispatch import receiver

from maillage.accounts.models import User
from maillage.accounts.queries import addresses_of
from maillage.accounts.signals import erasing, suppressed
from maillage.core.signals import address_refused
from maillage.newsletters.actions.subscribing import follow_account, forget_account, forget_address, note_refusal


@receiver(address_refused)
def note_refused_address(address: str, **kwargs: Any) -> None:
    note_refusal(address=address, reason=str(kwargs.get("detail") or ""), reference=str(kwargs.get("reference") or ""))


@receiver(suppressed)
def forget_suppressed(email: str, **kwargs: Any) -> None:
    forget_address(email=email)


@receiver(erasing)
def forget_erased(user: User, asked: bool = True, **kwargs: Any) -> None:
    if asked:
        for email in addresses_of(user):
            forget_address(email=email)
    forget_account(user=user, asked=asked)


@receiver(post_save, sender=EmailAddress)
def follow_proved_address(instance: EmailAddress, **kwargs: Any) -> None:
    if instance.verified:
        follow_account(email=instance.email, user=instance.user)
