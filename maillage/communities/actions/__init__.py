"""What may be done with communities and with what one follows; see the modules for the order that matters."""

from maillage.communities.actions.following import follow, unfollow
from maillage.communities.actions.joining import (
    accept_charter,
    accept_request,
    cancel_invitation,
    decline_invitation,
    invite,
    invite_person,
    join_community,
    leave_community,
    refuse_request,
    remove_member,
    set_animator,
    show_name,
    take_invitation,
)
from maillage.communities.actions.placing import place, put_first, unplace
from maillage.communities.actions.running import (
    archive_community,
    change_charter,
    create_community,
    edit_community,
    held_fields,
    reopen_community,
)

__all__ = [
    "accept_charter",
    "accept_request",
    "archive_community",
    "cancel_invitation",
    "change_charter",
    "create_community",
    "decline_invitation",
    "edit_community",
    "follow",
    "held_fields",
    "invite",
    "invite_person",
    "join_community",
    "leave_community",
    "place",
    "put_first",
    "refuse_request",
    "remove_member",
    "reopen_community",
    "set_animator",
    "show_name",
    "take_invitation",
    "unfollow",
    "unplace",
]
