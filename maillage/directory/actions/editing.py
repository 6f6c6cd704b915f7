"""What someone changed at a form that others may have open: a step of a sheet, or a row of the working table (record, circle
and state together, or nothing)."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from maillage.core import images
from maillage.core.seen import Seen, require_unmoved
from maillage.core.viewer import Viewer
from maillage.directory import rules
from maillage.directory.actions.listing import set_circle, set_state
from maillage.directory.actions.marking import hold
from maillage.directory.actions.writing import Stamp, Written, update_actor
from maillage.directory.models import Actor
from maillage.directory.queries.fields import held_fields, recorded
from maillage.directory.queries.merging import is_needed_to_undo
from maillage.directory.queries.table import held_in, rows_of


def edit_sheet(*, by: Viewer, actor: Actor, fields: dict[str, Any], seen: Seen, stamp: Stamp | None = None) -> Written:
    """`fields` are what was changed, as the form of the sheet names them (`queries.fields`), `seen` what it showed.

    Conflict when someone else changed one of them meanwhile.
    """
    with transaction.atomic():
        hold([actor.pk], by=by)
        actor = Actor.objects.get(pk=actor.pk)
        rules.may_write(by, actor).require()
        require_unmoved(held_fields(actor, by, fields), fields, seen)
        return update_actor(by=by, actor=actor, values=recorded(actor, by, fields), stamp=stamp)


def follow_picture(written: Written, old: str) -> None:
    """Make the widths of a new picture and forget the `old` one, unless what undoes a merging needs it."""
    if "image" not in written.changes:
        return
    if written.actor.image:
        images.make_derivatives.enqueue(name=written.actor.image.name)
    if old and not is_needed_to_undo(old):
        transaction.on_commit(lambda: images.forget(old))


def edit_row(
    *,
    by: Viewer,
    actor: Actor,
    values: Mapping[str, Any],
    state: str | None = None,
    circle: tuple[int | None, str] | None = None,
    seen: Seen | None = None,
) -> None:
    """`circle` is the new one with its reason; None leaves it, and the state, as it is. `seen` is what the row showed of
    what is written."""
    with transaction.atomic():
        hold([actor.pk], by=by)
        wanted = {**values, **({"state": state} if state else {}), **({"circle": circle[0]} if circle else {})}
        require_unmoved(held_in(rows_of(by, [actor.pk])[0]), wanted, seen)
        if values:
            update_actor(by=by, actor=actor, values=values)
        if circle is not None:
            set_circle(by=by, actor=actor, circle=circle[0], reason=circle[1])
        if state is not None:
            set_state(by=by, actor=actor, state=state)
