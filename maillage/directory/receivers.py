"""What the directory answers to the apps below: what goes with an account or a commune."""

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from maillage.accounts.models import User
from maillage.accounts.signals import erasing
from maillage.core.viewer import Viewer
from maillage.directory.actions import communes
from maillage.directory.actions.charter import forget_signatures_of
from maillage.directory.actions.withdrawing import withdraw_own_sheets
from maillage.territories.models import Territory
from maillage.territories.signals import commune_merged


@receiver(commune_merged)
def follow_merger(old: Territory, new: Territory, **kwargs: Any) -> None:
    communes.follow_merger(by=Viewer.as_system(None, _("fusion de communes")), old=old, new=new)


@receiver(erasing)
def withdraw_sheets(user: User, by: Viewer, asked: bool, **kwargs: Any) -> None:
    if asked:
        withdraw_own_sheets(by=by, user=user)


@receiver(erasing)
def forget_signer(user: User, **kwargs: Any) -> None:
    """Whether they asked for it or not: what they signed stays their organisation's, without their name (CHR-5)."""
    forget_signatures_of(user=user)
