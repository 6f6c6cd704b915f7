"""What may be done with batches."""

from maillage.exchange.actions.batches import (
    finish_batch,
    open_batch,
    record_change,
    record_changes,
    request_undo,
    undo_batch,
)

__all__ = [
    "finish_batch",
    "open_batch",
    "record_change",
    "record_changes",
    "request_undo",
    "undo_batch",
]
