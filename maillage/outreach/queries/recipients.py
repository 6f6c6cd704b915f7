"""Whom an approach may be begun with, whom a campaign writes to, and why it leaves the others alone."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from maillage.accounts.queries import suppressed_among
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor, Reminder
from maillage.directory.queries.charter import memberships
from maillage.directory.rules import in_reach
from maillage.networks.models import Network
from maillage.outreach.enums import CampaignAnswer, Skip, Stage
from maillage.outreach.models import Approach, CampaignMessage, TargetList
from maillage.outreach.queries.terms import months
from maillage.outreach.registry.approaches import REFUSAL

_CHUNK = 800


def members_of(viewer: Viewer, target_list: TargetList) -> QuerySet[Actor]:
    """The actors of a list that the viewer sees, with their place, by name."""
    held = target_list.members.filter(actor=OuterRef("pk"))
    found = Actor.objects.visible_to(viewer).filter(Exists(held))
    return found.select_related("family", "commune__department").order_by("name_key", "pk")


def refusal_limit(network: Network) -> datetime:
    return timezone.now() - months(int(network.setting(REFUSAL.name)))


def declined(network: Network, actor_ids: Iterable[int] | None = None) -> set[int]:
    """Actors (among `actor_ids`) that refused since the network's delay: by their approach, or by an answer to a campaign."""
    since = refusal_limit(network)
    among = {} if actor_ids is None else {"actor__in": list(actor_ids)}
    ended = Approach.objects.filter(network=network, stage=Stage.DECLINED, closed_at__gte=since, **among)
    # Who refused and whose approach is open again was won back since.
    ended = ended.exclude(
        Exists(
            Approach.objects.open().filter(network=network, actor=OuterRef("actor"), moved_at__gt=OuterRef("closed_at"))
        )
    )
    said = CampaignMessage.objects.filter(network=network, answer=CampaignAnswer.NO, answered_at__gte=since, **among)
    said = said.exclude(
        Exists(
            Approach.objects.open().filter(
                network=network, actor=OuterRef("actor"), moved_at__gt=OuterRef("answered_at")
            )
        )
    )
    return {*ended.values_list("actor", flat=True), *said.values_list("actor", flat=True)}


def to_begin(viewer: Viewer, target_list: TargetList) -> list[int]:
    """Ids of the actors of a list with whom to begin: in activity and in reach, without an approach, no members, not
    refusing. A bounded number of queries."""
    under_way = Approach.objects.filter(network=viewer.network_id, actor=OuterRef("pk"))
    actors = members_of(viewer, target_list).filter(archived_at=None)
    actors = actors.exclude(Exists(under_way.open())).exclude(Exists(under_way.filter(stage=Stage.MEMBER)))
    refusing = declined(viewer.network)
    found = [actor.pk for actor in actors if actor.pk not in refusing and in_reach(viewer, actor)]
    held = memberships(viewer.network, found)
    return [pk for pk in found if not held[pk].is_member]


@dataclass
class Recap:
    """What sending would do: those written to, and the others by reason."""

    actors: list[Actor] = field(default_factory=list)
    skipped: dict[Skip, list[Actor]] = field(default_factory=dict)
    without_reason: int = 0

    @property
    def left(self) -> int:
        return sum(len(actors) for actors in self.skipped.values())

    @property
    def reasons(self) -> list[tuple[Skip, list[Actor]]]:
        return [(skip, self.skipped[skip]) for skip in Skip if skip in self.skipped]


def recap(viewer: Viewer, target_list: TargetList) -> Recap:
    """In a bounded number of queries; of several actors with one address, the first by name is written to."""
    actors = list(members_of(viewer, target_list))
    network, found, seen = viewer.network, Recap(), set[str]()
    addresses = sorted({actor.email for actor in actors if actor.email})
    objected = {email.lower() for email in suppressed_among(addresses)}
    stopped, bounced = stopped_among(network, addresses), bounced_among(network, addresses)
    refusing = declined(network)
    for actor in actors:
        email = actor.email.lower()
        skip = _why_not(viewer, actor)
        if skip is None and email in objected:
            skip = Skip.OBJECTED
        if skip is None and email in stopped:
            skip = Skip.STOPPED
        if skip is None and email in bounced:
            skip = Skip.BOUNCED
        if skip is None and actor.pk in refusing:
            skip = Skip.DECLINED
        if skip is None and email in seen:
            skip = Skip.DUPLICATE
        if skip is None:
            seen.add(email)
            found.actors.append(actor)
        else:
            found.skipped.setdefault(skip, []).append(actor)
    explained = Approach.objects.open().filter(network=network).exclude(reason="")
    told = set(explained.values_list("actor", flat=True))
    found.without_reason = sum(actor.pk not in told for actor in found.actors)
    return found


def _why_not(viewer: Viewer, actor: Actor) -> Skip | None:
    if actor.archived_at is not None:
        return Skip.ARCHIVED
    if actor.home_network_id != viewer.network_id:
        return Skip.AWAY
    if not in_reach(viewer, actor):
        return Skip.REACH
    return None if actor.email else Skip.NO_ADDRESS


def why_not_now(network: Network, actor: Actor, email: str) -> Skip | None:
    """Asked again as each message leaves: hours may have passed since the recap."""
    if actor.archived_at is not None:
        return Skip.ARCHIVED
    if actor.home_network_id != network.pk:
        return Skip.AWAY
    if not actor.email or actor.email.lower() != email.lower():
        return Skip.NO_ADDRESS
    if suppressed_among([email]):
        return Skip.OBJECTED
    if stopped_among(network, [email]):
        return Skip.STOPPED
    if bounced_among(network, [email]):
        return Skip.BOUNCED
    return Skip.DECLINED if declined(network, [actor.pk]) else None


def stopped_among(network: Network, addresses: Iterable[str]) -> set[str]:
    """Those whose reader wants no more campaigns of this network, or no more askings about the sheet; in small letters."""
    found: set[str] = set()
    for part in _parts(addresses):
        for model in (CampaignMessage, Reminder):
            held = model._default_manager.filter(network=network, email__in=part).exclude(stopped_at=None)
            found.update(email.lower() for email in held.values_list("email", flat=True))
    return found


def bounced_among(network: Network, addresses: Iterable[str]) -> set[str]:
    """Those that the mail server refused, whatever message it was."""
    found: set[str] = set()
    for part in _parts(addresses):
        for model in (CampaignMessage, Reminder):
            held = model._default_manager.filter(network=network, email__in=part).exclude(failed_at=None)
            found.update(email.lower() for email in held.values_list("email", flat=True))
    return found


def _parts(addresses: Iterable[str]) -> Iterable[list[str]]:
    """As written and in small letters: an address is one whatever its capitals."""
    every = sorted({each for address in addresses for each in (address, address.lower())})
    return [every[start : start + _CHUNK] for start in range(0, len(every), _CHUNK)]
