"""Publications as everyone reads them, whoever asks: for feeds, files and programs, with what changed and what left."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.directory.queries.published import Since
from maillage.networks.models import Network
from maillage.networks.queries import vocabularies
from maillage.publications.enums import CreditState, Kind, State
from maillage.publications.models import Piece, Publication
from maillage.publications.queries.gathering import pieces_in
from maillage.publications.queries.reading import Signature
from maillage.topics.enums import Vocabulary

CHUNK = 100


@dataclass(frozen=True)
class Published:
    """`terms` by vocabulary as the network names them; `signatures` accepted, in order, with the address of a public sheet;
    `pieces`: what everyone reads of what a dossier gathers."""

    publication: Publication
    terms: dict[str, list[Any]]
    signatures: list[Signature]
    pieces: list[Piece] = field(default_factory=list)

    @property
    def appeared_at(self) -> datetime | None:
        return self.publication.appeared_at


def published(network: Network, ids: Iterable[int], *, guests: bool = False) -> Iterator[Published]:
    """Those of `ids` that everyone reads, in that order, over ones left out, and with `guests` what the network took from others; a
    constant number of queries for each hundred."""
    words = {term.pk: term for terms in vocabularies(network).values() for term in terms}
    rest = iter(ids)
    while chunk := list(islice(rest, CHUNK)):
        read = Publication.objects.told_in(network).open_on(timezone.localdate()) if guests else _open(network.pk)
        rows = read.filter(pk__in=chunk).select_related("network").order_by()
        found = {each.pk: each for each in rows.prefetch_related("terms", "places__department", "credits__actor")}
        given = {pk: _accepted(each) for pk, each in found.items()}
        actors = {credit.actor_id for accepted in given.values() for credit in accepted if credit.actor_id}
        seen = {actor.pk: actor for actor in Actor.objects.visible_to(Viewer(network=network)).filter(pk__in=actors)}
        pieces = _pieces(found.values())
        for each in (found[pk] for pk in chunk if pk in found):
            terms: dict[str, list[Any]] = {vocabulary: [] for vocabulary in Vocabulary.values}
            for term in each.terms.all():
                if term.pk in words:
                    terms[term.vocabulary].append(words[term.pk])
            signatures = [_signature(credit, seen) for credit in given[each.pk]]
            yield Published(each, terms, signatures, pieces.get(each.pk, []))


def _pieces(publications: Iterable[Publication]) -> dict[int, list[Piece]]:
    """As everyone reads them in the network of each dossier."""
    dossiers: dict[Network, list[Publication]] = defaultdict(list)
    for each in publications:
        if each.kind == Kind.DOSSIER:
            dossiers[each.network].append(each)
    return {pk: held for network, of in dossiers.items() for pk, held in pieces_in(of, Viewer(network=network)).items()}


def _accepted(publication: Any) -> list[Any]:
    standing = [credit for credit in publication.credits.all() if credit.state == CreditState.ACCEPTED]
    return sorted(standing, key=lambda credit: (credit.position, credit.pk))


def _signature(credit: Any, seen: dict[int, Actor]) -> Signature:
    actor = seen.get(credit.actor_id)
    return Signature(credit.signature, actor.get_absolute_url() if actor else "", credit.actor_id is not None)


def _open(network_id: int | None) -> QuerySet[Publication]:
    return Publication.objects.filter(network=network_id).shown().open_on(timezone.localdate())


# --- as programs follow it: in the order of ids, with what changed and what left


def published_ids(network_id: int, since: Since, *, after: int = 0) -> QuerySet[Publication]:
    """Above `after`, changed since; an embargo that ended is a change."""
    found = _open(network_id).filter(pk__gt=after).order_by("pk")
    if since.moment is not None and since.revision is None:
        return found.filter(Q(updated_at__gte=since.moment) | Q(publish_at__gte=since.moment))
    return since.narrow(found, "updated_at")


def _left(network_id: int | None) -> QuerySet[Publication]:
    """What everyone read and reads no more, or that is over. One whose moment is to come, or that was taken out before it, was
    read by nobody: the moment of a text in sight is not changed (`actions.change_settings`)."""
    read = Publication.objects.filter(Q(publish_at=None) | Q(publish_at__lte=timezone.now()), network=network_id)
    before = Q(state__in=[State.HIDDEN, State.TAKEN_BACK, State.SUSPENDED], decided_at__lt=F("publish_at"))
    return read.filter(published_at__isnull=False).exclude(before).exclude(pk__in=_open(network_id).values("pk"))


def left(network_id: int, since: Since, *, after: int = 0, last: int | None = None) -> list[Publication]:
    """Those whose id is in ]after, last], so that a walk meets each once."""
    today = timezone.localdate()
    found = _left(network_id).filter(pk__gt=after)
    if since.moment is not None and since.revision is None:
        since_day = timezone.localtime(since.moment).date()
        found = found.filter(Q(updated_at__gte=since.moment) | Q(closes_on__gte=since_day, closes_on__lt=today))
    else:
        found = since.narrow(found, "updated_at")
    if last is not None:
        found = found.filter(pk__lte=last)
    return list(found.only("pk", "updated_at").order_by("pk"))


def left_by_slug(network_id: int | None, slug: str) -> Publication | None:
    return _left(network_id).filter(slug=slug).first()
