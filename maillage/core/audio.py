"""Sounds sent by people: known by their content whatever their name says, kept as they are under a random name, given in parts.

MP3 (MPEG layer III), AAC (ADTS, or M4A), Ogg Opus and Ogg Vorbis. Nothing is decoded: the length is read from the frames, which are
walked from the first to the last, so that a file cut short or followed by something else is refused. Formats: ISO 11172-3 and
13818-3 (MP3), 13818-7 (ADTS), 14496-12 (M4A), RFC 3533, 7845 (Ogg, Opus).
"""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

ACCEPT = ".mp3,.m4a,.aac,.ogg,.oga,.opus,audio/mpeg,audio/mp4,audio/aac,audio/ogg"
SUFFIXES = {"audio/mpeg": "mp3", "audio/mp4": "m4a", "audio/aac": "aac", "audio/ogg": "ogg"}
LONGEST = 12 * 3600
_CHUNK = 256 * 1024
_TAIL = 128 * 1024  # Longer than any Ogg page (65,307 bytes).
_FRAMES = 4_500_000  # Twelve hours of the shortest ones.
_BOXES = 10_000  # Of a whole M4A file.
_WALKED = 0.95  # Part of the file that its frames must make: tags may stand at its ends.

_MPEG1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MPEG2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_AAC_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)


@dataclass(frozen=True)
class Sound:
    """`kind` is its MIME type, `seconds` its length, rounded; `file` is what was sent, from its beginning."""

    file: Any
    kind: str
    seconds: int
    size: int


class _Unreadable(Exception):
    pass


def received(upload: UploadedFile, *, most_megabytes: int) -> Sound:
    """ValidationError, with a sentence that says what to do, on anything else than what is accepted."""
    size = upload.size or 0
    if size > most_megabytes * 1_000_000:
        raise ValidationError(
            _("Ce fichier est trop lourd : %(limit)d Mo au plus. Exportez-le en MP3 à 128 kbit/s, par exemple.")
            % {"limit": most_megabytes},
            code="heavy",
        )
    try:
        kind, seconds = read(upload, size)
    except _Unreadable:
        raise ValidationError(
            _(
                "Ce fichier n'est pas un son lisible, ou il est incomplet. Envoyez un MP3, un M4A (AAC) ou un Ogg (Opus)."
            ),
            code="unreadable",
        ) from None
    if not 0 < seconds <= LONGEST:
        raise ValidationError(_("Ce son dure plus de douze heures, ou ne dure rien."), code="long")
    upload.seek(0)
    return Sound(upload, kind, max(1, round(seconds)), size)


def read(file: Any, size: int) -> tuple[str, float]:
    """MIME type and seconds; `_Unreadable` on what is no sound."""
    file.seek(0)
    head = file.read(64)
    if head[:4] == b"OggS":
        return "audio/ogg", _ogg_seconds(file, size)
    if head[4:8] == b"ftyp":
        return "audio/mp4", _mp4_seconds(file, size)
    start = _after_id3(head)
    file.seek(start)
    head = file.read(8)
    if len(head) < 7 or head[0] != 0xFF:
        raise _Unreadable
    if head[1] & 0xF6 == 0xF0:  # Layer 0: ADTS.
        return "audio/aac", _walked(file, start, size, _adts_frame)
    return "audio/mpeg", _walked(file, start, size, _mpeg_frame)


# --- frames one after the other ---------------------------------------------------------------------------------------------


def _after_id3(head: bytes) -> int:
    """Where the sound begins: an ID3v2 tag says its length in four times seven bits."""
    if head[:3] != b"ID3" or len(head) < 10:
        return 0
    if any(byte & 0x80 for byte in head[6:10]):
        raise _Unreadable
    length = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
    return 10 + length + (10 if head[5] & 0x10 else 0)


