"""What the directory answers to the apps below: what goes with an account."""

from typing import Any

from django.dispatch import receiver

from maillage.accounts.models import User
from maillage.accounts.signals import erasing
from maillage.core.viewer import Viewer
from maillage.directory.actions.withdrawing import withdraw_own_sheets


@receiver(erasing)
def withdraw_sheets(user: User, by: Viewer, asked: bool, **kwargs: Any) -> None:
    if asked:
        withdraw_own_sheets(by=by, user=user)
