"""What the directory answers to the engines below: how a bulk change is undone."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from maillage.directory.actions.bulk_edit import TARGET, restore_bulk
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
