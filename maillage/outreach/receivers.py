"""What the network's relations answer to the apps below: what goes with an account."""

from typing import Any

from django.dispatch import receiver

from maillage.accounts.models import User
from maillage.accounts.signals import erasing
from maillage.outreach.actions.introductions import forget_person


@receiver(erasing)
def forget_outsider(user: User, **kwargs: Any) -> None:
    forget_person(email=user.email)