def _mpeg_frame(head: bytes) -> tuple[int, float] | None:
    """Bytes and seconds of the MPEG layer III frame that begins so; None when none does."""
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    if head[0] != 0xFF or head[1] & 0xE0 != 0xE0 or version == 1 or layer != 1:
        return None
    bitrate, rate = head[2] >> 4, head[2] >> 2 & 3
    if not 0 < bitrate < 15 or rate == 3:
        return None
    kilobits = (_MPEG1 if version == 3 else _MPEG2)[bitrate]
    hertz = _RATES[version][rate]
    length = (144 if version == 3 else 72) * kilobits * 1000 // hertz + (head[2] >> 1 & 1)
    return length, (1152 if version == 3 else 576) / hertz


def _adts_frame(head: bytes) -> tuple[int, float] | None:
    rate = head[2] >> 2 & 15
    if head[0] != 0xFF or head[1] & 0xF6 != 0xF0 or rate >= len(_AAC_RATES):
        return None
    length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    return (length, 1024 / _AAC_RATES[rate] * ((head[6] & 3) + 1)) if length > 7 else None


def _walked(file: BinaryIO, start: int, size: int, frame: Any) -> float:
    """Seconds of all the frames; the whole of the file must be made of them, but for tags and the cut of the last one."""
    window, base, at, seconds, count = b"", start, start, 0.0, 0
    while True:
        if at + 8 > base + len(window):
            file.seek(at)
            base, window = at, file.read(_CHUNK)
        head = window[at - base : at - base + 8]
        found = frame(head) if len(head) >= 7 else None
        if found is None:
            break
        at, seconds, count = at + found[0], seconds + found[1], count + 1
        if seconds > 2 * LONGEST or count > _FRAMES:
            raise _Unreadable
    if count < 2 or at - start < (size - start) * _WALKED - 256:
        raise _Unreadable
    return seconds


# --- M4A --------------------------------------------------------------------------------------------------------------------


def _boxes(file: BinaryIO, start: int, end: int, left: list[int]) -> Iterator[tuple[bytes, int, int]]:
    """(type, first byte of its content, end) of the boxes that stand there; `left` is how many of the whole file may be read still."""
    at = start
    while at + 8 <= end:
        file.seek(at)
        head = file.read(16)
        if len(head) < 8:
            raise _Unreadable
        length, skip = int.from_bytes(head[:4]), 8
        if length == 1:
            length, skip = int.from_bytes(head[8:16]), 16
        elif length == 0:
            length = end - at
        left[0] -= 1
        if length < skip or at + length > end or left[0] < 0:
            raise _Unreadable
        yield head[4:8], at + skip, at + length
        at += length


def _mp4_seconds(file: BinaryIO, size: int) -> float:
    left = [_BOXES]
    top = {kind: (start, end) for kind, start, end in _boxes(file, 0, size, left)}
    if b"moov" not in top or not (b"mdat" in top or b"moof" in top):
        raise _Unreadable
    seconds, handlers = 0.0, set()
    for kind, start, end in _boxes(file, *top[b"moov"], left):
        if kind == b"mvhd":
            file.seek(start)
            seconds = _movie_seconds(file.read(32))
        elif kind == b"trak":
            handlers |= {
                _handler(file, first)
                for media, begin, stop in _boxes(file, start, end, left)
                if media == b"mdia"
                for inside, first, _last in _boxes(file, begin, stop, left)
                if inside == b"hdlr"
            }
    if b"soun" not in handlers or b"vide" in handlers:
        raise _Unreadable
    return seconds


def _handler(file: BinaryIO, start: int) -> bytes:
    file.seek(start + 8)
    return file.read(4)


def _movie_seconds(head: bytes) -> float:
    if len(head) < 32:
        raise _Unreadable
    scale, length = (head[20:24], head[24:32]) if head[0] == 1 else (head[12:16], head[16:20])
    if not int.from_bytes(scale):
        raise _Unreadable
    return int.from_bytes(length) / int.from_bytes(scale)


