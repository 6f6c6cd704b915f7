"""What may be done to actors."""

from maillage.directory.actions.editing import edit_sheet
from maillage.directory.actions.listing import (
    add_note,
    archive,
    remember_distinct,
    set_circle,
    set_state,
    unarchive,
)
from maillage.directory.actions.writing import (
    Stamp,
    Written,
    assign,
    confirm,
    create_actor,
    free_slugs,
    stamp_for,
    update_actor,
)

__all__ = [
    "Stamp",
    "Written",
    "add_note",
    "archive",
    "assign",
    "confirm",
    "create_actor",
    "edit_sheet",
    "free_slugs",
    "remember_distinct",
    "set_circle",
    "set_state",
    "stamp_for",
    "unarchive",
    "update_actor",
]
