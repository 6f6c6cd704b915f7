"""A row of the working table saved at once: record, circle and state together, or nothing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from maillage.core.errors import Conflict
from maillage.core.viewer import Viewer
from maillage.directory.actions.listing import set_circle, set_state
from maillage.directory.actions.writing import update_actor
from maillage.directory.models import Actor, Listing


def edit_row(
    *,
    by: Viewer,
    actor: Actor,
    values: Mapping[str, Any],
    state: str | None = None,
    circle: tuple[int | None, str] | None = None,
    seen_at: datetime | None = None,
) -> None:
    """`circle` is the new one with its reason; None leaves what it stands for as it is. `seen_at` is when the listing had
    last changed as the row was read: every change of the record, of the circle and of the state moves it."""
    with transaction.atomic():
        Actor.objects.select_for_update(of=("self",)).get(pk=actor.pk)
        changed_at = Listing.objects.values_list("updated_at", flat=True).get(network=by.network_id, actor=actor)
        if seen_at is not None and changed_at > seen_at:
            raise Conflict(
                _(
                    "Quelqu'un a modifié cette fiche pendant que vous l'éditiez. Vos valeurs sont gardées : relisez et enregistrez de nouveau."
                )
            )
        if values:
            update_actor(by=by, actor=actor, values=values)
        if circle is not None:
            set_circle(by=by, actor=actor, circle=circle[0], reason=circle[1])
        if state is not None:
            set_state(by=by, actor=actor, state=state)
