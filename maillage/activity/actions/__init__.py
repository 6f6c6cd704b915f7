"""Writing the journal (`record`, inside the transaction of every action), sealing it, telling people (`notify`)."""

from maillage.activity.actions.notices import (
    forget_old,
    keep_stricter_choices,
    mark_read,
    notify,
    read_stop_token,
    set_preference,
    stop_token,
)
from maillage.activity.actions.recording import record, retry_job, stop_job
from maillage.activity.actions.sealing import first_broken_seal, forget_about, forget_names, seal_entries

__all__ = [
    "first_broken_seal",
    "forget_about",
    "forget_names",
    "forget_old",
    "keep_stricter_choices",
    "mark_read",
    "notify",
    "read_stop_token",
    "record",
    "retry_job",
    "seal_entries",
    "set_preference",
    "stop_job",
    "stop_token",
]
