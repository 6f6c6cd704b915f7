"""What the network's relations answer to the apps below: what goes with an account, a commune."""

from typing import Any

from django.dispatch import receiver

from maillage.accounts.models import User
from maillage.accounts.signals import erasing
from maillage.outreach.actions.asking import forget_asked
from maillage.outreach.actions.introductions import forget_person
from maillage.outreach.models import Need
from maillage.territories.models import Territory
from maillage.territories.signals import commune_merged


@receiver(erasing)
def forget_address(user: User, **kwargs: Any) -> None:
    forget_asked(email=user.email)


@receiver(commune_merged)
def follow_merger(old: Territory, new: Territory, **kwargs: Any) -> None:
    Need.objects.filter(territory=old).update(territory=new)


@receiver(erasing)
def forget_outsider(user: User, **kwargs: Any) -> None:
    forget_person(email=user.email)
