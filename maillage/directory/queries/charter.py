"""The charter as it stands on a day: its texts, the membership of actors, the public list of signatories.

calendar = calendar_of(network)
membership(network, actor)                      # one actor: two queries
memberships(network, ids, calendar=calendar)    # many: one more query, whatever their number
with_state(Actor.objects.all(), calendar, …)    # `charter_state`, to filter and count in the database
adheres(network, actor)                         # Allowed, or Denied with its sentence, as a rule
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, QuerySet, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.queries import suppressed_among
from maillage.core.permissions import Answer, allow_if
from maillage.core.viewer import Viewer
from maillage.directory.enums import ListingState, MembershipState
from maillage.directory.models import Actor, Calendar, CharterVersion, Listing, Signature, SigningLink
from maillage.directory.queries.index import NEVER, index_for
from maillage.directory.queries.todo import departments_of
from maillage.directory.registry import GRACE
from maillage.networks.models import Network

MEMBERS = (MembershipState.SIGNED, MembershipState.TO_RESIGN)
RECENTLY = timedelta(days=7)  # A campaign leaves alone those who had a link since.
TO_ASK = (MembershipState.TO_RESIGN, MembershipState.LAPSED)


def calendar_of(network: Network) -> Calendar:
    """One query; the texts are read only where they are shown."""
    published = CharterVersion.objects.filter(network=network).published().defer("body")
    return Calendar(list(published.order_by("major", "minor")), int(network.setting(GRACE.name)))


@dataclass(frozen=True)
class Membership:
    """`signature` is the one that counts (in force, else lapsed, else the last withdrawn); `since` the day from which the
    actor has been a member without interruption; `until` the first day when it is no more unless it signs again."""

    state: MembershipState
    signature: Signature | None = None
    since: date | None = None
    until: date | None = None

    @property
    def is_member(self) -> bool:
        return self.state in MEMBERS


def memberships(
    network: Network, actor_ids: Iterable[int], *, on: date | None = None, calendar: Calendar | None = None
) -> dict[int, Membership]:
    """The membership of each of `actor_ids` on a day (today); actors that never signed included."""
    ids, on = list(actor_ids), on or timezone.localdate()
    calendar = calendar or calendar_of(network)
    signatures = Signature.objects.filter(network=network, actor__in=ids, signed_on__lte=on)
    held: dict[int, list[Signature]] = defaultdict(list)
    for signature in signatures.select_related("version").defer("version__body").order_by("signed_on", "pk"):
        held[signature.actor_id].append(signature)
    return {pk: _membership(held[pk], calendar, on) for pk in ids}


def membership(network: Network, actor: Actor, *, on: date | None = None) -> Membership:
    return memberships(network, [actor.pk], on=on)[actor.pk]


def _membership(signatures: Sequence[Signature], calendar: Calendar, on: date) -> Membership:
    standing = [each for each in signatures if each.withdrawn_on is None or each.withdrawn_on > on]
    if not standing:
        if not signatures:
            return Membership(MembershipState.NEVER)
        return Membership(MembershipState.WITHDRAWN, max(signatures, key=lambda each: (each.withdrawn_on, each.pk)))
    best = max(standing, key=lambda each: (each.major, each.pk))
    since, before = standing[0].signed_on, standing[0]
    for following in standing[1:]:
        lapsed = calendar.lapses_on(before.major)
        if lapsed is not None and lapsed <= following.signed_on:
            since = following.signed_on
        before = following
    return Membership(calendar.worth(best.major, on), best, since, calendar.lapses_on(best.major))


def who_signed(network: Network, actor_ids: Iterable[int]) -> list[int]:
    """Those of `actor_ids` that ever signed, from the index: for the others, most of them, nothing is asked."""
    index = index_for(network)
    never, ordinals = index.mask("charter", NEVER), index.ordinal_of
    return [pk for pk in actor_ids if (ordinal := ordinals.get(pk)) is None or not never >> ordinal & 1]


@dataclass(frozen=True)
class Spell:
    """The last time during which an actor is a member, told by days alone: it changes only when someone acts."""

    since: date
    until: date | None


def spells(network: Network, actor_ids: Iterable[int]) -> dict[int, Spell]:
    """Of those whose signature stands, lapsed or not: no query when none of them ever signed, else two."""
    ids = who_signed(network, actor_ids)
    held = memberships(network, ids) if ids else {}
    return {pk: Spell(found.since, found.until) for pk, found in held.items() if found.since is not None}


def adheres(network: Network, actor: Actor, *, on: date | None = None) -> Answer:
    """Whether the actor is a member on a day: asked by what a network keeps for its signatories."""
    return allow_if(
        membership(network, actor, on=on).is_member,
        _("%(actor)s n'a pas de signature de la charte en vigueur.") % {"actor": actor.name},
    )


def with_state(
    actors: QuerySet[Actor], network: Network, *, on: date | None = None, calendar: Calendar | None = None
) -> QuerySet[Any]:
    """`actors` annotated with `charter_state` (a value of `MembershipState`) on a day."""
    on = on or timezone.localdate()
    calendar = calendar or calendar_of(network)
    known = Signature.objects.filter(network=network, actor=OuterRef("pk"), signed_on__lte=on)
    best = known.held_on(on).order_by("-major").values("major")[:1]
    worths = [When(charter_major=major, then=Value(calendar.worth(major, on).value)) for major in calendar.majors]
    withdrawn = When(Exists(known), then=Value(MembershipState.WITHDRAWN.value))
    state = Case(*worths, withdrawn, default=Value(MembershipState.NEVER.value), output_field=CharField())
    return actors.annotate(charter_major=Subquery(best)).annotate(charter_state=state)


def followed(network: Network) -> QuerySet[Actor]:
    """The actors of a network that are asked to sign: all those it lists, archives apart."""
    here = Listing.objects.filter(actor=OuterRef("pk"), network=network)
    return Actor.objects.current().filter(Exists(here))


def has_stopped(network: Network) -> QuerySet[Actor]:
    """The actors whose present address asked for no more messages about the charter."""
    stopped = SigningLink.objects.filter(network=network, actor=OuterRef("pk"), email=OuterRef("email"))
    return Actor.objects.filter(Exists(stopped.exclude(stopped_at=None)))


@dataclass(frozen=True)
class Addressees:
    """Whom a link would go to (ids and names, in order), how many have no address, want no message, were written to just
    before."""

    ids: list[int]
    names: list[str]
    without: int
    refused: int
    recent: int


def addressees(viewer: Viewer, actors: QuerySet[Actor]) -> Addressees:
    """Of `actors`, those that the viewer animates and that have something to sign; four queries."""
    asked = with_state(followed(viewer.network), viewer.network).exclude(charter_state=MembershipState.SIGNED)
    asked = asked.filter(pk__in=actors.values("pk"))
    if departments := departments_of(viewer):
        asked = asked.filter(commune__department__code__in=departments)
    rows = list(asked.order_by("name_key", "pk").values_list("pk", "name", "email"))
    mute = suppressed_among([email for _pk, _name, email in rows])
    stopped = set(has_stopped(viewer.network).filter(pk__in=asked.values("pk")).values_list("pk", flat=True))
    theirs = SigningLink.objects.open().filter(email__iexact=F("actor__email"))  # One sent to a former address is dead.
    known = theirs.filter(network=viewer.network, sent_at__gt=timezone.now() - RECENTLY)
    written = set(known.filter(actor__in=asked.values("pk")).values_list("actor_id", flat=True))
    willing = [(pk, name) for pk, name, email in rows if email and email not in mute and pk not in stopped]
    kept = [(pk, name) for pk, name in willing if pk not in written]
    without = sum(not email for _pk, _name, email in rows)
    return Addressees(
        ids=[pk for pk, _name in kept],
        names=[name for _pk, name in kept],
        without=without,
        refused=len(rows) - without - len(willing),
        recent=len(willing) - len(kept),
    )


def counts_by_state(network: Network, calendar: Calendar) -> dict[MembershipState, int]:
    """How many followed actors are in each state today, in one query; states without any are 0."""
    rows = with_state(followed(network), network, calendar=calendar).order_by().values("charter_state")
    found = dict(rows.annotate(total=Count("pk")).values_list("charter_state", "total"))
    return {state: found.get(state.value, 0) for state in MembershipState}


def signatories(network: Network, *, family: str = "", department: str = "") -> QuerySet[Any]:
    """The public list: published actors, archives apart, whose membership holds today."""
    shown = Listing.objects.filter(actor=OuterRef("pk"), network=network, state=ListingState.PUBLISHED)
    actors = with_state(Actor.objects.current().filter(Exists(shown)), network).filter(charter_state__in=MEMBERS)
    if family:
        actors = actors.filter(family__slug=family)
    if department:
        actors = actors.filter(commune__department__code=department)
    return actors.select_related("family", "commune__department").order_by("name_key", "pk")


@dataclass(frozen=True)
class Signatory:
    """A line of the public list; `signer` is "" when the person did not want their name there."""

    actor: Actor
    since: date | None
    signer: str
    capacity: str


def lines_of(network: Network, actors: Sequence[Actor]) -> list[Signatory]:
    """Two queries, whatever their number."""
    held = memberships(network, [actor.pk for actor in actors])
    lines = []
    for actor in actors:
        found = held[actor.pk]
        signature = found.signature
        shown = signature is not None and signature.name_is_public and signature.signer_name
        lines.append(
            Signatory(
                actor,
                found.since,
                signature.signer_name if shown and signature else "",
                signature.capacity if shown and signature else "",
            )
        )
    return lines


def standing_signature(network: Network, actor: Actor, major: int) -> Signature | None:
    """The signature in force of an actor for a major version, if someone gave it."""
    return Signature.objects.in_force().filter(network=network, actor=actor, major=major).first()


def link_opened_by(network: Network | None, pk: int, token: str) -> SigningLink | None:
    """The personal link of an address, on the host of its own network."""
    links = SigningLink.objects.select_related("network", "actor", "signature").filter(network=network)
    found = links.filter(pk=pk).first()
    return found if found is not None and found.is_opened_by(token) else None


def proof_opened_by(network: Network | None, pk: int, token: str) -> Signature | None:
    found = Signature.objects.select_related("network", "actor", "version").filter(pk=pk, network=network).first()
    return found if found is not None and found.is_opened_by(token) else None


@dataclass(frozen=True)
class Standing:
    """What the team reads of an actor: its membership, every signature, the last link sent."""

    membership: Membership
    signatures: list[Signature]
    link: SigningLink | None
    latest: CharterVersion | None


def standing(viewer: Viewer, actor: Actor) -> Standing:
    """Four queries."""
    calendar = calendar_of(viewer.network)
    signatures = Signature.objects.visible_to(viewer).filter(actor=actor)
    return Standing(
        memberships(viewer.network, [actor.pk], calendar=calendar)[actor.pk],
        list(signatures.select_related("version", "recorded_by").defer("version__body")),
        SigningLink.objects.visible_to(viewer).filter(actor=actor).first(),
        calendar.latest,
    )
