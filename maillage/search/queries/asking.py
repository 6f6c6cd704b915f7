"""Asking: a text in, hits out, with what was corrected. Every word must match; when nothing does, most words.

A word that no document uses is completed if it begins words in use (one is still typing), else corrected. Questions that
match very many documents are ranked on titles alone and over a bounded set: ranking everything costs more than it tells.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from maillage.core.text import folded
from maillage.networks.models import Network
from maillage.search.engine.analyser import alternatives, spelled, stem
from maillage.search.engine.spelling import Vocabulary
from maillage.search.engine.words import STOP_WORDS
from maillage.search.models import Document
from maillage.search.queries import expressions
from maillage.search.queries.expressions import Condition, Question, scope_of
from maillage.search.queries.vocabularies import objects_of, vocabulary_of

LONGEST_TEXT = 300
MOST_WORDS = 8
WIDE = 4000  # Documents beyond which a question is ranked on titles alone.
RANKED = 1000  # Documents put in order; the pages of a search stop there.
WEIGHED = 200  # Documents whose title and boost are looked at on top of the database's score.


@dataclass(frozen=True, slots=True)
class Hit:
    kind: str
    object_id: int
    title: str
    subtitle: str
    excerpt: str
    url: str
    on: date | None
    is_public: bool = True


@dataclass(frozen=True, slots=True)
class Results:
    """`total` documents answer, of which `reachable` can be paged through; `corrected` is the text that was understood
    when it is not the one given, else ""; `partial`: not every word was found."""

    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    corrected: str = ""
    partial: bool = False

    @property
    def reachable(self) -> int:
        return min(self.total, RANKED)


@dataclass(frozen=True, slots=True)
class Matched:
    """Ids of the objects of one kind that answer: the best in order, and the others, in none."""

    ids: list[int] = field(default_factory=list)
    others: list[int] = field(default_factory=list)
    corrected: str = ""
    partial: bool = False


@dataclass(frozen=True, slots=True)
class _Understood:
    key: str
    conditions: tuple[Condition, ...]
    corrected: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    question: Question
    ids: list[int]
    partial: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether the ranked documents are all that answer."""
        return len(self.ids) < RANKED


def search(
    network: Network,
    text: str,
    *,
    kinds: Sequence[str] = (),
    public: bool = True,
    limit: int = 20,
    offset: int = 0,
) -> Results:
    """The documents of a network that answer `text`; `public=False` for those who run the network."""
    vocabulary = vocabulary_of(network, public=public)
    asked = _understood(text, vocabulary, _scopes(network, (), public))
    found = _find(_scopes(network, kinds, public), asked, vocabulary)
    if found is None:
        return Results(corrected=asked.corrected)
    page = found.ids[offset : offset + limit]
    total = len(found.ids) if found.is_whole else expressions.count(found.question)
    return Results(_hits(network, page, public), total, asked.corrected, found.partial)


def matching_ids(network: Network, kind: str, text: str, *, public: bool = False) -> Matched:
    """Every object of a kind that answers `text`."""
    vocabulary = vocabulary_of(network, public=public)
    asked = _understood(text, vocabulary, _scopes(network, (), public))
    found = _find(_scopes(network, [kind], public), asked, vocabulary)
    if found is None:
        return Matched(corrected=asked.corrected)
    others = []
    if not found.is_whole:
        best = set(found.ids)
        others = objects_of([pk for pk in expressions.ids(found.question) if pk not in best])
    return Matched(objects_of(found.ids), others, asked.corrected, found.partial)


def suggest(network: Network, text: str, *, public: bool = True, limit: int = 8) -> Results:
    """Hits for a text being typed: titles that begin with it, then those whose words begin so; `total` is not counted."""
    key = folded(text[:LONGEST_TEXT])
    if not key:
        return Results()
    ids = expressions.titled(network.pk, key, limit, public=public)
    corrected = ""
    if len(ids) < limit:
        vocabulary, scopes = vocabulary_of(network, public=public), _scopes(network, (), public)
        asked = _understood(text, vocabulary, scopes, typing=True)
        if asked.conditions:
            question = Question.all_of(scopes, asked.conditions)
            more = _best_titles(question, asked, WEIGHED)
            if len(more) < limit and _reach(asked.conditions, vocabulary) <= WIDE:
                more += [pk for pk, _ in expressions.ranked(question, limit)]
            ids = list(dict.fromkeys([*ids, *more]))[:limit]
        corrected = asked.corrected if ids else ""
    return Results(_hits(network, ids, public), len(ids), corrected)


def counts(network: Network, text: str, kinds: Iterable[str], *, public: bool = True) -> dict[str, int]:
    """How many documents of each kind answer `text`."""
    scopes = _scopes(network, (), public)
    asked = _understood(text, vocabulary_of(network, public=public), scopes)
    question = next((each for each in _questions(scopes, asked.conditions) if expressions.ids(each, 1)), None)
    if question is None:
        return dict.fromkeys(kinds, 0)
    return {kind: expressions.count(question.within(_scopes(network, [kind], public))) for kind in kinds}


