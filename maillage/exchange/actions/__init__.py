"""What may be done with batches and imports."""

from maillage.exchange.actions.batches import (
    finish_batch,
    open_batch,
    record_change,
    record_changes,
    request_undo,
    undo_batch,
)
from maillage.exchange.actions.importing import (
    clear_decisions,
    decide,
    delete_recipe,
    discard,
    reading_of,
    receive_file,
    require_source,
    sample_of,
    save_recipe,
    set_reading,
    start_apply,
    start_preview,
    stop,
    use_recipe,
)
from maillage.exchange.actions.running import apply, preview

__all__ = [
    "apply",
    "clear_decisions",
    "decide",
    "delete_recipe",
    "discard",
    "finish_batch",
    "open_batch",
    "preview",
    "reading_of",
    "receive_file",
    "record_change",
    "record_changes",
    "request_undo",
    "require_source",
    "sample_of",
    "save_recipe",
    "set_reading",
    "start_apply",
    "start_preview",
    "stop",
    "undo_batch",
    "use_recipe",
]
