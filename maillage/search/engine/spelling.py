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
        self.documents = 0
        self._used: Counter[str] = Counter()
        self._count: Counter[str] = Counter()
        self._shown: dict[str, tuple[int, str]] = {}
        self._stems: Counter[str] = Counter()
        self._sorted: list[str] | None = None
        self._shelves: dict[tuple[str, int], list[str]] | None = None

    def __len__(self) -> int:
        return len(self._count)

    def add(self, texts: Iterable[str]) -> int:
        """`texts`: for each document, its distinct words separated by spaces; how many documents there were."""
        fresh: Counter[str] = Counter()
        documents = 0
        for text in texts:
            documents += 1
            fresh.update(text.split())
        self.documents += documents
        for word, count in fresh.items():
            folded = folded_word(word)
            self._used[word] += count
            self._count[folded] += count
            self._stems[stem(folded)] += count
            best = self._shown.get(folded)
            if best is None or self._used[word] > best[0]:
                self._shown[folded] = (self._used[word], word)
        if fresh:
            self._sorted = self._shelves = None
        return documents

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
        shelves = self._shelves
        if shelves is None:
            shelves = defaultdict(list)
            for known in list(self._count):
                shelves[known[0], len(known)].append(known)
            self._shelves = shelves
        slips = 1 if len(word) <= 5 else 2
        lengths = range(len(word) - slips, len(word) + slips + 1)
        # Few slip on the first letter: the words that share it are tried before the whole vocabulary.
        return self._nearest(word, slips, [shelves.get((word[0], length), []) for length in lengths]) or self._nearest(
            word, slips, [shelf for (first, length), shelf in shelves.items() if length in lengths and first != word[0]]
        )

    def _nearest(self, word: str, slips: int, shelves: Iterable[list[str]]) -> str | None:
        near = [
            (distance, -self._count[known], known)
            for shelf in shelves
            for known, distance, _ in process.extract(
                word, shelf, scorer=OSA.distance, processor=None, score_cutoff=slips, limit=20
            )
        ]
        return min(near)[2] if near else None
