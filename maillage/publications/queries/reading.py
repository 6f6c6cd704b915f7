"""Reads for the public page of a publication, and for the pages of what signs or contains it."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone

from maillage.core.text import whole_number
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.networks.models import Network
from maillage.networks.queries import vocabularies
from maillage.publications.engine.players import hosts_of
from maillage.publications.enums import WITHDRAWN, CommentState, CreditState, State
from maillage.publications.models import Comment, Credit, Piece, Publication, Version
from maillage.publications.queries.rendering import Reading, reading_of
from maillage.publications.registry import PEERTUBE
from maillage.topics.enums import Vocabulary
from maillage.topics.models import Term

_LIKE = 3


@dataclass(frozen=True)
class Signature:
    """`url` is the public sheet of an actor, "" when nobody may open it."""

    name: str
    url: str
    is_actor: bool


@dataclass(frozen=True)
class Told:
    """`terms` by vocabulary as the network names them; `corrections` those said to readers, the last first."""

    publication: Publication
    reading: Reading
    terms: dict[str, list[Term]]
    signatures: list[Signature]
    corrections: list[Version]
    sources: list[str]
    hue: int


def page_of_publication(publication: Publication, viewer: Viewer, *, plays: bool = False) -> Told:
    """Whole; seven queries whatever it holds. `plays`: the page has the script and the content policy of the players."""
    peertube = hosts_of(viewer.network.setting(PEERTUBE.name)) if plays else None
    terms = terms_by_vocabulary(publication, viewer.network)
    return Told(
        publication,
        reading_of(publication.body, publication.media, peertube=peertube),
        terms,
        signatures_of(viewer, publication.credits.accepted().select_related("actor")),
        list(publication.versions.published().exclude(note="").order_by("-at", "-pk")),
        [line.strip() for line in publication.sources.splitlines() if line.strip()],
        hue_of(publication),
    )


def terms_by_vocabulary(publication: Publication, network: Network) -> dict[str, list[Term]]:
    words = {term.pk: term for terms in vocabularies(network).values() for term in terms}
    found: dict[str, list[Term]] = {vocabulary: [] for vocabulary in Vocabulary.values}
    for term in publication.terms.all():
        if term.pk in words:
            found[term.vocabulary].append(words[term.pk])
    return found


def signatures_of(viewer: Viewer, given: Iterable[Credit]) -> list[Signature]:
    """Accepted ones in order; an actor without a public sheet is named without a link."""
    standing = sorted(given, key=lambda each: (each.position, each.pk))
    actors = [each.actor_id for each in standing if each.actor_id]
    seen = {actor.pk: actor for actor in Actor.objects.visible_to(viewer).filter(pk__in=actors)} if actors else {}
    return [
        Signature(
            each.signature,
            seen[each.actor_id].get_absolute_url() if each.actor_id in seen else "",
            is_actor=each.actor_id is not None,
        )
        for each in standing
    ]


def hue_of(publication: Publication) -> int:
    """One of the eight hues, always the same for a kind and a theme."""
    themes = [term for term in publication.terms.all() if term.vocabulary == Vocabulary.THEME]
    return themes[0].hue if themes and themes[0].hue else 1 + publication.pk % 8


def cards(publications: Iterable[Publication]) -> list[Any]:
    """Ready for cards: `hue`, `theme`, `signed`, names of the accepted signatures, and `at`."""
    told: list[Any] = []
    for each in publications:
        card: Any = each
        card.hue = hue_of(each)
        card.theme = next((term for term in each.terms.all() if term.vocabulary == Vocabulary.THEME), None)
        standing = [credit for credit in each.credits.all() if credit.state == CreditState.ACCEPTED]
        card.signed = [credit.signature for credit in sorted(standing, key=lambda one: (one.position, one.pk))]
        card.at = each.appeared_at
        told.append(card)
    return told


def by_date(viewer: Viewer) -> Any:
    """What everyone reads, the newest first; announcements that are over left out."""
    found: Any = Publication.objects.told_in(viewer.network).open_on(timezone.localdate()).with_appeared()
    return found.order_by("-appeared", "-pk")


def latest(viewer: Viewer, number: int, *, section: str = "") -> list[Any]:
    found = Publication.objects.told_in(viewer.network).open_on(timezone.localdate())
    found = found.in_section(section) if section else found
    ids = found.last_appeared(viewer.network, number)
    rows = {each.pk: each for each in Publication.objects.filter(pk__in=ids).for_cards()}
    return cards(rows[pk] for pk in ids if pk in rows)


def latest_of(viewer: Viewer, actor: Actor, number: int = 4) -> list[Any]:
    """What an actor signs."""
    signed = Credit.objects.accepted().filter(actor=actor).values("publication")
    return cards(by_date(viewer).filter(pk__in=signed).for_cards()[:number])


def alike(viewer: Viewer, publication: Publication) -> list[Any]:
    """Others on the same themes, most in common first, then the newest."""
    themes = [term.pk for term in publication.terms.all() if term.vocabulary == Vocabulary.THEME]
    if not themes:
        return []
    shared = Count("terms", filter=Q(terms__in=themes))
    near = by_date(viewer).exclude(pk=publication.pk).filter(terms__in=themes).values("pk").annotate(shared=shared)
    keys = [row["pk"] for row in near.order_by("-shared", F("published_at").desc(), "-pk")[:_LIKE]]
    found = {each.pk: each for each in Publication.objects.filter(pk__in=keys).for_cards()}
    return cards(found[key] for key in keys if key in found)


def comments_of(publication: Publication, viewer: Viewer) -> list[Comment]:
    """In the order they were written; those removed by their author stay as a place."""
    found = Comment.objects.visible_to(viewer).filter(publication=publication)
    if viewer.runs_network:
        found = found.exclude(state=CommentState.REFUSED)
    elif viewer.is_authenticated:
        found = found.filter(state__in=[CommentState.SHOWN, CommentState.WAITING])
    return list(found.exclude(state=CommentState.REMOVED).select_related("author").order_by("at", "pk")[:500])


def dossiers_of(viewer: Viewer, publication: Publication) -> list[Publication]:
    """Those that contain it."""
    keys = Piece.objects.filter(publication=publication).values("dossier")
    return list(by_date(viewer).filter(pk__in=keys)[:5])


def readings_of(publication: Publication) -> int:
    return sum(publication.readings.values_list("count", flat=True))


def shown_at(network: Network, section: str, slug: str) -> Publication | None:
    """What everyone reads at an address."""
    return Publication.objects.filter(network=network, slug=slug).in_section(section).shown().first()


def gone_at(network: Network, section: str, slug: str) -> Publication | None:
    """What everyone read at an address, and its authors took back or the team took out; what is withheld until it answers may
    come back."""
    states = (State.TAKEN_BACK, State.HIDDEN)
    gone = Publication.objects.filter(network=network, slug=slug, state__in=states, published_at__isnull=False)
    read = Q(publish_at=None) | Q(publish_at__lte=F("decided_at"))
    return gone.in_section(section).filter(read).select_related("replaced_by").first()


def previewed(network: Network, key: str) -> Publication | None:
    """The one that a preview link shows, unless the team, or people's reports, took it out."""
    number, _dash, secret = key.partition("-")
    if (pk := whole_number(number)) is None:
        return None
    found = Publication.objects.filter(network=network, pk=pk).exclude(state__in=WITHDRAWN).first()
    if found is None or not secrets.compare_digest(found.preview_key.encode(), secret.encode()):
        return None
    return found