def _scopes(network: Network, kinds: Sequence[str], public: bool) -> list[str]:
    # A kind comes from the address: what is not made of letters names nothing.
    named = [kind for kind in kinds if kind.isascii() and kind.isalpha() and kind.islower()]
    if kinds and not named:
        return [scope_of(0, public=public)]
    return [scope_of(network.pk, public=public, kind=kind) for kind in named or [""]]


def _understood(text: str, vocabulary: Vocabulary, scopes: Sequence[str], *, typing: bool = False) -> _Understood:
    text = text[:LONGEST_TEXT]
    pairs = spelled(text)
    told = [number for number, (_, word) in enumerate(pairs) if word not in STOP_WORDS][:MOST_WORDS]
    if not told and pairs:  # Only small words: the last may begin a longer one.
        told = [len(pairs) - 1]
        typing = True
    shown = [written for written, _ in pairs]
    conditions: dict[Condition, None] = {}
    changed = False
    for number in told:
        word = pairs[number][1]
        stems = _stems(word, vocabulary, typing and number == len(pairs) - 1)
        if not stems and (better := _correction(word, vocabulary, scopes)):
            stems, changed = alternatives(better), True
            shown[number] = vocabulary.shown(better)
        conditions[stems or alternatives(word)] = None
    return _Understood(folded(text), tuple(conditions), " ".join(shown) if changed else "")


def _correction(word: str, vocabulary: Vocabulary, scopes: Sequence[str]) -> str | None:
    """A word that a document still uses: the vocabulary keeps for a while those of what was withdrawn or hidden."""
    better = vocabulary.correction(word)
    if better and expressions.ids(Question.all_of(scopes, [frozenset([stem(better)])]), 1):
        return better
    return None


def _stems(word: str, vocabulary: Vocabulary, typing: bool) -> Condition:
    """What answers a word, or words that it begins; nothing when no document uses any."""
    known = alternatives(word) if vocabulary.knows(word) else frozenset()
    if known and not typing:
        return known
    return known | frozenset(stem(longer) for longer in vocabulary.completions(word) if longer not in STOP_WORDS)


def _reach(conditions: Iterable[Condition], vocabulary: Vocabulary) -> int:
    """About how many documents hold all of these."""
    return min((sum(vocabulary.frequency(each) for each in either) for either in conditions), default=0)


def _questions(scopes: Sequence[str], conditions: Sequence[Condition]) -> list[Question]:
    """All words, else all but one, else any."""
    if not conditions:
        return []
    missing = sorted({0, min(1, len(conditions) - 1), len(conditions) - 1})
    return [Question.all_but(scopes, conditions, number) for number in missing]


def _find(scopes: Sequence[str], asked: _Understood, vocabulary: Vocabulary) -> _Found | None:
    """The first of the questions that has answers."""
    for number, question in enumerate(_questions(scopes, asked.conditions)):
        # Without some of the words, at worst the most used of those that are left.
        reaches = sorted(_reach([each], vocabulary) for each in asked.conditions)
        ids = _ranked(question, asked, sum(reaches) if number else reaches[0])
        if ids:
            return _Found(question, ids, partial=number > 0)
    return None


def _ranked(question: Question, asked: _Understood, reach: int) -> list[int]:
    if reach > WIDE:
        ids = _best_titles(question, asked, RANKED)
        if len(ids) < RANKED:
            ids = list(dict.fromkeys([*ids, *expressions.ids(question, RANKED)]))[:RANKED]
        return ids
    scored = expressions.ranked(question, RANKED)
    head = scored[:WEIGHED]
    top = max((score for _, score in head), default=1.0) or 1.0
    titles = _titles(pk for pk, _ in head)
    weights = {
        pk: score / top * titles[pk][1] + _likeness(titles[pk][0], asked.key) for pk, score in head if pk in titles
    }
    head.sort(key=lambda pair: (-weights.get(pair[0], 0.0), pair[0]))
    return [pk for pk, _ in [*head, *scored[WEIGHED:]]]


def _best_titles(question: Question, asked: _Understood, limit: int) -> list[int]:
    """Documents whose title alone answers: the shortest titles first, over a bounded set."""
    titles = expressions.titles(question.titles_only(), limit)
    weighed = [
        (-boost / (4 + title.count(" ")) - _likeness(title, asked.key), title, pk) for pk, title, boost in titles
    ]
    return [pk for _, _, pk in sorted(weighed)]


def _titles(ids: Iterable[int]) -> dict[int, tuple[str, float]]:
    rows = Document.objects.filter(pk__in=list(ids)).values_list("pk", "title_key", "boost")
    return {pk: (title, boost) for pk, title, boost in rows}


def _likeness(title: str, asked: str) -> float:
    return 1.0 if title == asked else 0.3 if title.startswith(asked) else 0.0


def _hits(network: Network, ids: list[int], public: bool) -> list[Hit]:
    rows = Document.objects.filter(pk__in=ids, network=network)
    if public:  # The scope says so already; a hit passes two doors.
        rows = rows.filter(is_public=True)
    columns = ("pk", "kind", "object_id", "title", "subtitle", "excerpt", "url", "on", "is_public")
    found = {row[0]: Hit(*row[1:]) for row in rows.values_list(*columns)}
    return [found[pk] for pk in ids if pk in found]
