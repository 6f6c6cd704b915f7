"""Open offers that answer a question: what someone said it proposes, before what the sheets let suppose.

An offer answers when it speaks of what is asked (a theme of it, or its words; else the kind of action or the words) where it is
asked; it is weighed as an actor is, and each weight is one of its reasons.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from maillage.core.geo import distance_km
from maillage.core.viewer import Viewer
from maillage.directory.enums import ListingState
from maillage.directory.models import Actor, Listing
from maillage.outreach.enums import NeedKind, Sharing, Side
from maillage.outreach.models import Need
from maillage.outreach.queries.introductions import refused_by
from maillage.outreach.queries.question.answering import RADIUS, WEIGHTS, WIDER
from maillage.outreach.queries.question.understanding import Question
from maillage.search.queries import words_of
from maillage.territories.models import Territory

_READ = 400  # The newest open offers of a network; more are never open at once.
_SHOWN = 20
_WORDS, _PLACE, _NEAR = 4.0, 4.0, 3.0
KINDS = {  # The kinds of offer by which an action that is asked is proposed.
    "pret-de-materiel-et-de-mallettes": (NeedKind.LOAN,),
    "exposition": (NeedKind.LOAN,),
    "exposition-itinerante": (NeedKind.LOAN,),
    "formation": (NeedKind.TRAINING,),
    "accompagnement-de-projet": (NeedKind.ADVICE,),
    "publication-et-media": (NeedKind.COMMUNICATION,),
    "atelier": (NeedKind.SPEAKER,),
    "animation-et-demonstration": (NeedKind.SPEAKER,),
    "conference-et-debat": (NeedKind.SPEAKER,),
}


@dataclass
class Offered:
    """An offer with why it answers. `answers` what it has of what is asked: a theme, words, an action, an audience."""

    offer: Need
    score: float = 0
    reasons: list[str] = field(default_factory=list)
    answers: set[str] = field(default_factory=set)

    def count(self, what: str, weight: float, reason: str) -> None:
        self.answers.add(what)
        self.score += weight
        self.reasons.append(reason)

    @property
    def is_told_by_its_actor(self) -> bool:
        """Whether it may be quoted to its actor: what the team keeps for itself is not (as `queries.asking.address_for`)."""
        return self.offer.actor is not None and (self.offer.is_own or self.offer.sharing != Sharing.TEAM)


def offers_answering(question: Question, viewer: Viewer) -> list[Offered]:
    """The best first. A constant number of queries."""
    if not (question.words or any(question.terms.values())):
        return []
    found = Need.objects.visible_to(viewer).open().filter(side=Side.OFFER)
    listed = Listing.objects.filter(
        actor=OuterRef("actor"), network=viewer.network_id, state=ListingState.PUBLISHED, actor__archived_at=None
    )
    found = found.filter(Q(actor=None) | Exists(listed))
    refused = refused_by(question.network, question.asker)
    if question.asker is not None:
        refused.add(question.asker.pk)
    rows = found.with_all().select_related("territory__epci", "actor__commune__epci").prefetch_related("actor__zone")
    weighed = [_weighed(question, offer) for offer in rows[:_READ] if offer.actor_id not in refused]
    kept = [each for each in weighed if _answers(question, each) and _weigh_place(question, each)]
    return sorted(kept, key=lambda each: (-each.score, -each.offer.opened_on.toordinal(), -each.offer.pk))[:_SHOWN]


def _answers(question: Question, found: Offered) -> bool:
    """What it is about is asked above all; without it, what is done; an audience alone answers nothing."""
    if question.terms.get("theme"):
        return bool(found.answers & {"theme", "words"})
    if question.words:
        return "words" in found.answers
    return "action" in found.answers


def _weighed(question: Question, offer: Need) -> Offered:
    found = Offered(offer)
    held = {term.pk for term in offer.terms.all()}
    for name in ("action", "theme", "public"):
        asked = question.terms.get(name, [])
        if same := [term.label for term in asked if term.pk in held]:
            found.count(name, WEIGHTS[name], _SENTENCES[name]() % {"names": ", ".join(same)})
    if "action" not in found.answers and offer.kind in _kinds(question):
        kind = _("propose : %(names)s") % {"names": offer.get_kind_display()}
        found.count("action", WEIGHTS["action"], kind)
    told = words_of(f"{offer.title} {offer.description}")
    stems = {word.stem for word in told if not word.is_small}
    asked_words = words_of(f"{question.topic} {question.words}")
    said = dict.fromkeys(word.written for word in asked_words if not word.is_small and word.family & stems)
    if said:
        quoted = ", ".join(f"« {word} »" for word in said)
        found.count("words", _WORDS, _("dit %(words)s") % {"words": quoted})
    return found


_SENTENCES = {
    "action": lambda: _("propose : %(names)s"),
    "theme": lambda: _("même thématique : %(names)s"),
    "public": lambda: _("même public : %(names)s"),
}


def _kinds(question: Question) -> set[NeedKind]:
    return {kind for term in question.terms.get("action", []) for kind in KINDS.get(term.slug, ())}


def _weigh_place(question: Question, found: Offered) -> bool:
    """False when it is for somewhere else than what is asked."""
    offer, places = found.offer, _places(question)
    if offer.territory is None:
        if offer.actor is None or not places or not _acts_in(offer.actor, places):
            found.reasons.append(_("pour tout le réseau"))
        else:
            found.count("place", _PLACE, _("dit intervenir là"))
        return True
    here = offer.territory
    if not places:
        found.reasons.append(here.name)
        return True
    around = {here.pk, here.epci_id, here.department_id}
    if any(place.pk in around for place in places) or any(place.department_id == here.pk for place in places):
        found.count("place", _PLACE, here.name)
        return True
    if offer.actor is not None and _acts_in(offer.actor, places):
        found.count("place", _PLACE, _("dit intervenir là"))
        return True
    kilometres = _away(here, places)
    if kilometres is None or kilometres > WIDER:
        return False
    weight = _NEAR * (1 - kilometres / WIDER) + (_PLACE if kilometres <= RADIUS else 0)
    found.count("place", weight, _("%(place)s, à %(km)d km") % {"place": here.name, "km": max(1, round(kilometres))})
    return True


def _places(question: Question) -> list[Territory]:
    return [*question.departments, *question.epcis, *([question.commune] if question.commune is not None else [])]


def _acts_in(actor: Actor, places: Iterable[Territory]) -> bool:
    asked = {pk for place in places for pk in (place.pk, place.department_id, place.epci_id, place.region_id)}
    return any(each.pk in asked for each in actor.zone.all())


def _away(here: Territory, places: Iterable[Territory]) -> float | None:
    if here.latitude is None or here.longitude is None:
        return None
    found = [
        distance_km(here.latitude, here.longitude, place.latitude, place.longitude)
        for place in places
        if place.latitude is not None and place.longitude is not None
    ]
    return min(found, default=None)
