"""What lacks before a loan leaves: whoever collects an agreement, an insurance or a deposit says here what is not there yet."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Lacking:
    """A sentence for both sides, and where it is dealt with."""

    sentence: str
    url: str = ""


Pieces = Callable[[Any], list[Lacking]]
_pieces: dict[str, Pieces] = {}


def ask_before_leaving(name: str, pieces: Pieces) -> None:
    """`pieces(loan)` names what lacks, in a bounded number of queries."""
    _pieces[name] = pieces


def lacking(loan: Any) -> list[Lacking]:
    return [each for pieces in _pieces.values() for each in pieces(loan)]
