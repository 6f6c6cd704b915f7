"""Days of a stop as the half-days that the catalogue books: whole days, both ends included."""

from datetime import date, timedelta

from maillage.catalogue.queries.halves import Span, day_of, half_of


def span_of(first_on: date, open_on: date, last_on: date) -> Span:
    """The whole stay: set-up days before the opening, then the use."""
    first, last = bounds(open_on, last_on)
    return Span(first, last, setup=2 * (open_on - first_on).days)


def bounds(first_on: date, last_on: date) -> tuple[int, int]:
    """The morning of the first day, the afternoon of the last."""
    return half_of(first_on), half_of(last_on, afternoon=True)


def days_of(first: int, last: int) -> set[date]:
    """The days that these half-days touch."""
    begins, ends = day_of(first), day_of(last)
    return {begins + timedelta(days=rank) for rank in range((ends - begins).days + 1)}
