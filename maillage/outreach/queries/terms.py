"""Lengths of time as settings give them."""

from datetime import timedelta


def months(count: int) -> timedelta:
    """Months of a delay, where a day more or less does not matter."""
    return timedelta(days=count * 365 // 12)
