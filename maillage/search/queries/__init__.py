"""Reads of the index: what upper apps and pages ask."""

from maillage.search.queries.asking import Hit, Matched, Results, counts, matching_ids, search, suggest

__all__ = ["Hit", "Matched", "Results", "counts", "matching_ids", "search", "suggest"]
