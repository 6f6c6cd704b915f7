"""Reads of the index: what upper apps and pages ask."""

from maillage.search.queries.asking import Hit, Matched, Results, counts, matching_ids, search, suggest
from maillage.search.queries.wording import Word, words_of

__all__ = ["Hit", "Matched", "Results", "Word", "counts", "matching_ids", "search", "suggest", "words_of"]
