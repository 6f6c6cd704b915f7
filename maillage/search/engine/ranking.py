"""How well each of a few documents answers a question: BM25 on stems, and the pieces of words that they share with it.

Neither of the two databases ranks here: the same documents come in the same order on both. BM25 weighs how rare a word is,
how often and where it is written, how long the document is (Robertson and Zaragoza, 2009); pieces of four and five letters
see what stems miss: words of one family, names written otherwise. Each is brought to its own spread before they are added.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

K1, B = 1.2, 0.75
TITLE, SUBTITLE = 3.0, 1.5  # What a word there counts for, in words of the text.
KIN = 0.7  # What a word that only means the same counts for.
PIECES = 0.6  # The weight of the pieces of words beside the words.
SIZES = (4, 5)


@dataclass(frozen=True, slots=True)
class Sought:
    """A word asked for: its own stem, all those that answer it, and how rare it is."""

    own: str
    stems: frozenset[str]
    rarity: float


@dataclass(frozen=True, slots=True)
class Written:
    """What a document says: stems of its title, subtitle and text; its distinct words, folded."""

    title: str
    subtitle: str
    text: str
    words: str


def rarity(used: int, documents: int) -> float:
    """The weight of a word that `used` of `documents` hold; never below nought."""
    used = min(used, documents)
    return math.log(1 + (documents - used + 0.5) / (used + 0.5))


def pieces(words: Iterable[str]) -> frozenset[str]:
    """The parts of four and five letters of folded words, a space at each end."""
    return frozenset(
        word[start : start + size]
        for word in (f" {each} " for each in words)
        for size in SIZES
        for start in range(len(word) - size + 1)
    )


def scores(sought: Sequence[Sought], parts: Iterable[str], documents: Sequence[Written]) -> list[float]:
    """One score for each document, comparable among these alone. `parts`: the pieces of the words asked for."""
    worded = _by_words(sought, documents)
    pieced = _by_pieces(list(parts), documents)
    return [word + PIECES * piece for word, piece in zip(_spread(worded), _spread(pieced), strict=True)]


def _by_words(sought: Sequence[Sought], documents: Sequence[Written]) -> list[float]:
    padded = [tuple(f" {part} " for part in (each.title, each.subtitle, each.text)) for each in documents]
    weights = (TITLE, SUBTITLE, 1.0)
    lengths = [sum(w * (part.count(" ") - 1) for w, part in zip(weights, each, strict=True)) for each in padded]
    usual = fmean(lengths) if lengths else 1.0
    found = []
    for parts, length in zip(padded, lengths, strict=True):
        room = K1 * (1 - B + B * length / (usual or 1.0))
        total = 0.0
        for word in sought:
            times = 0.0
            for each in word.stems:
                worth = 1.0 if each == word.own else KIN
                marked = f" {each} "
                times += worth * sum(w * part.count(marked) for w, part in zip(weights, parts, strict=True))
            total += word.rarity * times * (K1 + 1) / (times + room)
        found.append(total)
    return found


def _by_pieces(parts: Sequence[str], documents: Sequence[Written]) -> list[float]:
    """The rarity, among these documents, of the pieces that each holds; long documents hold many by chance."""
    held = []
    for document in documents:
        text = f" {document.words} "
        held.append([part for part in parts if part in text])
    used = Counter(part for each in held for part in each)
    weights = {part: rarity(count, len(documents)) for part, count in used.items()}
    lengths = [document.words.count(" ") + 1 for document in documents]
    usual = fmean(lengths) if lengths else 1.0
    return [
        sum(weights[part] for part in each) / (0.7 + 0.3 * length / usual)
        for each, length in zip(held, lengths, strict=True)
    ]


def _spread(values: Sequence[float]) -> list[float]:
    if not values:
        return []
    middle, spread = fmean(values), pstdev(values)
    return [(value - middle) / spread if spread else 0.0 for value in values]
