"""Who could answer a need: offers of the same kind that say the same, then actors whose sheet suggests it, each with its
reasons in words; offers of the same kind that have nothing else in common come apart.

What the team set aside for this need is not proposed again; whoever was set aside for others of the same kind comes later,
whoever answered some comes earlier. Actors archived, or not shown by the network, are never proposed (MAT-4).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.core.geo import distance_km
from maillage.core.viewer import Viewer
from maillage.directory.enums import ListingState
from maillage.directory.models import Actor, Listing
from maillage.networks.queries import vocabularies
from maillage.outreach.enums import NeedKind, NeedState, Side
from maillage.outreach.models import Mismatch, Need
from maillage.outreach.queries.question.vocabulary import data
from maillage.search.queries import words_of
from maillage.territories.models import Territory
from maillage.territories.queries.distance import distance_to
from maillage.topics.enums import Vocabulary
from maillage.topics.models import Term

SHOWN = 20
_READ = 150  # Candidates weighed of each sort.
_NEAR = ((15, 20), (40, 14), (80, 8))  # Kilometres at most, and what they weigh.
_SHARED = {
    Vocabulary.THEME: (12, 3),
    Vocabulary.ACTION_KIND: (8, 2),
    Vocabulary.AUDIENCE: (6, 3),
}  # Weight, how many count.
_SAME_KIND = 50
_FAR = 150  # Kilometres beyond which distance weighs against.
_REASON = 100  # Kilometres beyond which distance is no reason any more, but a remark.
_WORD, _WORDS = 7, 3  # What a word in common weighs, how many count.


@dataclass
class Match:
    """`said` are the offers (or the needs) that meet the one asked about; `actor` None when they were heard from someone without
    a sheet. `distance` is in kilometres between communes."""

    actor: Actor | None
    said: list[Need] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    in_common: int = 0  # Terms and words that both have.
    distance: float | None = None
    score: float = 0

    @property
    def label(self) -> str:
        return self.actor.name if self.actor is not None else self.said[0].heard_from


@dataclass(frozen=True)
class Matches:
    said: list[Match]
    suggested: list[Match]
    aside: list[Mismatch]
    alike: list[Match] = field(default_factory=list)  # Of the same kind, and nothing else.


def matches(viewer: Viewer, need: Need) -> Matches:
    """For a need: offers, then actors. For an offer: needs alone. A bounded number of queries."""
    aside = list(Mismatch.objects.filter(need=need).select_related("actor", "offer").order_by("-at", "-pk"))
    if not need.is_need:
        said, alike = _said(viewer, need, set(), set())
        return Matches(said, [], [], alike)
    actors = {each.actor_id for each in aside if each.actor_id}
    offers = {each.offer_id for each in aside if each.offer_id}
    said, alike = _said(viewer, need, actors, offers)
    with_offer = {match.actor.pk for match in said if match.actor is not None}
    suggested = _suggested(viewer, need, actors | with_offer)
    known = {match.actor.pk for match in suggested if match.actor is not None}
    alike = [match for match in alike if match.actor is None or match.actor.pk not in known]
    return Matches(said, suggested, aside, alike)


def _shown(viewer: Viewer, actor: str) -> Any:
    listed = Listing.objects.filter(
        actor=OuterRef(actor), network=viewer.network_id, state=ListingState.PUBLISHED, actor__archived_at=None
    )
    return Exists(listed)


def _said(viewer: Viewer, need: Need, not_actors: set[int], not_offers: set[int]) -> tuple[list[Match], list[Match]]:
    """What answers, and what is only of the same kind."""
    other = Side.OFFER if need.is_need else Side.NEED
    found = Need.objects.visible_to(viewer).open().filter(side=other, kind=need.kind)
    found = found.filter(Q(actor=None) | _shown(viewer, "actor")).exclude(pk__in=not_offers)
    found = found.filter(Q(actor=None) | ~Q(actor__in=not_actors))
    if need.actor_id is not None:
        found = found.filter(Q(actor=None) | ~Q(actor=need.actor_id))
    if not need.is_need:
        found = found.filter(~Exists(_judged(need)))
    rows = list(found.with_all().prefetch_related("actor__zone").order_by("-opened_on", "-pk")[:_READ])
    known = _known_of(need, {row.actor_id for row in rows if row.actor_id})
    made: dict[Any, Match] = {}
    for row in rows:
        match = _weighed(need, row.actor, row.terms.all(), row.territory, known)
        match.said = [row]
        match.score += _SAME_KIND
        _weigh_texts(match, need, row)
        match.reasons.insert(0, _same_kind(row))
        key = ("actor", row.actor_id) if need.is_need and row.actor_id else ("said", row.pk)
        held = made.get(key)
        if held is None:
            made[key] = match
        else:  # Several offers of one actor: the best speaks, the others are named with it.
            best, rest = (match, held) if _rank(match) > _rank(held) else (held, match)
            best.said += rest.said
            made[key] = best
    return (
        _ranked(match for match in made.values() if match.in_common),
        _ranked(match for match in made.values() if not match.in_common),
    )


def _rank(match: Match) -> tuple[bool, float]:
    return bool(match.in_common), match.score


def _same_kind(row: Need) -> str:
    sentence = _("cherche : %(kind)s") if row.is_need else _("propose : %(kind)s")
    return sentence % {"kind": row.get_kind_display()}


def _judged(offer: Need) -> Any:
    """The judgement that an offer does not answer a need."""
    pair = Q(actor=offer.actor_id) if offer.actor_id is not None else Q(offer=offer.pk)
    return Mismatch.objects.filter(pair, need=OuterRef("pk"))


def _suggested(viewer: Viewer, need: Need, not_actors: set[int]) -> list[Match]:
    """Actors that share words with the need, by how many, then by distance."""
    wanted = [term.pk for term in need.terms.all()]
    if not wanted:
        return []
    found = Actor.objects.visible_to(viewer).current().filter(_shown(viewer, "pk")).exclude(pk__in=not_actors)
    if need.actor_id is not None:
        found = found.exclude(pk=need.actor_id)
    found = found.annotate(shared=Count("terms", filter=Q(terms__in=wanted))).filter(shared__gt=0)
    order = ["-shared", "name_key", "pk"]
    if (point := _point(need)) is not None:
        found = found.annotate(away=distance_to(*point, "commune__"))
        order = ["-shared", "away", "name_key", "pk"]
    rows = found.select_related("family", "commune__department").prefetch_related(
        Prefetch("terms", Term.objects.filter(pk__in=wanted)), "zone"
    )
    actors = list(rows.order_by(*order)[:_READ])
    known = _known_of(need, {actor.pk for actor in actors})
    return _ranked(_weighed(need, actor, actor.terms.all(), None, known) for actor in actors)


def _ranked(found: Iterable[Match]) -> list[Match]:
    return sorted(found, key=lambda match: (-match.score, match.distance or 0, match.label))[:SHOWN]


@dataclass(frozen=True)
class _Known:
    """How often each actor answered, or was set aside for, other needs of the same kind; the network's words for each term."""

    answered: Counter[int]
    aside: Counter[int]
    names: dict[int, str]


