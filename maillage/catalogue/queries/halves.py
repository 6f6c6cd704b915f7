"""Half-days for the apps above, which see nothing of an engine: they book, and say, the same whole numbers."""

from maillage.catalogue.engine.halves import NOON, Span, day_of, half_at, half_of, is_afternoon

__all__ = ["NOON", "Span", "day_of", "half_at", "half_of", "is_afternoon"]
