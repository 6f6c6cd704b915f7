"""The people who look after the sheets of a network, and what it trusts them with."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from maillage.accounts.models import User
from maillage.core.viewer import Viewer
from maillage.directory.enums import RevisionState
from maillage.directory.models import ActorMember, Revision, Trust
from maillage.directory.queries.revisions import accepted_in_a_row
from maillage.directory.registry import TRUST_AFTER


@dataclass(frozen=True)
class Record:
    """What became of the revisions of a person in the network."""

    accepted: int
    refused: int
    in_a_row: int


def contributors_of(viewer: Viewer, *, words: str = "", trusted: bool = False) -> QuerySet[User]:
    """Those who look after a sheet at home in the viewer's network, trusted ones first, with `trusted` and `sheets`."""
    if not viewer.runs_network:
        return User.objects.none()
    home = ActorMember.objects.filter(user=OuterRef("pk"), actor__home_network=viewer.network_id)
    held = Trust.objects.in_force().filter(user=OuterRef("pk"), network=viewer.network_id)
    people = User.objects.filter(Exists(home) | Exists(held), is_active=True, erased_at=None)
    for word in words.split()[:5]:
        people = people.filter(Q(name__icontains=word) | Q(email__icontains=word))
    here = Q(actor_memberships__actor__home_network=viewer.network_id)
    people = people.annotate(trusted=Exists(held), sheets=Count("actor_memberships", filter=here))
    return (people.filter(trusted=True) if trusted else people).order_by("-trusted", "name", "email", "pk")


def trusted_among(network_id: int | None, users: list[int]) -> set[int]:
    found = Trust.objects.in_force().filter(network=network_id, user__in=users)
    return set(found.values_list("user", flat=True))


def record_of(viewer: Viewer, user: User) -> Record:
    counts = Revision.objects.filter(author=user, network=viewer.network_id).aggregate(
        accepted=Count("pk", filter=Q(state=RevisionState.ACCEPTED)),
        refused=Count("pk", filter=Q(state=RevisionState.REFUSED)),
    )
    return Record(counts["accepted"], counts["refused"], accepted_in_a_row(user.pk, viewer.network_id or 0))


def deserves_trust(viewer: Viewer, user: User) -> int:
    """How many revisions in a row were accepted, once they are enough to say so to the team; else 0. Nothing is given."""
    if viewer.network is None or trusted_among(viewer.network_id, [user.pk]):
        return 0
    row = accepted_in_a_row(user.pk, viewer.network.pk)
    return row if row >= int(viewer.network.setting(TRUST_AFTER.name)) else 0
