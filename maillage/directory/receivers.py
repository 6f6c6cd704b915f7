"""What the directory answers to the apps below: how a bulk change is undone, what goes with an account."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.accounts.signals import erasing
from maillage.core.viewer import Viewer
from maillage.directory.actions.bulk_edit import TARGET, restore_bulk
from maillage.directory.actions.withdrawing import withdraw_own_sheets
from maillage.exchange.registry import Recorded, Session, Target, TargetField, register_target


class BulkActors(Target):
    """Undone like an import; no file becomes one."""

    key = TARGET
    label = _("acteur")
    plural = _("acteurs")

    def fields(self, network: Any) -> list[TargetField]:
        return []

    def session(self, *, by: Any, batch: Any, spec: Mapping[str, Any]) -> Session:
        raise LookupError(self.key)

    def restore(self, *, by: Any, batch: Any, changes: Sequence[Recorded]) -> dict[int, dict[str, str]]:
        return restore_bulk(by=by, changes=changes)


register_target(BulkActors())


@receiver(erasing)
def withdraw_sheets(user: User, by: Viewer, **kwargs: Any) -> None:
    withdraw_own_sheets(by=by, user=user)
