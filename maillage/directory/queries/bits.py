"""Sets of small integers as Python integers: bit n is set when n is in the set. Pure arithmetic."""

from collections.abc import Iterable, Iterator
from itertools import compress

_AS_FLAGS = bytes.maketrans(b"01", b"\x00\x01")


def of(ordinals: Iterable[int], size: int) -> int:
    """The set of `ordinals`, each below `size`."""
    array = bytearray(size // 8 + 1)
    for ordinal in ordinals:
        array[ordinal >> 3] |= 1 << (ordinal & 7)
    return int.from_bytes(array, "little")


def flags(mask: int, size: int) -> bytes:
    """One byte, 0 or 1, for each ordinal below `size`."""
    return format(mask, f"0{size}b")[::-1].encode().translate(_AS_FLAGS) if size else b""


def members(mask: int, size: int) -> Iterator[int]:
    """The ordinals of the set, in order."""
    return compress(range(size), flags(mask, size))
