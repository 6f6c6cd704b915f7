"""The words in use in a set of documents: completing a word being typed, correcting one that is written nowhere."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from maillage.search.engine.analyser import alternatives, folded_word, stem


class Vocabulary:
    """How many documents use each word, and how it is usually written; words are given lower case, with accents."""

    def __init__(self) -> None:
        self._used: Counter[str] = Counter()
        self._count: Counter[str] = Counter()
        self._shown: dict[str, tuple[int, str]] = {}
        self._stems: Counter[str] = Counter()
        self._sorted: list[str] | None = None
        self._by_length: dict[int, list[str]] | None = None

    def __len__(self) -> int:
        return len(self._count)

    def add(self, texts: Iterable[str]) -> None:
        """`texts`: for each document, its distinct words separated by spaces."""
        fresh: Counter[str] = Counter()
        for text in texts:
            fresh.update(text.split())
        for word, count in fresh.items():
            folded = folded_word(word)
            self._used[word] += count
            self._count[folded] += count
            self._stems[stem(folded)] += count
            best = self._shown.get(folded)
            if best is None or self._used[word] > best[0]:
                self._shown[folded] = (self._used[word], word)
        self._sorted = self._by_length = None

    def frequency(self, word_stem: str) -> int:
        """About how many documents use a word of this stem."""
        return self._stems[word_stem]

    def knows(self, word: str) -> bool:
        return any(self._stems[each] for each in alternatives(word))

    def shown(self, word: str) -> str:
        """A folded word as it is usually written."""
        return self._shown.get(word, (0, word))[1]

    def completions(self, prefix: str, limit: int = 12) -> list[str]:
        """The most used folded words that begin with `prefix`."""
        ordered = self._sorted
        if ordered is None:
            ordered = self._sorted = sorted(self._count)
        first = bisect_left(ordered, prefix)
        last = bisect_left(ordered, prefix + "\x7f")
        return sorted(ordered[first:last], key=lambda word: (-self._count[word], word))[:limit]

    def correction(self, word: str) -> str | None:
        """The nearest word in use: one slip up to five letters, two beyond; the most used among the nearest."""
        if len(word) < 4 or any(char.isdigit() for char in word):
            return None
        by_length = self._by_length
        if by_length is None:
            by_length = defaultdict(list)
            for known in list(self._count):
                by_length[len(known)].append(known)
            self._by_length = by_length
        slips = 1 if len(word) <= 5 else 2
        near: list[tuple[int, int, int, str]] = []
        for length in range(len(word) - slips, len(word) + slips + 1):
            choices = by_length.get(length, [])
            for known, distance, _ in process.extract(
                word, choices, scorer=OSA.distance, processor=None, score_cutoff=slips, limit=20
            ):
                near.append((distance, known[0] != word[0], -self._count[known], known))
        return min(near)[3] if near else None
