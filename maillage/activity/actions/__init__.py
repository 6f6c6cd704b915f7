"""Writing the journal (`record`, inside the transaction of every action), sealing it, telling people (`notify`), their personal
letters."""

from maillage.activity.actions.letters import letter_may_leave, may_leave_alone, send_letters, settle, write_letter
from maillage.activity.actions.notices import (
    LETTER,
    forget_old,
    keep_stricter_choices,
    mark_read,
    mark_seen,
    notify,
    notify_all,
    read_stop_token,
    set_letter_habit,
    set_preference,
    stop_token,
)
from maillage.activity.actions.recording import record, retry_job, stop_job
from maillage.activity.actions.refusing import note_refusal, try_again
from maillage.activity.actions.sealing import first_broken_seal, forget_about, forget_names, seal_entries

__all__ = [
    "LETTER",
    "first_broken_seal",
    "forget_about",
    "forget_names",
    "forget_old",
    "keep_stricter_choices",
    "letter_may_leave",
    "mark_read",
    "mark_seen",
    "may_leave_alone",
    "note_refusal",
    "notify",
    "notify_all",
    "read_stop_token",
    "record",
    "retry_job",
    "seal_entries",
    "send_letters",
    "set_letter_habit",
    "set_preference",
    "settle",
    "stop_job",
    "stop_token",
    "try_again",
    "write_letter",
]
