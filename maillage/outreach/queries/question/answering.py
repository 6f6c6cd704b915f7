"""Who answers a question: sets of the index in memory narrowed and widened, a score that adds up, the best looked at closely.

The score of a candidate is a sum that its reasons tell: what it proposes of what is asked, where it is, what its texts say,
then how alive the relation is. A facet that the sheet does not fill in neither helps nor excludes; one that it fills in
otherwise comes after, when something is widened.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import or_

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.geo import distance_km
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor, Calendar
from maillage.directory.queries import bits
from maillage.directory.queries.charter import MEMBERS
from maillage.directory.queries.documents import KIND
from maillage.directory.queries.index import ActorIndex, index_for
from maillage.directory.registry import GRACE
from maillage.networks.queries import terms_of
from maillage.outreach.models import ContactActor
from maillage.outreach.queries.introductions import accepted_by, refused_by
from maillage.outreach.queries.question.reasons import Known, missing_of, offers_of, reasons_of
from maillage.outreach.queries.question.spelling import spelled_as
from maillage.outreach.queries.question.understanding import Question
from maillage.outreach.queries.question.vocabulary import TERMS, data, phrases_for
from maillage.search.queries import matching_ids
from maillage.territories.queries import commune_index
from maillage.topics.models import Term

WEIGHTS = {"theme": 5.0, "action": 4.0, "public": 4.0, "famille": 3.0}
_WIDE = 2.0  # For what holds all the others: « tout public ».
_MORE = 0.5  # For each further value of a facet that is asked.
_PLACE, _TEXT, _TOPIC, _NEAR = 4.0, 4.0, 3.0, 3.0
_FRESH, _CHARTER, _KNOWN, _RECENT = 0.6, 0.4, 0.8, 0.3
_TRAINS = 40.0  # More than all the rest: who does not train is not first for who asks to be trained.
RADIUS, WIDER = 30, 80  # Kilometres around a commune; around whatever place, once widened.
ENOUGH = 3  # Candidates below which something is widened.
LOOKED_AT = 60  # Of the best, whose relation is read.
_FAR = 120.0


@dataclass(frozen=True)
class Candidate:
    actor: Actor
    score: float
    reasons: list[str]
    missing: list[str]
    offers: list[str] = field(default_factory=list)
    distance: float | None = None


@dataclass(frozen=True)
class Answers:
    """The best candidates; `total` before the best were taken; `widened` says what was given up to find them, in order."""

    candidates: list[Candidate] = field(default_factory=list)
    total: int = 0
    widened: list[str] = field(default_factory=list)
    where: str = ""  # How many are in the place asked and how many are not, once some are not.


@dataclass
class _Sets:
    """What each part of the question answers, as sets of ordinals. `silent` have nothing of a facet, `everyone` have what holds
    all of it."""

    base: int
    having: dict[str, int]
    silent: dict[str, int]
    everyone: dict[str, int]
    place: int
    near: int
    words: int
    topic: int
    has_words: bool
    ranks: dict[int, int]  # Ordinal → rank among those that the words find.


def answers_to(question: Question, viewer: Viewer) -> Answers:
    """A constant number of queries."""
    if question.is_empty:
        return Answers()
    index = index_for(question.network)
    sets = _sets(question, index)
    mask, widened = _widened(question, sets)
    scores = _scores(question, index, sets, mask)
    best = sorted(scores, key=lambda ordinal: (-scores[ordinal][0], index.ids[ordinal]))[:LOOKED_AT]
    found = _candidates(question, viewer, index, sets, best, scores)
    return Answers(found, mask.bit_count(), widened, _where_told(question, sets, mask))


def _where_told(question: Question, sets: _Sets, mask: int) -> str:
    inside, outside = (mask & sets.place).bit_count(), (mask & ~sets.place).bit_count()
    if not question.has_place or not outside:
        return ""
    told = {"place": question.place_name, "inside": inside or _("aucun"), "outside": outside}
    if mask & ~sets.near:
        return _("%(place)s : %(inside)s ; ailleurs : %(outside)d") % told
    return _("%(place)s : %(inside)s ; aux environs : %(outside)d") % told


# --- sets -------------------------------------------------------------------------------------------------------------


def _sets(question: Question, index: ActorIndex) -> _Sets:
    refused = index.of_ids(refused_by(question.network, question.asker))
    base = index.public & ~refused
    if question.asker is not None:
        base &= ~index.of_ids([question.asker.pk])
    having, silent, everyone = {}, {}, {}
    for name, terms in question.terms.items():
        if not terms:
            continue
        having[name] = _union(_mask_of(index, name, term) for term in terms)
        held = terms_of(question.network, TERMS[name])
        wide = [term for term in held if (name, term.slug) in data().everyone]
        everyone[name] = base & ~having[name] & _union(_mask_of(index, name, term) for term in wide)
        if name == "famille" or (name == "action" and question.is_training):
            silent[name] = 0
        else:
            silent[name] = base & ~_union(index.mask("term", term.pk) for term in held)
    words, ranks = _found(question, index, question.words)
    topic, _ranks = _found(question, index, question.topic)
    place, near = _place(question, index, base)
    return _Sets(base, having, silent, everyone, place, near, words, topic, bool(question.words), ranks)


def _mask_of(index: ActorIndex, name: str, term: Term) -> int:
    return index.mask("family" if name == "famille" else "term", term.pk)


def _union(masks: Iterable[int]) -> int:
    return reduce(or_, masks, 0)


def _found(question: Question, index: ActorIndex, text: str) -> tuple[int, dict[int, int]]:
    """Whose texts answer some words, and in which rank."""
    if not text:
        return 0, {}
    found = matching_ids(question.network, KIND, text, public=True)
    if found.corrected:  # The index has only part of the words: what it would read instead was not asked.
        pairs = spelled_as(text, found.corrected, phrases_for(question.network))
        text = " ".join(better for _written, better in pairs if better)
        if not text:
            return 0, {}
        found = matching_ids(question.network, KIND, text, public=True)
    if found.partial and len(text.split()) < 2:
        return 0, {}
    ordinals = index.ordinal_of
    ranks = {ordinals[pk]: rank for rank, pk in enumerate(found.ids) if pk in ordinals}
    return index.of_ids([*found.ids, *found.others]), ranks


def _place(question: Question, index: ActorIndex, base: int) -> tuple[int, int]:
    """Who is where it is asked, or says that it acts there; and who is around."""
    if not question.has_place:
        return base, base
    inside = _union(index.mask("department", place.pk) for place in question.departments)
    inside |= _union(index.mask("epci", place.pk) for place in question.epcis)
    centres = [(place.latitude, place.longitude) for place in (*question.departments, *question.epcis)]
    commune = question.commune
    if commune is not None:
        inside |= index.mask("commune", commune.pk)
        if commune.latitude is not None and commune.longitude is not None:
            inside |= index.near(commune.latitude, commune.longitude, RADIUS, base)
            centres.append((commune.latitude, commune.longitude))
    acts = {place.pk for place in (*question.departments, *question.epcis)}
    if commune is not None:
        acts |= {pk for pk in (commune.pk, commune.department_id, commune.epci_id) if pk is not None}
    inside |= index.of_ids(Actor.zone.through.objects.filter(territory__in=acts).values_list("actor_id", flat=True))
    around = inside
    for point in [*centres, *_middles(index, inside & base if not centres or None in centres[0] else 0)]:
        if point[0] is not None and point[1] is not None:
            around |= index.near(point[0], point[1], WIDER, base)
    return inside & base, around & base


def _middles(index: ActorIndex, mask: int) -> list[tuple[float, float]]:
    """The middle of those who are in a place that has no point of its own."""
    points = [point for n in bits.members(mask, index.size) if (point := index.point(n)) is not None]
    if not points:
        return []
    return [(sum(point[0] for point in points) / len(points), sum(point[1] for point in points) / len(points))]


# --- widening ---------------------------------------------------------------------------------------------------------


def _widened(question: Question, sets: _Sets) -> tuple[int, list[str]]:
    """The narrowest set with enough candidates, and what was given up for it; the fullest when none has enough."""
    # Words that no sheet has narrow nothing: what else was understood is answered, and that is said.
    dropped = ["words"] if sets.has_words and not sets.words and sets.having else []
    mask = _answering(sets, set(dropped))
    steps = _steps(question, sets)
    for name in [name for name in steps if name not in dropped]:
        if mask.bit_count() >= ENOUGH:
            break
        dropped.append(name)
        mask = _answering(sets, set(dropped))
    # Said only where it brought someone: what was given up in vain is not.
    brought = [name for name in dropped if _answering(sets, set(dropped) - {name}) != mask]
    if "place" in dropped:
        brought = [name for name in brought if name != "near"]
    return mask, [steps[name] for name in brought]


def _answering(sets: _Sets, dropped: set[str]) -> int:
    """Those that answer every part that was not given up; what a sheet leaves blank is not held against it."""
    mask = sets.base
    asked = set(sets.having)
    for name in asked - dropped:
        allowed = sets.having[name] | sets.silent[name] | sets.everyone[name]
        if name == "theme":  # What it is about is asked above all: a blank does not answer, a text does.
            allowed = sets.having[name] | sets.topic
        mask &= allowed
    if sets.has_words and "words" not in dropped:
        mask &= sets.words
    mask &= sets.base if "place" in dropped else sets.near if "near" in dropped else sets.place
    # Without anything in common with the question, nobody answers it.
    common = _union(sets.having.values()) | sets.words | sets.topic
    return mask & common if asked or sets.has_words else mask


def _steps(question: Question, sets: _Sets) -> dict[str, str]:
    """What may be given up, in order, and how it is said."""
    steps: dict[str, str] = {}
    if question.has_place:
        steps["near"] = _("aux environs, jusqu'à %(km)d km") % {"km": WIDER}
    if sets.has_words and sets.having:
        steps["words"] = _("sans les mots « %(words)s »") % {"words": question.words}
    if "public" in sets.having:
        steps["public"] = _("sans le public")
    if "famille" in sets.having and len(sets.having) > 1:
        steps["famille"] = _("sans la famille d'acteurs")
    if "action" in sets.having and ("theme" in sets.having or sets.words):
        steps["action"] = _("sans le type d'action")
    if question.has_place:
        steps["place"] = _("dans tout le réseau")
    if "theme" in sets.having and len(sets.having) > 1:
        steps["theme"] = _("sans la thématique")
    if question.is_training and "action" in steps:  # Who trains is looked for far before who does not.
        steps["action"] = steps.pop("action")
    return steps


# --- score ------------------------------------------------------------------------------------------------------------


def _scores(question: Question, index: ActorIndex, sets: _Sets, mask: int) -> dict[int, tuple[float, float | None]]:
    """Ordinal → (score, kilometres). One pass over the candidates; each set is spread out once."""
    size = index.size
    points: list[tuple[bytes, float]] = []
    for name, terms in question.terms.items():
        if not terms:
            continue
        points.append((bits.flags(sets.having[name] & mask, size), WEIGHTS[name]))
        if len(terms) > 1:
            points += [(bits.flags(_mask_of(index, name, term) & mask, size), _MORE) for term in terms]
        points.append((bits.flags(sets.everyone[name] & mask, size), _WIDE))
        if name == "action" and question.is_training:
            points.append((bits.flags(sets.having[name] & mask, size), _TRAINS))
        others = mask & ~sets.having[name] & ~sets.silent[name] & ~sets.everyone[name]
        points.append((bits.flags(others, size), -1.0))
    if question.has_place:
        points.append((bits.flags(sets.place & mask, size), _PLACE))
    points.append((bits.flags(sets.topic & mask, size), _TOPIC if "theme" in sets.having else 0.0))
    points.append((bits.flags(index.fresh() & mask, size), _FRESH))
    points.append((bits.flags(_members(question, index) & mask, size), _CHARTER))
    away = _away(question, index)
    scores: dict[int, tuple[float, float | None]] = {}
    for ordinal in bits.members(mask, size):
        score = sum(weight for flags, weight in points if flags[ordinal])
        if (rank := sets.ranks.get(ordinal)) is not None:
            score += _TEXT * (1 - 0.5 * min(rank, 100) / 100)
        kilometres = away(ordinal)
        if kilometres is not None:
            score += _NEAR * max(0.0, 1 - kilometres / _FAR)
        scores[ordinal] = (score, kilometres)
    return scores


def _members(question: Question, index: ActorIndex) -> int:
    """Those that the charter holds today."""
    calendar = Calendar(index.charters, int(question.network.setting(GRACE.name)))
    today = timezone.localdate()
    return _union(index.mask("charter", major) for major in calendar.majors if calendar.worth(major, today) in MEMBERS)


def _away(question: Question, index: ActorIndex) -> Callable[[int], float | None]:
    """Kilometres from the commune that is asked, else from the asker's when no other place is."""
    here = question.commune
    if here is None and question.asker is not None and not question.has_place:
        here = question.asker.commune
    if here is None or here.latitude is None or here.longitude is None:
        return lambda ordinal: None
    latitude, longitude = here.latitude, here.longitude

    def measure(ordinal: int) -> float | None:
        point = index.point(ordinal)
        return distance_km(latitude, longitude, *point) if point is not None else None

    return measure


