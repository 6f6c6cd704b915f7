"""A picture given as a document, without what says where and by whom it was taken, and without a pixel changed.

JPEG (ITU-T T.81 annex B, Exif 2.32), PNG (W3C PNG third edition), WebP (RFC 9649). Read piece by piece: what is not a piece of the
picture, what follows its end included, is left out.
"""

import re
import struct
from collections.abc import Iterator

KINDS = ("image/jpeg", "image/png", "image/webp")
_ORIENTATION, _EXIF, _COMMENT = 0x0112, 0xE1, 0xFE
# Segments of a JPEG that say how to read it: JFIF, the colours (ICC profile), Adobe's transform.
_KEPT = {0xE0: (b"JFIF\x00", b"JFXX\x00"), 0xE2: (b"ICC_PROFILE\x00",), 0xEE: (b"Adobe",)}
_PNG = b"\x89PNG\r\n\x1a\n"
# Pieces of a PNG that make it what is seen, moving pictures included.
_PIECES = {
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"mDCV", b"cLLI", b"sBIT", b"bKGD",
    b"pHYs", b"acTL", b"fcTL", b"fdAT",
}  # fmt: skip
_CHUNKS = {b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}
_NO_EXIF, _NO_XMP = 0b1000, 0b0100
_MOST = 100_000  # Pieces of one file: a camera writes some hundreds; more would only cost memory and time.
_FILL, _END_OF_SCAN = re.compile(rb"\xff+"), re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)


class Damaged(Exception):
    """It is not the picture that its first bytes announce."""


def without_origin(kind: str, content: bytes) -> bytes:
    """`Damaged` on one that is cut short or is not what it says."""
    pieces = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}[kind]
    try:
        return b"".join(pieces(content))
    except (struct.error, IndexError):
        raise Damaged from None


def _jpeg(content: bytes) -> Iterator[bytes]:
    """Which way up it is shown is kept, in an Exif of its own. What comes between scans is read as what comes before."""
    yield b"\xff\xd8"
    turned, is_begun = 1, False
    for mark, body, scan in _segments(content):
        if mark == _EXIF and body.startswith(b"Exif\x00\x00"):
            turned = _orientation(body[6:]) or turned
        if not _is_of_the_picture(mark, body):
            continue
        if not is_begun and mark not in _KEPT:  # After JFIF, which comes first.
            is_begun = True
            yield _exif(turned) if turned != 1 else b""
        yield b"\xff" + bytes([mark]) + struct.pack(">H", len(body) + 2) + body + scan
    yield b"\xff\xd9"


def _segments(content: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """(mark, what it says, the coded pixels that follow) to the end of the first picture."""
    if content[:2] != b"\xff\xd8":
        raise Damaged
    at, has_pixels = 2, False
    for _rank in range(_MOST):
        fill = _FILL.match(content, at)
        if fill is None:
            raise Damaged
        at = fill.end()
        mark = content[at]
        at += 1
        if mark == 0xD9:
            if not has_pixels:
                raise Damaged
            return
        size = struct.unpack_from(">H", content, at)[0]
        body = content[at + 2 : at + size]
        if size < 2 or len(body) != size - 2:
            raise Damaged
        at += size
        begins = at
        if mark == 0xDA:
            at, has_pixels = _after_scan(content, at), True
        yield mark, body, content[begins:at]
    raise Damaged


def _is_of_the_picture(mark: int, body: bytes) -> bool:
    if mark in _KEPT:
        return body.startswith(_KEPT[mark])
    return mark != _COMMENT and not 0xE0 <= mark <= 0xEF


def _after_scan(content: bytes, at: int) -> int:
    """Where the coded pixels end: at a mark that is neither a stuffed byte nor a restart."""
    found = _END_OF_SCAN.search(content, at)
    if found is None:
        raise Damaged
    return found.start()


def _orientation(tiff: bytes) -> int:
    """1 to 8, 0 when nothing says it."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 10:
        return 0
    at = struct.unpack_from(f"{order}I", tiff, 4)[0]
    if at + 2 > len(tiff):
        return 0
    for rank in range(min(struct.unpack_from(f"{order}H", tiff, at)[0], 500)):
        entry = at + 2 + 12 * rank
        if entry + 12 > len(tiff):
            return 0
        tag, _type, _count, value = struct.unpack_from(f"{order}HHIH", tiff, entry)
        if tag == _ORIENTATION:
            return value if 1 <= value <= 8 else 0
    return 0


def _exif(turned: int) -> bytes:
    """The segment that says which way up, and nothing else."""
    tiff = b"MM\x00\x2a\x00\x00\x00\x08" + struct.pack(">HHHIHHI", 1, _ORIENTATION, 3, 1, turned, 0, 0)
    body = b"Exif\x00\x00" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _png(content: bytes) -> Iterator[bytes]:
    if not content.startswith(_PNG):
        raise Damaged
    yield _PNG
    at = len(_PNG)
    for _rank in range(_MOST):
        size, name = struct.unpack_from(">I4s", content, at)
        piece = content[at : at + size + 12]
        if len(piece) != size + 12:
            raise Damaged
        if name in _PIECES:
            yield piece
        at += size + 12
        if name == b"IEND":
            return
    raise Damaged


def _webp(content: bytes) -> Iterator[bytes]:
    size = struct.unpack_from("<I", content, 4)[0]
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP" or len(content) < size + 8:
        raise Damaged
    at, kept = 12, []
    while at + 8 <= size + 8:
        name, length = struct.unpack_from("<4sI", content, at)
        whole = length + length % 2
        piece = content[at : at + 8 + whole]
        if len(piece) < 8 + length:
            raise Damaged
        if name == b"VP8X" and length >= 10:
            piece = piece[:8] + bytes([piece[8] & ~(_NO_EXIF | _NO_XMP) & 0xFF]) + piece[9:]
        if name in _CHUNKS:
            kept.append(piece)
            if len(kept) > _MOST:
                raise Damaged
        at += 8 + whole
    body = b"".join(kept)
    if not body:
        raise Damaged
    yield b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
