"""Reads of the index: what upper apps and pages ask."""

from maillage.search.queries.asking import Hit, Matched, Results, matching_ids, search, suggest
from maillage.search.queries.narrowing import Narrowing, Place, When
from maillage.search.queries.wording import Word, words_of

__all__ = [
    "Hit",
    "Matched",
    "Narrowing",
    "Place",
    "Results",
    "When",
    "Word",
    "matching_ids",
    "search",
    "suggest",
    "words_of",
]
