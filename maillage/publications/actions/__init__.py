"""What may be done with publications; see the modules for the order that matters."""

from maillage.publications.actions.commenting import (
    accept_comment,
    refuse_comment,
    remove_comment,
    write_comment,
)
from maillage.publications.actions.crediting import answer_credit, ask_credit, order_credits, remove_credit
from maillage.publications.actions.editing import change_settings, create_publication, edit_publication, keep_picture
from maillage.publications.actions.revising import (
    accept_version,
    discard_version,
    refuse_version,
    send_version,
)
from maillage.publications.actions.stating import (
    delete_publication,
    feature_publication,
    hide_publication,
    publish_publication,
    refuse_publication,
    renew_preview,
    submit_publication,
    take_back_publication,
)

__all__ = [
    "accept_comment",
    "accept_version",
    "answer_credit",
    "ask_credit",
    "change_settings",
    "create_publication",
    "delete_publication",
    "discard_version",
    "edit_publication",
    "feature_publication",
    "hide_publication",
    "keep_picture",
    "order_credits",
    "publish_publication",
    "refuse_comment",
    "refuse_publication",
    "refuse_version",
    "remove_comment",
    "remove_credit",
    "renew_preview",
    "send_version",
    "submit_publication",
    "take_back_publication",
    "write_comment",
]
