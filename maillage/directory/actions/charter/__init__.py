"""What may be done to the charter: write and publish a text, sign it, send links to sign, withdraw."""

from maillage.directory.actions.charter.drafting import default_text, discard_draft, publish, save_draft
from maillage.directory.actions.charter.inviting import revoke_link, send_link, start_campaign, stop_link
from maillage.directory.actions.charter.signing import (
    AlreadySigned,
    Signer,
    forget_signatures_of,
    forget_signer,
    record_paper,
    show_name,
    sign_as_member,
    sign_with_link,
    withdraw,
)

__all__ = [
    "AlreadySigned",
    "Signer",
    "default_text",
    "discard_draft",
    "forget_signatures_of",
    "forget_signer",
    "publish",
    "record_paper",
    "revoke_link",
    "save_draft",
    "send_link",
    "show_name",
    "sign_as_member",
    "sign_with_link",
    "start_campaign",
    "stop_link",
    "withdraw",
]
