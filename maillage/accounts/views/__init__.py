"""Pages of the accounts: one's own, and those of the administrators of a network."""

from maillage.accounts.views.merging import merge_other_account, name_other_account, prove_other_account
from maillage.accounts.views.own import (
    accept_invitation,
    confirm_identity,
    join_network,
    list_sessions,
    list_tokens,
    revoke_token,
    show_profile,
)
from maillage.accounts.views.people import (
    cancel_invitation,
    create_network,
    grant_role,
    invite_people,
    invite_to_merge,
    list_absences,
    list_invitations,
    list_people,
    resend_invitation,
    revoke_role,
    show_person,
)
from maillage.accounts.views.privacy import download_export, erase_account, request_export, show_data

__all__ = [
    "accept_invitation",
    "cancel_invitation",
    "confirm_identity",
    "create_network",
    "download_export",
    "erase_account",
    "grant_role",
    "invite_people",
    "invite_to_merge",
    "join_network",
    "list_absences",
    "list_invitations",
    "list_people",
    "list_sessions",
    "list_tokens",
    "merge_other_account",
    "name_other_account",
    "prove_other_account",
    "request_export",
    "resend_invitation",
    "revoke_role",
    "revoke_token",
    "show_data",
    "show_person",
    "show_profile",
]
