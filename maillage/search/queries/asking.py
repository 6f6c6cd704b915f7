"""Asking: a text in, hits out, with what was corrected.

A few words must all match; when nothing holds them all, most words. A question in plain French, whose words no document
need hold all, is answered by what comes nearest (`weighing.candidates`). Lists of one kind (`matching_ids`) want every word.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils import timezone

from maillage.core.text import folded
from maillage.networks.models import Network
from maillage.search.engine.spelling import Vocabulary
from maillage.search.models import Document
from maillage.search.queries import expressions, weighing
from maillage.search.queries.expressions import Condition, Question, scope_of
from maillage.search.queries.facets import Counts, answers, counted, profiles_of
from maillage.search.queries.narrowing import EVERYTHING, Narrowing, When
from maillage.search.queries.understanding import LONGEST_TEXT, Understood, reach, understood
from maillage.search.queries.vocabularies import objects_of, vocabulary_of
from maillage.search.registry import LASTING


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

    @property
    def day(self) -> date | None:
        """The one to tell: nothing is told of an end that will not come."""
        return None if self.on == LASTING else self.on


@dataclass(frozen=True, slots=True)
class Results:
    """`total` documents answer, of which `reachable` can be paged through; `corrected` is the text that was understood
    when it is not the one given, else ""; `partial`: not every word was found. `counts`: the facets, when asked for."""

    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    corrected: str = ""
    partial: bool = False
    counts: Counts | None = None

    @property
    def reachable(self) -> int:
        return min(self.total, weighing.RANKED)


@dataclass(frozen=True, slots=True)
class Matched:
    """Ids of the objects of one kind that answer: the best in order, and the others, in none."""

    ids: list[int] = field(default_factory=list)
    others: list[int] = field(default_factory=list)
    corrected: str = ""
    partial: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """`ids`: the documents in order; `total`: how many there are, put in order or not."""

    ids: list[int] = field(default_factory=list)
    total: int = 0
    partial: bool = False
    counts: Counts | None = None


@dataclass(frozen=True, slots=True)
class _Answered:
    """A question that has answers, and about how many of them."""

    question: Question
    reached: int
    partial: bool = False


def search(
    network: Network,
    text: str,
    *,
    kinds: Sequence[str] = (),
    narrowing: Narrowing = EVERYTHING,
    public: bool = True,
    counts: bool = False,
    limit: int = 20,
    offset: int = 0,
) -> Results:
    """The documents of a network that answer `text`; `public=False` for those who run the network."""
    if kinds:
        narrowing = replace(narrowing, kinds=tuple(kinds))
    vocabulary, scopes = vocabulary_of(network, public=public), _scopes(network, (), public)
    asked = understood(text, vocabulary, scopes)
    found = None
    if asked.is_question:
        found = _nearest(network, scopes, asked, vocabulary, narrowing)
    if found is None:
        found = _matching(network, scopes, asked, vocabulary, narrowing, public=public, counts=counts)
    page = found.ids[offset : offset + limit]
    return Results(_hits(network, page, public), found.total, asked.corrected, found.partial, found.counts)


def _nearest(
    network: Network, scopes: Sequence[str], asked: Understood, vocabulary: Vocabulary, narrowing: Narrowing
) -> _Found | None:
    """What a question may mean; None when nothing does. The facets cost nothing more: there are few answers."""
    near = Question.all_of(scopes, ()).narrow(narrowing.base.conditions, ())
    meant = weighing.candidates(near, asked, vocabulary)
    if not meant.ids:
        return None
    profiles = profiles_of(network)
    kept = [pk for pk in meant.ids if (profile := profiles.get(pk)) and all(answers(profile, narrowing))]
    ordered = weighing.by_likeness(kept, asked, vocabulary, narrowing.near)
    return _Found(ordered, len(ordered), not meant.whole, counted(meant.ids, narrowing, profiles))


def _matching(
    network: Network,
    scopes: Sequence[str],
    asked: Understood,
    vocabulary: Vocabulary,
    narrowing: Narrowing,
    *,
    public: bool,
    counts: bool,
) -> _Found:
    """What holds every word, or most."""
    base = narrowing.base.conditions
    first = _answered(scopes, asked, vocabulary, base)
    if first is None:
        return _Found()
    days = [When(part).days(timezone.localdate()) for part in narrowing.when]
    wanted = first.question.narrow(narrowing.conditions, days)
    if narrowing.kinds:
        wanted = wanted.within(_scopes(network, narrowing.kinds, public))
    facets = None
    if counts:
        facets = counted(expressions.ids(first.question), narrowing, profiles_of(network))
    ids = weighing.by_database(wanted, asked, first.reached, narrowing.near)
    if first.reached <= weighing.WIDE:
        ids = weighing.by_likeness(ids, asked, vocabulary, narrowing.near)
    total = facets.total if facets else len(ids) if len(ids) < weighing.RANKED else expressions.count(wanted)
    return _Found(ids, max(total, len(ids)), first.partial, facets)


def matching_ids(network: Network, kind: str | Sequence[str], text: str, *, public: bool = False) -> Matched:
    """Every object of a kind that answers `text`; or of several, whose objects are of one table."""
    kinds = [kind] if isinstance(kind, str) else kind
    vocabulary = vocabulary_of(network, public=public)
    asked = understood(text, vocabulary, _scopes(network, (), public))
    found = _answered(_scopes(network, kinds, public), asked, vocabulary)
    if found is None:
        return Matched(corrected=asked.corrected)
    ids = weighing.by_database(found.question, asked, found.reached)
    others = []
    if len(ids) >= weighing.RANKED:
        best = set(ids)
        others = objects_of([pk for pk in expressions.ids(found.question) if pk not in best])
    return Matched(objects_of(ids), others, asked.corrected, found.partial)


def suggest(network: Network, text: str, *, public: bool = True, limit: int = 8) -> Results:
    """Hits for a text being typed: titles that begin with it, then those whose words begin so; `total` is not counted."""
    key = folded(text[:LONGEST_TEXT])
    if not key:
        return Results()
    ids = expressions.titled(network.pk, key, limit, public=public)
    corrected = ""
    if len(ids) < limit:
        vocabulary, scopes = vocabulary_of(network, public=public), _scopes(network, (), public)
        asked = understood(text, vocabulary, scopes, typing=True)
        if asked.conditions:
            question = Question.all_of(scopes, asked.conditions)
            more = weighing.best_titles(question, asked, weighing.WEIGHED)
            if len(more) < limit and reach(asked.conditions, vocabulary) <= weighing.WIDE:
                more += [pk for pk, _ in expressions.ranked(question, limit)]
            ids = list(dict.fromkeys([*ids, *more]))[:limit]
        corrected = asked.corrected if ids else ""
    return Results(_hits(network, ids, public), len(ids), corrected)


def _scopes(network: Network, kinds: Sequence[str], public: bool) -> list[str]:
    # A kind comes from the address: what is not made of letters names nothing.
    named = [kind for kind in kinds if kind.isascii() and kind.isalpha() and kind.islower()]
    if kinds and not named:
        return [scope_of(0, public=public)]
    return [scope_of(network.pk, public=public, kind=kind) for kind in named or [""]]


def _questions(scopes: Sequence[str], conditions: Sequence[Condition]) -> list[Question]:
    """All words, else all but one, else any."""
    if not conditions:
        return []
    missing = sorted({0, min(1, len(conditions) - 1), len(conditions) - 1})
    return [Question.all_but(scopes, conditions, number) for number in missing]


def _answered(
    scopes: Sequence[str], asked: Understood, vocabulary: Vocabulary, narrowed: Iterable[Condition] = ()
) -> _Answered | None:
    """The first of the questions that has answers."""
    # Without some of the words, at worst the most used of those that are left.
    reaches = sorted(reach([each], vocabulary) for each in asked.conditions)
    for number, question in enumerate(_questions(scopes, asked.conditions)):
        question = question.narrow(tuple(narrowed), ())
        if expressions.any_answers(question):
            return _Answered(question, sum(reaches) if number else reaches[0], partial=number > 0)
    return None


def _hits(network: Network, ids: list[int], public: bool) -> list[Hit]:
    rows = Document.objects.filter(pk__in=ids, network=network)
    if public:  # The scope says so already; a hit passes two doors.
        rows = rows.filter(is_public=True)
    columns = ("pk", "kind", "object_id", "title", "subtitle", "excerpt", "url", "on", "is_public")
    found = {row[0]: Hit(*row[1:]) for row in rows.values_list(*columns)}
    return [found[pk] for pk in ids if pk in found]