def _known_of(need: Need, actors: set[int]) -> _Known:
    same = Need.objects.filter(network=need.network_id, kind=need.kind, side=Side.NEED).exclude(pk=need.pk)
    answered = same.filter(state=NeedState.ANSWERED, answered_by__in=actors).values_list("answered_by", flat=True)
    aside = Mismatch.objects.filter(need__in=same, actor__in=actors).values_list("actor", flat=True)
    return _Known(
        Counter(pk for pk in answered.order_by() if pk is not None),
        Counter(pk for pk in aside.order_by() if pk is not None),
        {term.pk: term.label for terms in vocabularies(need.network).values() for term in terms},
    )


def _weighed(need: Need, actor: Actor | None, terms: Iterable[Term], place: Territory | None, known: _Known) -> Match:
    match = Match(actor)
    _weigh_words(match, need, terms, known)
    _weigh_place(match, need, place)
    if actor is not None and need.is_need:
        if count := known.answered[actor.pk]:
            match.score += 12 * min(count, 2)
            sentence = ngettext(
                "a déjà répondu à un besoin de cette nature",
                "a déjà répondu à %(count)s besoins de cette nature",
                count,
            )
            match.reasons.append(sentence % {"count": count})
        if count := known.aside[actor.pk]:
            match.score -= 15 * min(count, 3)
            sentence = ngettext(
                "écarté pour un autre besoin de cette nature", "écarté pour %(count)s besoins de cette nature", count
            )
            match.reasons.append(sentence % {"count": count})
    return match


