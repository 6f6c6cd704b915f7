"""What may be done with registrations."""

from maillage.attendance.actions.attending import count_came, note_export, remove_registration
from maillage.attendance.actions.following import follow_event, tell_changes, tell_deleted
from maillage.attendance.actions.forgetting import follow_account, forget_account, forget_address
from maillage.attendance.actions.minding import forget_registrants, mind_places, remind
from maillage.attendance.actions.opening import TooFew, set_opening, set_size
from maillage.attendance.actions.registering import (
    accept_offer,
    cancel_registration,
    confirm_registration,
    decline_offer,
    reduce_registration,
    register,
)

__all__ = [
    "TooFew",
    "accept_offer",
    "cancel_registration",
    "confirm_registration",
    "count_came",
    "decline_offer",
    "follow_account",
    "follow_event",
    "forget_account",
    "forget_address",
    "forget_registrants",
    "mind_places",
    "note_export",
    "reduce_registration",
    "register",
    "remind",
    "remove_registration",
    "set_opening",
    "set_size",
    "tell_changes",
    "tell_deleted",
]
