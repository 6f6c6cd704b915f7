"""The phrases by which terms are recognised: the labels of the network, their parts, and the words kept in data/question.json."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from maillage.networks.models import Network
from maillage.networks.queries import vocabularies
from maillage.search.queries import Word, words_of
from maillage.topics.enums import Vocabulary
from maillage.topics.models import Term

TERMS = {
    "theme": Vocabulary.THEME,
    "public": Vocabulary.AUDIENCE,
    "action": Vocabulary.ACTION_KIND,
    "famille": Vocabulary.FAMILY,
}
TRAINING = "formation"
_DATA = Path(__file__).resolve().parent.parent.parent / "data" / "question.json"
_PARTS = re.compile(r"\s+et\s+|\s+ou\s+|[,:/()]")
Phrase = tuple[str, ...]
Target = tuple[str, str]  # Parameter, slug.


@dataclass(frozen=True)
class Data:
    """What data/question.json holds, by stems: words that say nothing, parts of labels too wide, meanings, demonyms; and the
    terms that hold all the others of their vocabulary (« tout public »); what is counted (`measures` say nothing more, `people`
    say who); the audience that a family is when it is trained."""

    empty: frozenset[str]
    never: frozenset[Phrase]
    means: dict[Phrase, tuple[Target, ...]]
    places: dict[Phrase, str]
    everyone: frozenset[Target]
    measures: frozenset[str]
    people: frozenset[str]
    trained: dict[str, Target]


@lru_cache(maxsize=1)
def data() -> Data:
    read: dict[str, Any] = json.loads(_DATA.read_text(encoding="utf-8"))
    means: dict[Phrase, list[Target]] = defaultdict(list)
    for line in read["means"]:
        targets = [_target(each) for each in line["terms"]]
        for words in line["words"]:
            means[phrase_of(words)] += targets
    return Data(
        empty=frozenset(stem for word in read["empty"] for stem in phrase_of(word)),
        never=frozenset(phrase_of(words) for words in read["never"]),
        means={phrase: tuple(dict.fromkeys(targets)) for phrase, targets in means.items()},
        places={phrase_of(name): code for name, code in read["places"].items()},
        everyone=frozenset(_target(each) for each in read["everyone"]),
        measures=frozenset(read["measures"]),
        people=frozenset(read["people"]),
        trained={family: _target(audience) for family, audience in read["trained"].items()},
    )


def _target(written: str) -> Target:
    name, slug = written.split("/")
    return name, slug


def phrase_of(text: str) -> Phrase:
    return tuple(word.stem for word in words_of(text) if not word.is_small)


class Phrases:
    """What phrases mean in a network: the longest that begins at a word wins."""

    def __init__(self, terms: dict[str, dict[str, Term]]) -> None:
        self.terms = terms
        self._by_first: dict[str, list[tuple[Phrase, list[Target]]]] = defaultdict(list)
        meant: dict[Phrase, list[Target]] = defaultdict(list)
        for phrase, targets in data().means.items():
            meant[phrase] += [(name, slug) for name, slug in targets if slug in terms[name]]
        for name, by_slug in terms.items():
            for slug, term in by_slug.items():
                for phrase in _phrases_of(term.label):
                    if (name, slug) not in meant[phrase]:
                        meant[phrase].append((name, slug))
        for phrase, found in meant.items():
            if found:
                self._by_first[phrase[0]].append((phrase, found))
        for held in self._by_first.values():
            held.sort(key=lambda pair: -len(pair[0]))
        self.stems = data().empty | {stem for phrase in meant for stem in phrase}

    def at(self, words: Sequence[Word], start: int) -> tuple[int, list[Target]]:
        """How many words of `words` (small ones left out) the longest phrase takes from `start`, and what it means."""
        best: tuple[int, list[Target]] = (0, [])
        for stem in words[start].family:
            for phrase, targets in self._by_first.get(stem, ()):
                length = len(phrase)
                if length > best[0] and _follows(words, start, phrase):
                    best = (length, targets)
                elif length == best[0] and _follows(words, start, phrase):
                    best = (length, [*best[1], *(each for each in targets if each not in best[1])])
        return best


def _follows(words: Sequence[Word], start: int, phrase: Phrase) -> bool:
    after = words[start : start + len(phrase)]
    return len(after) == len(phrase) and all(
        stem == word.stem or (rank == 0 and stem in word.family)
        for rank, (word, stem) in enumerate(zip(after, phrase, strict=True))
    )


def _phrases_of(label: str) -> Iterator[Phrase]:
    """The whole label, and each of its parts that is not too wide alone: « Eau, mer et milieux aquatiques » is three."""
    whole = phrase_of(label)
    if whole and not (whole in data().never and whole in data().means):
        yield whole
    for part in _PARTS.split(label):
        phrase = phrase_of(part)
        if phrase and phrase != whole and phrase not in data().never and not any(char.isdigit() for char in part):
            yield phrase


_kept: dict[int, tuple[tuple[Any, ...], Phrases]] = {}


def phrases_for(network: Network) -> Phrases:
    """Kept by the process as long as the labels of the network are the same."""
    held = vocabularies(network)
    terms = {name: {term.slug: term for term in held[vocabulary]} for name, vocabulary in TERMS.items()}
    stamp = tuple((slug, term.pk, term.label) for by_slug in terms.values() for slug, term in by_slug.items())
    kept = _kept.get(network.pk)
    if kept is not None and kept[0] == stamp:
        return kept[1]
    made = Phrases(terms)
    _kept[network.pk] = (stamp, made)
    return made