def _outside(question: Question, index: ActorIndex) -> Callable[[int], float | None]:
    """Kilometres from the nearest commune of the départements asked."""
    codes = {place.code for place in question.departments}
    points = [
        (each.latitude, each.longitude)
        for each in (commune_index().by_code.values() if codes else ())
        if each.department in codes and each.latitude is not None and each.longitude is not None
    ]

    def measure(ordinal: int) -> float | None:
        here = index.point(ordinal)
        return min((distance_km(*here, *point) for point in points), default=None) if here is not None else None

    return measure


# --- the best, closely ------------------------------------------------------------------------------------------------


def _candidates(
    question: Question,
    viewer: Viewer,
    index: ActorIndex,
    sets: _Sets,
    best: list[int],
    scores: dict[int, tuple[float, float | None]],
) -> list[Candidate]:
    ids = [index.ids[ordinal] for ordinal in best]
    found = {actor.pk: actor for actor in Actor.objects.visible_to(viewer).filter(pk__in=ids).for_rows()}
    answered = accepted_by(question.network, ids)
    rows = ContactActor.objects.filter(contact__network=question.network, actor__in=ids)
    last_on = dict(rows.order_by().values("actor").annotate(last=Max("contact__on")).values_list("actor", "last"))
    members = _members(question, index)
    outside = _outside(question, index)
    candidates = []
    for ordinal in best:
        actor = found.get(index.ids[ordinal])
        if actor is None:
            continue
        score, kilometres = scores[ordinal]
        is_outside = question.has_place and not sets.place >> ordinal & 1
        if is_outside and kilometres is None:
            kilometres = outside(ordinal)
        if is_outside and question.commune is not None and kilometres is not None and kilometres <= WIDER:
            is_outside = False  # « à 38 km de Condom » says it, and is still a reason.
        known = Known(
            kilometres=kilometres,
            is_inside=bool(sets.place >> ordinal & 1) and question.has_place,
            is_outside=is_outside,
            speaks_of=question.topic if sets.topic >> ordinal & 1 else "",
            has_words=bool(sets.words >> ordinal & 1),
            is_member=bool(members >> ordinal & 1),
            answered=answered.get(actor.pk, []),
            last_on=last_on.get(actor.pk),
        )
        if "yes" in known.answered:
            score += _KNOWN
        elif known.answered:
            score -= _KNOWN
        if known.last_on is not None and (timezone.localdate() - known.last_on).days < 365:
            score += _RECENT
        candidates.append(
            Candidate(
                actor,
                score,
                reasons_of(question, actor, known),
                missing_of(question, actor, known),
                offers_of(question, actor),
                kilometres,
            )
        )
    candidates.sort(key=lambda each: (-each.score, each.actor.name_key, each.actor.pk))
    return [replace(each, score=round(each.score, 1)) for each in candidates]