def _weigh_texts(match: Match, need: Need, row: Need) -> None:
    """The words that both texts have, those that every need or offer of the kind has left out."""
    asked, said = _told_by(need), _told_by(row)
    shared = [asked[stem] for stem in asked if stem in said]
    match.in_common += len(shared)
    match.score += _WORD * min(len(shared), _WORDS)
    if shared:
        match.reasons.append(_("mêmes mots : %(words)s") % {"words": ", ".join(shared[:_WORDS])})


def _told_by(need: Need) -> dict[str, str]:
    """Stem → word of what a need says."""
    common = data().empty | {word.stem for kind in NeedKind for word in words_of(str(kind.label))}
    common |= {phrase[0] for phrase, terms in data().means.items() if len(phrase) == 1 and _is_a_way(terms)}
    return {
        word.stem: word.written
        for word in words_of(f"{need.title} {need.description}")
        if not (word.is_small or word.stem in common or word.folded in data().measures or word.folded[:1].isdigit())
    }


def _is_a_way(terms: Iterable[tuple[str, str]]) -> bool:
    """Whether words mean only how something is done: « conférence », « exposition » say no more than the kind."""
    return all(name == "action" for name, _slug in terms)


def _weigh_words(match: Match, need: Need, terms: Iterable[Term], known: _Known) -> None:
    wanted = {term.pk for term in need.terms.all()}
    shared = [term for term in terms if term.pk in wanted]
    match.in_common += len(shared)
    for vocabulary, (weight, most) in _SHARED.items():
        same = [known.names.get(term.pk, term.label) for term in shared if term.vocabulary == vocabulary]
        match.score += weight * min(len(same), most)
        if same:
            names = ", ".join(same[:most])
            match.reasons.append(_SENTENCES[vocabulary]() % {"names": names})


_SENTENCES = {
    Vocabulary.THEME: lambda: _("même thématique : %(names)s"),
    Vocabulary.ACTION_KIND: lambda: _("même type d'action : %(names)s"),
    Vocabulary.AUDIENCE: lambda: _("même public : %(names)s"),
}


def _weigh_place(match: Match, need: Need, place: Territory | None) -> None:
    there, home = need.territory, match.actor.commune if match.actor is not None else None
    if there is None:
        return
    if match.actor is not None and _comes_to(match.actor, there):
        match.score += 12
        match.reasons.append(_("se déplace jusque-là"))
    from_ = place or home
    if from_ is None:
        return
    if from_.pk == there.pk or (there.pk == from_.department_id):
        match.score += _NEAR[0][1]
        match.distance = 0.0 if from_.pk == there.pk else None
        match.reasons.append(_("sur place") if from_.pk == there.pk else _("dans le département"))
        return
    here, point = _point(need), _position(from_)
    if here is None or point is None:
        return
    match.distance = distance_km(*here, *point)
    match.score += next((weight for km, weight in _NEAR if match.distance <= km), -6 if match.distance > _FAR else 0)
    kilometres = {"km": max(1, round(match.distance))}
    if match.distance <= _REASON:
        match.reasons.append(_("à %(km)s km") % kilometres)
    else:
        match.remarks.append(_("loin : %(km)s km") % kilometres)


def _comes_to(actor: Actor, there: Territory) -> bool:
    around = {there.pk, there.department_id, there.region_id, there.epci_id}
    return any(each.pk in around for each in actor.zone.all())


def _position(place: Territory) -> tuple[float, float] | None:
    if place.latitude is None or place.longitude is None:
        return None
    return place.latitude, place.longitude


def _point(need: Need) -> tuple[float, float] | None:
    return _position(need.territory) if need.territory is not None else None
