"""Which copy serves which booking, for as many bookings as the copies can hold.

Intervals of half-days on identical copies: without bookings that must keep their copy, taking them by their first half-day
and giving each the copy that was freed last serves all of them as soon as no half-day is asked for more often than there
are copies (colouring of an interval graph). Those that must keep theirs are placed first; then the result may miss a
solution that exists, never give a wrong one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Wish:
    """`key` wants one copy from half-day `first` to `last`, both included; `held` is the copy that it must keep, `liked` the
    one that it has and would rather keep."""

    key: int
    first: int
    last: int
    held: int | None = None
    liked: int | None = None


def pack(
    wishes: Sequence[Wish], copies: Sequence[int], taken: Mapping[int, Sequence[tuple[int, int]]]
) -> dict[int, int] | None:
    """Key → copy, no copy twice in a half-day; None when they do not all fit. `taken`: copy → (first, last) of what else holds it."""
    busy: dict[int, list[tuple[int, int]]] = {copy: sorted(taken.get(copy, ())) for copy in copies}
    given: dict[int, int] = {}
    for wish in wishes:
        if wish.held is not None:
            if wish.held not in busy or not _free(busy[wish.held], wish):
                return None
            _take(busy, given, wish, wish.held)
    for wish in sorted(
        (each for each in wishes if each.held is None), key=lambda each: (each.first, -each.last, each.key)
    ):
        fits = [copy for copy in copies if _free(busy[copy], wish)]
        if not fits:
            return None
        # The tightest fit leaves the other copies whole for longer bookings; one's own copy is kept when it is as good.
        best = max(fits, key=lambda copy: (_freed(busy[copy], wish), copy == wish.liked, -copies.index(copy)))
        _take(busy, given, wish, best)
    return given


def _free(held: Sequence[tuple[int, int]], wish: Wish) -> bool:
    return all(last < wish.first or first > wish.last for first, last in held)


def _freed(held: Sequence[tuple[int, int]], wish: Wish) -> int:
    return max((last for _first, last in held if last < wish.first), default=-1)


def _take(busy: dict[int, list[tuple[int, int]]], given: dict[int, int], wish: Wish, copy: int) -> None:
    busy[copy].append((wish.first, wish.last))
    given[wish.key] = copy
