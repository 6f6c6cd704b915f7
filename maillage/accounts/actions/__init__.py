"""The verbs of the accounts: roles and invitations, tokens and sessions, one's data."""

from maillage.accounts.actions.absences import end_absence, mind_absences
from maillage.accounts.actions.erasing import erase_account, forbid_address, readmit_address, replay_erasures
from maillage.accounts.actions.inviting import require_pace
from maillage.accounts.actions.merging import invite_to_merge, merge_accounts
from maillage.accounts.actions.people import (
    accept_invitation,
    cancel_invitation,
    complete_signup,
    grant_role,
    invite,
    join_network,
    require_willing,
    resend_invitation,
    revoke_role,
)
from maillage.accounts.actions.privacy import prepare_export, purge_expired, request_export
from maillage.accounts.actions.security import create_token, end_sessions, note_token_use, revoke_token, save_profile

__all__ = [
    "accept_invitation",
    "cancel_invitation",
    "complete_signup",
    "create_token",
    "end_absence",
    "end_sessions",
    "erase_account",
    "forbid_address",
    "grant_role",
    "invite",
    "invite_to_merge",
    "join_network",
    "merge_accounts",
    "mind_absences",
    "note_token_use",
    "prepare_export",
    "purge_expired",
    "readmit_address",
    "replay_erasures",
    "request_export",
    "require_pace",
    "require_willing",
    "resend_invitation",
    "revoke_role",
    "revoke_token",
    "save_profile",
]
