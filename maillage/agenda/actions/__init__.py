"""What may be done in the agenda."""

from maillage.agenda.actions.duplicating import duplicate_event
from maillage.agenda.actions.editing import contribute, edit_event, forget_kept
from maillage.agenda.actions.minding import extend_rules, forget_refused, lift_embargo
from maillage.agenda.actions.stating import (
    change_timing,
    delete_event,
    feature_event,
    hide_event,
    leave_event,
    publish_event,
    refuse_event,
    remove_timing,
    submit_event,
    tell_status,
)
from maillage.agenda.actions.writing import Written, create_event, update_event

__all__ = [
    "Written",
    "change_timing",
    "contribute",
    "create_event",
    "delete_event",
    "duplicate_event",
    "edit_event",
    "extend_rules",
    "feature_event",
    "forget_kept",
    "forget_refused",
    "hide_event",
    "leave_event",
    "lift_embargo",
    "publish_event",
    "refuse_event",
    "remove_timing",
    "submit_event",
    "tell_status",
    "update_event",
]
