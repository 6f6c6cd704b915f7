"""Sharing seconds out among those they are about, so that the parts always make the whole."""

from collections.abc import Hashable, Iterable, Mapping
from fractions import Fraction
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def shared(spoken: Iterable[tuple[int, Iterable[Key]]], nobody: Key) -> dict[Key, Fraction]:
    """Of (seconds, about whom): what is about n of them counts 1/n for each; about none, for `nobody`."""
    total: dict[Key, Fraction] = {}
    for seconds, about in spoken:
        keys = list(dict.fromkeys(about)) or [nobody]
        for key in keys:
            total[key] = total.get(key, Fraction()) + Fraction(seconds, len(keys))
    return total


def whole(parts: Mapping[Key, Fraction]) -> dict[Key, int]:
    """The parts in whole seconds that still make the total: the largest remainders are rounded up (the first ones when equal)."""
    floors = {key: int(value) for key, value in parts.items()}
    left = round(sum(parts.values(), Fraction())) - sum(floors.values())
    for key in sorted(parts, key=lambda key: floors[key] - parts[key])[:left]:
        floors[key] += 1
    return floors
