"""What networks and the apps above tell to whoever listens; the journal (`activity`) listens to `acted`."""

from typing import Any

from django.db import models
from django.dispatch import Signal

from maillage.core.viewer import Viewer

acted = Signal()
"""Sent inside the transaction of an act: verb, by (Viewer), subject, changes, details, touch."""


def tell_act(
    verb: str,
    *,
    by: Viewer,
    subject: models.Model | None = None,
    changes: dict[str, list[Any]] | None = None,
    details: dict[str, Any] | None = None,
    touch: bool = True,
) -> None:
    """For the apps below the journal; those above it call `activity.actions.record`, whose arguments these are."""
    acted.send(sender=None, verb=verb, by=by, subject=subject, changes=changes, details=details, touch=touch)
