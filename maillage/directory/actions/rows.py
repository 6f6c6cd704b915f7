"""A row of the working table saved at once: record, circle and state together, or nothing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from maillage.core.viewer import Viewer
from maillage.directory.actions.listing import set_circle, set_state
from maillage.directory.actions.writing import update_actor
from maillage.directory.models import Actor


def edit_row(
    *,
    by: Viewer,
    actor: Actor,
    values: Mapping[str, Any],
    state: str | None = None,
    circle: tuple[int | None, str] | None = None,
    seen_at: datetime | None = None,
) -> None:
    """`circle` is the new one with its reason; None leaves what it stands for as it is."""
    with transaction.atomic():
        if values:
            update_actor(by=by, actor=actor, values=values, seen_at=seen_at)
        if circle is not None:
            set_circle(by=by, actor=actor, circle=circle[0], reason=circle[1])
        if state is not None:
            set_state(by=by, actor=actor, state=state)
