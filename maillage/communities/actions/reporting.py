"""What becomes of a community that people report: withheld until the team answers, withheld for good, shown again. Who is told is up
to `moderation`."""

from django.db import transaction

from maillage.accounts.models import User
from maillage.communities import rules
from maillage.communities.actions.marking import held, mark_changed, write_down
from maillage.communities.enums import Withheld
from maillage.communities.models import Community, CommunityMember
from maillage.core import images
from maillage.core.viewer import Viewer


def suspend_community(*, by: Viewer, community: Community) -> None:
    _withhold(by, community, ("",), Withheld.SUSPENDED, "community.suspend")


def remove_community(*, by: Viewer, community: Community) -> None:
    _withhold(by, community, ("", Withheld.SUSPENDED), Withheld.REMOVED, "community.withdraw")


def restore_community(*, by: Viewer, community: Community) -> None:
    """With its members, contents and state, as it was."""
    _withhold(by, community, (Withheld.SUSPENDED, Withheld.REMOVED), "", "community.resume")


def _withhold(by: Viewer, community: Community, before: tuple[str, ...], after: str, verb: str) -> None:
    """One that is not in `before` is left as it is."""
    with transaction.atomic():
        community = held(community)
        rules.may_moderate(by, community).require()
        if community.withheld not in before:
            return
        community.withheld = after
        old = community.image.name or ""
        if after and old:  # Who kept its address reads it no more.
            community.image = images.renamed(old)
        community.save()
        if old and community.image.name != old:
            transaction.on_commit(lambda: images.forget(old), robust=True)
        write_down(verb, by=by, community=community)
        mark_changed(community)


def writers_of(community: Community) -> list[User]:
    """Those who animate it answer for what it says; else who opened it."""
    rows = CommunityMember.objects.animating().filter(community=community).select_related("user").order_by("pk")
    people = [row.user for row in rows if row.user is not None]
    opened = community.created_by
    return people or ([opened] if opened is not None and opened.erased_at is None else [])
