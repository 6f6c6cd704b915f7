"""What may be done with the radio; see the modules for the order that matters."""

from maillage.radio.actions.composing import (
    add_free_item,
    add_heard,
    add_items,
    edit_item,
    move_item,
    remove_heard,
    remove_item,
)
from maillage.radio.actions.editing import (
    copy_frame,
    create_episode,
    create_show,
    delete_episode,
    edit_episode,
    edit_show,
)
from maillage.radio.actions.sounding import attach_audio, remove_audio
from maillage.radio.actions.stating import change_state

__all__ = [
    "add_free_item",
    "add_heard",
    "add_items",
    "attach_audio",
    "change_state",
    "copy_frame",
    "create_episode",
    "create_show",
    "delete_episode",
    "edit_episode",
    "edit_item",
    "edit_show",
    "move_item",
    "remove_audio",
    "remove_heard",
    "remove_item",
]
