"""Ordinals kept in the order of what a key says of each, and found by what their names hold."""

from array import array
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import accumulate, repeat
from typing import Any

_FEW = 50  # Beyond, sorting everything anew is sooner done.


class Ordering:
    """`key` says the place of an ordinal; two ordinals of one place stand in their own order.

    Ordinals leave with `drop` before their key changes and come back with `add`. Whoever is reading `ordinals`
    meanwhile keeps the former order to its end.
    """

    def __init__(self, key: Callable[[int], Any]) -> None:
        self.key = key
        self.ordinals: array[int] = array("I")

    def _place(self, ordinal: int) -> tuple[Any, int]:
        return self.key(ordinal), ordinal

    def drop(self, gone: Collection[int]) -> None:
        if len(gone) > _FEW:
            left = frozenset(gone)
            self.ordinals = array("I", (each for each in self.ordinals if each not in left))
            return
        ordinals = self.ordinals[:]
        for ordinal in gone:
            del ordinals[bisect_left(ordinals, self._place(ordinal), key=self._place)]
        self.ordinals = ordinals

    def add(self, come: Collection[int]) -> None:
        if len(come) > _FEW:
            # Sorting keeps the order of equals: theirs is that of ordinals.
            self.ordinals = array("I", sorted(sorted([*self.ordinals, *come]), key=self.key))
            return
        ordinals = self.ordinals[:]
        for ordinal in come:
            insort(ordinals, ordinal, key=self._place)
        self.ordinals = ordinals

    def between(self, lowest: Any, highest: Any) -> "array[int]":
        """The ordinals whose key is from `lowest` to `highest`, both in."""
        ordinals = self.ordinals
        first = bisect_left(ordinals, lowest, key=self.key)
        return ordinals[first : bisect_right(ordinals, highest, lo=first, key=self.key)]


class Names:
    """Names in one text, a line each: looking through it is one search of the machine, not one for each name."""

    def __init__(self, names: Sequence[str]) -> None:
        """`names`: by ordinal, none with a line feed."""
        self.text = "\n".join(names)

    def holding(self, word: str) -> Iterator[int]:
        """The ordinals of the names that hold `word`, even inside a word, once for each time they do."""
        before = self.text.split(word)[:-1]
        return accumulate(map(str.count, before, repeat("\n")))