# --- Ogg --------------------------------------------------------------------------------------------------------------------


def _ogg_seconds(file: BinaryIO, size: int) -> float:
    file.seek(0)
    head = file.read(256)
    if len(head) < 58 or head[4] != 0 or not head[5] & 2:
        raise _Unreadable
    serial, packet = head[14:18], head[27 + head[26] :]
    if packet.startswith(b"OpusHead"):
        skipped, rate = int.from_bytes(packet[10:12], "little"), 48000
    elif packet.startswith(b"\x01vorbis"):
        skipped, rate = 0, int.from_bytes(packet[12:16], "little")
    else:
        raise _Unreadable
    file.seek(max(0, size - _TAIL))
    tail = file.read(_TAIL)
    at = len(tail)
    while rate and (at := tail.rfind(b"OggS", 0, at)) >= 0:
        page = tail[at : at + 27]
        granule = int.from_bytes(page[6:14], "little", signed=True)
        if len(page) == 27 and page[4] == 0 and page[14:18] == serial and granule > 0:
            return max(0, granule - skipped) / rate
    raise _Unreadable


# --- kept and given ---------------------------------------------------------------------------------------------------------


def keep(sound: Sound, folder: str) -> str:
    """Store it; its random name, which the caller keeps."""
    return default_storage.save(f"{folder}/{secrets.token_hex(12)}.{SUFFIXES[sound.kind]}", sound.file)


def forget(name: str) -> None:
    if name and default_storage.exists(name):
        default_storage.delete(name)


def served(request: Any, name: str, kind: str, *, is_public: bool) -> HttpResponseBase:
    """A stored sound, whole or the part that a player asks for (RFC 9110, 14); nothing in it can run. The caller has checked who
    may hear it."""
    etag = f'"{name.rpartition("/")[2].partition(".")[0]}"'
    if request.headers.get("If-None-Match", "") == etag:
        return _dressed(HttpResponseNotModified(), etag, is_public)
    size = default_storage.size(name)
    part = _part(request.headers.get("Range", ""), size)
    if part is not None and request.headers.get("If-Range", etag) != etag:
        part = None
    response: HttpResponseBase
    if part is None:
        asked_only = request.method == "HEAD"
        response = HttpResponse() if asked_only else FileResponse(default_storage.open(name))
        response["Content-Type"], response["Content-Length"] = kind, str(size)
    elif part[0] > part[1]:
        response = HttpResponse(status=416, content_type=kind)
        response["Content-Range"] = f"bytes */{size}"
    else:
        first, last = part
        response = StreamingHttpResponse(_bytes(name, first, last), status=206, content_type=kind)
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
        response["Content-Length"] = str(last - first + 1)
    return _dressed(response, etag, is_public)


def _dressed(response: HttpResponseBase, etag: str, is_public: bool) -> HttpResponseBase:
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    response["Content-Disposition"] = "inline"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    # Players of podcasts are on other sites; what one alone may hear is kept by nobody. An hour, as it may be taken back.
    response["Cross-Origin-Resource-Policy"] = "cross-origin" if is_public else "same-origin"
    response["Cache-Control"] = "public, max-age=3600" if is_public else "private, no-store"
    return response


def _part(asked: str, size: int) -> tuple[int, int] | None:
    """(first, last) byte of a single range; None: all of it, for no range, several, or one badly written; first > last: there is
    no such part."""
    found = re.fullmatch(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", asked)
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        return (max(0, size - int(found[2])), size - 1) if int(found[2]) else (1, 0)
    first, last = int(found[1]), int(found[2]) if found[2] else size - 1
    if found[2] and last < first:
        return None
    return (first, min(last, size - 1)) if first < size else (1, 0)


def _bytes(name: str, first: int, last: int) -> Iterator[bytes]:
    with default_storage.open(name) as file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (chunk := file.read(min(_CHUNK, left))):
            left -= len(chunk)
            yield chunk
