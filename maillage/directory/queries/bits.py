"""Sets of small integers as Python integers: bit n is set when n is in the set. Pure arithmetic."""

from collections.abc import Iterable, Iterator, Sized
from itertools import compress

_ONE = ord("1")
_DENSE = 200  # One in so many, from which writing digits costs less.
_AS_FLAGS = bytes.maketrans(b"01", b"\x00\x01")


def of(ordinals: Iterable[int], size: int) -> int:
    """The set of `ordinals`, each below `size`."""
    found = ordinals if isinstance(ordinals, Sized) else list(ordinals)
    if len(found) * _DENSE < size:
        packed = bytearray(size // 8 + 1)
        for ordinal in found:
            packed[ordinal >> 3] |= 1 << (ordinal & 7)
        return int.from_bytes(packed, "little")
    # Of many, the digits are sooner written one by one and read together.
    digits = bytearray(b"0") * max(size, 1)
    for ordinal in found:
        digits[ordinal] = _ONE
    digits.reverse()
    return int(digits, 2)


def flags(mask: int, size: int) -> bytes:
    """One byte, 0 or 1, for each ordinal below `size`."""
    return format(mask, f"0{size}b")[::-1].encode().translate(_AS_FLAGS) if size else b""


def members(mask: int, size: int) -> Iterator[int]:
    """The ordinals of the set, in order."""
    return compress(range(size), flags(mask, size))
