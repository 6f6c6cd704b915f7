"""What becomes of the rows of a person when two accounts are made one."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from maillage.accounts.registry import follow
from maillage.communities.enums import MemberRole, MemberState
from maillage.core.following import Relation, Values

_RANK = [MemberState.ASKED, MemberState.INVITED, MemberState.MEMBER]


def _not_oneself(row: Any, field: str, gone: int, kept: int) -> Values | None:
    """Nobody follows themselves: one of the two accounts may have followed the other."""
    other = row.person_id if field == "user" else row.user_id
    return None if other in (gone, kept) else {f"{field}_id": kept}


def _the_stronger(row: Any, held: Any) -> Values:
    """A member of either is a member; who animates with either animates; a name shown by one alone is not shown."""
    values: Values = {"name_is_public": row.name_is_public and held.name_is_public}
    if MemberRole.ANIMATOR in (row.role, held.role):
        values["role"] = MemberRole.ANIMATOR
    if _RANK.index(MemberState(row.state)) > _RANK.index(MemberState(held.state)):
        names = ("state", "joined_at", "charter_id", "charter_sha256", "charter_accepted_at")
        values |= {name: getattr(row, name) for name in names}
    return values


_ONCE = _("Ce que suivent les deux comptes est suivi une fois.")
follow(Relation("communities.Follow.user", _("suivis"), _ONCE, rewrite=_not_oneself))
follow(Relation("communities.Follow.person", _("personnes qui vous suivent"), _ONCE, rewrite=_not_oneself))
follow(
    Relation(
        "communities.CommunityMember.user",
        _("communautés"),
        _("D'une communauté où sont les deux comptes, la place la plus engagée est gardée."),
        settle=_the_stronger,
    )
)
