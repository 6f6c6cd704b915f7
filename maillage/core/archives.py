"""Zip archives that a stranger made, looked at before they are opened."""

from typing import BinaryIO

_RECORD = 22  # Bytes of the record that ends an archive, without its comment.
_LOCATOR = 20  # Of what stands before it when a larger record tells what is true (ZIP64).
_COMMENT = 65_535


def lists_few(file: BinaryIO, most: int) -> bool:
    """Whether the list of its members is of `most` bytes at most: as many members as its sender likes are as many objects once it
    is opened. False for what is no archive, and for a ZIP64 one, whose list may be larger than its last record says.

    Reads the end of the file alone, and leaves it at its beginning.
    """
    size = file.seek(0, 2)
    file.seek(max(0, size - _LOCATOR - _RECORD - _COMMENT))
    tail = file.read()
    file.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + _RECORD:
        return False
    if tail[max(0, at - _LOCATOR) : at].startswith(b"PK\x06\x07"):
        return False
    return int.from_bytes(tail[at + 12 : at + 16], "little") <= most
