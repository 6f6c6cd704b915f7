"""Putting documents in order. Those that a question may mean are found by the rarity of the words they hold; a bounded
number is then read and weighed (`engine.ranking`), the same on both databases.

Searches that match very many documents are ranked on titles alone and over a bounded set: ranking everything costs more
than it tells.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models.functions import Left
from django.utils import timezone

from maillage.core.geo import distance_km
from maillage.search.engine.analyser import folded_word
from maillage.search.engine.ranking import Written, pieces, scores
from maillage.search.engine.spelling import Vocabulary
from maillage.search.models import Document
from maillage.search.queries import expressions
from maillage.search.queries.expressions import Condition, Question
from maillage.search.queries.narrowing import Place, place_sets
from maillage.search.queries.understanding import Understood, reach

WIDE = 4000  # Documents beyond which a search is ranked on titles alone.
RANKED = 1000  # Documents put in order; the pages of a search stop there.
WEIGHED = 200  # Documents whose title and boost are looked at on top of the database's score.
READ = 100  # Documents read and weighed word by word.
CANDIDATES = 300  # Documents that a question may mean.
ENOUGH = 0.35  # Of what the best candidate holds of the weight of the words: those under are no answer.
OVER = 0.6  # What is left of the worth of what has ended.
_LONGEST_TEXT = 4000  # Characters of stems read of each.
_EXACT, _BEGINS = 4.0, 0.6  # What a title that is, or begins with, what was typed is worth, in spreads of the score.
_RECENT, _NEAR = 0.3, 1.0  # The most that a date and a place are worth.
_FADES_DAYS, _FADES_KM = 365.0, 30.0


@dataclass(frozen=True, slots=True)
class Candidates:
    """`ids`: what a question may mean, the likeliest first; `whole`: whether the first holds every word."""

    ids: list[int] = field(default_factory=list)
    whole: bool = True


def candidates(question: Question, asked: Understood, vocabulary: Vocabulary) -> Candidates:
    """By the weight of the words each document holds. Words in use everywhere are not looked up one by one: those alone
    are asked for together, and weighed with the rest."""
    rare, used = [], 0
    sought = sorted(asked.sought(vocabulary), key=lambda word: -word.rarity)
    for word in sought:
        used += reach([word.stems], vocabulary)
        if used > WIDE:
            break
        rare.append(word)
    common = sought[len(rare) :]
    ways: list[tuple[tuple[Condition, ...], ...]] = [((word.stems,),) for word in rare]
    weights = [word.rarity for word in rare]
    if common:
        ways.append((tuple(word.stems for word in common[: _most_together(common)]),))
        weights.append(sum(word.rarity for word in common))
    weighed: dict[int, float] = defaultdict(float)
    for found, weight in zip(
        expressions.ids_of_each([replace(question, ways=way) for way in ways], WIDE), weights, strict=True
    ):
        for pk in found:
            weighed[pk] += weight
    best = max(weighed.values(), default=0.0)
    kept = sorted((pk for pk, weight in weighed.items() if weight >= ENOUGH * best), key=lambda pk: (-weighed[pk], pk))
    return Candidates(kept[:CANDIDATES], best > sum(weights) - 1e-9)


def _most_together(common: Sequence[object]) -> int:
    return min(len(common), 8)


@dataclass(frozen=True, slots=True)
class _Read:
    """A document as it is weighed."""

    pk: int
    title_stems: str
    subtitle_stems: str
    text_stems: str
    words: str
    title_key: str
    boost: float
    on: date | None
    since: date | None
    ends_on: date | None
    latitude: float | None
    longitude: float | None

    @property
    def written(self) -> Written:
        words = " ".join(map(folded_word, self.words.split()))
        return Written(self.title_stems, self.subtitle_stems, self.text_stems, words)

    def aside(self, asked: str, near: Place | None, today: date) -> float:
        """What is worth something beside the words: the title typed, a day near today, a place near the point."""
        worth = math.log(max(_worth(self.boost, over=_is_over(self.ends_on, today)), 0.01))
        worth += _EXACT if self.title_key == asked else _BEGINS if self.title_key.startswith(asked) else 0.0
        if self.on is not None:
            worth += _RECENT * math.exp(-_days_away(self.since or self.on, self.on, today) / _FADES_DAYS)
        return worth + _NEAR * _nearness(near, self.latitude, self.longitude)


def by_likeness(ids: Sequence[int], asked: Understood, vocabulary: Vocabulary, near: Place | None) -> list[int]:
    """The same ids, the best first: the first of them are read, the others follow as they came."""
    read = _read(ids[:READ])
    parts = pieces(word for word, _ in asked.words)
    weights = scores(asked.sought(vocabulary), parts, [each.written for each in read])
    today = timezone.localdate()
    total = {each.pk: weight + each.aside(asked.key, near, today) for each, weight in zip(read, weights, strict=True)}
    return [*sorted(total, key=lambda pk: (-total[pk], pk)), *ids[READ:]]


def _read(ids: Sequence[int]) -> list[_Read]:
    columns = ("words", "title_key", "boost", "on", "since", "ends_on", "latitude", "longitude")
    text = Left("text_stems", _LONGEST_TEXT)
    rows = Document.objects.filter(pk__in=ids).values_list("pk", "title_stems", "subtitle_stems", text, *columns)
    return [_Read(*row) for row in rows]


def _is_over(ends_on: date | None, today: date) -> bool:
    return ends_on is not None and ends_on < today


def _worth(boost: float, *, over: bool) -> float:
    """Asked of the day it is, so that nobody has to write again what has ended."""
    return boost * OVER if over else boost


def _days_away(first: date, last: date, today: date) -> int:
    """None while it lasts."""
    return max((first - today).days, (today - last).days, 0)


def _nearness(near: Place | None, latitude: float | None, longitude: float | None) -> float:
    """From 1, there, to nought far away or for what is nowhere."""
    if near is None or latitude is None or longitude is None:
        return 0.0
    return math.exp(-distance_km(near.latitude, near.longitude, latitude, longitude) / _FADES_KM)


def by_database(question: Question, asked: Understood, reached: int, near: Place | None = None) -> list[int]:
    """The best documents of a search that all of them answer, `RANKED` at most."""
    if reached > WIDE:
        ids = []
        if near and near.department:
            there = replace(question, narrowed=(*question.narrowed, frozenset(place_sets([near.department]))))
            ids = best_titles(there, asked, RANKED, near)
        if len(ids) < RANKED:
            ids += best_titles(question, asked, RANKED)
        if len(ids) < RANKED:
            ids += expressions.ids(question, RANKED)
        return list(dict.fromkeys(ids))[:RANKED]
    scored = expressions.ranked(question, RANKED)
    head = scored[:WEIGHED]
    top = max((score for _, score in head), default=1.0) or 1.0
    rows = Document.objects.filter(pk__in=[pk for pk, _ in head]).values_list("pk", "title_key", "boost", "ends_on")
    today = timezone.localdate()
    titles = {pk: (title, _worth(boost, over=_is_over(ends_on, today))) for pk, title, boost, ends_on in rows}
    weights = {
        pk: score / top * titles[pk][1] + likeness(titles[pk][0], asked.key) for pk, score in head if pk in titles
    }
    head.sort(key=lambda pair: (-weights.get(pair[0], 0.0), pair[0]))
    return [pk for pk, _ in [*head, *scored[WEIGHED:]]]


def best_titles(question: Question, asked: Understood, limit: int, near: Place | None = None) -> list[int]:
    """Documents whose title alone answers: the shortest titles first, over a bounded set."""
    weighed = []
    found = expressions.titles(question.titles_only(), limit, timezone.localdate())
    for pk, title, boost, over, latitude, longitude in found:
        close = 0.2 * _nearness(near, latitude, longitude)
        weighed.append(
            (-_worth(boost, over=bool(over)) / (4 + title.count(" ")) - likeness(title, asked.key) - close, title, pk)
        )
    return [pk for _, _, pk in sorted(weighed)]


def likeness(title: str, asked: str) -> float:
    return 1.0 if title == asked else 0.3 if title.startswith(asked) else 0.0
