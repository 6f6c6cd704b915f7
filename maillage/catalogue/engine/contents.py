"""What a file is, known by its content whatever its name says. Nothing that runs is let through: no program, no script, no page of
the web, no office document with macros.

Signatures: ISO 32000 (PDF), APPNOTE 6.3 (ZIP), OASIS ODF 1.3 part 2 (the first member `mimetype`), ECMA-376 (`[Content_Types].xml`),
ISO 14496-12 (MP4), RFC 3533 (Ogg), RFC 8794 (EBML of WebM).
"""

import lzma
import struct
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import BinaryIO

from maillage.core.archives import lists_few

PDF, ZIP, CSV, TEXT = "application/pdf", "application/zip", "text/csv", "text/plain"
ODF = {
    f"application/vnd.oasis.opendocument.{name}": end
    for name, end in {"text": "odt", "spreadsheet": "ods", "presentation": "odp", "graphics": "odg"}.items()
}
OOXML = {
    "wordprocessingml.document": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    "spreadsheetml.sheet": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "presentationml.presentation": (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "pptx",
    ),
}
ENDINGS = {
    PDF: "pdf", ZIP: "zip", CSV: "csv", TEXT: "txt", "image/png": "png", "image/jpeg": "jpg", "image/webp": "webp",
    "image/gif": "gif", "audio/mpeg": "mp3", "audio/mp4": "m4a", "audio/ogg": "ogg", "audio/aac": "aac", "video/mp4": "mp4",
    "video/webm": "webm", **ODF, **dict(OOXML.values()),
}  # fmt: skip
HOSTILE = [
    "exe",
    "dll",
    "com",
    "scr",
    "msi",
    "bat",
    "cmd",
    "ps1",
    "psm1",
    "vbs",
    "vbe",
    "js",
    "jse",
    "mjs",
    "wsf",
    "wsh",
    "hta",
    "lnk",
    "pif",
    "reg",
    "jar",
    "apk",
    "app",
    "deb",
    "rpm",
    "sh",
    "bash",
    "py",
    "rb",
    "pl",
    "php",
    "html",
    "htm",
    "xhtml",
    "svg",
    "xml",
    "xsl",
    "docm",
    "dotm",
    "xlsm",
    "xltm",
    "xlam",
    "pptm",
    "potm",
    "ppam",
    "sldm",
    "ppsm",
    "url",
    "scf",
    "iso",
    "img",
    "vhd",
]
_MOST_MEMBERS = 5_000
_MOST_BYTES = 2_000_000_000  # Of what an archive holds once opened.
_MOST_DIRECTORY = 2_000_000  # Bytes of the list of its members.
_HEAD = 4096
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    struct.error,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    KeyError,
    OverflowError,
)
_VIDEO = {b"mp41", b"mp42", b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"avc1", b"dash", b"M4V ", b"qt  "}


class Refusal(Exception):
    """Why a file is not taken: `code` is one of `unknown`, `runs`, `macros`, `archive`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def kind_of(file: BinaryIO) -> str:
    """Its MIME type, one of `ENDINGS`; `Refusal` on anything else. The file is left where it was read to."""
    file.seek(0)
    head = file.read(_HEAD)
    if head.startswith((b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xd0\xcf\x11\xe0")):
        raise Refusal("runs")  # The last one: office documents of before 2007, which hide macros.
    if head.startswith(b"%PDF-"):
        return _pdf(file)
    if head.startswith(b"PK\x03\x04"):
        return _archive(file)
    if (found := _media(head)) is not None:
        return found
    return _text(file, head)


def _media(head: bytes) -> str | None:
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        if (brand := head[8:12]) in (b"M4A ", b"M4B "):
            return "audio/mp4"
        if brand not in _VIDEO:  # Pictures of telephones, with their place, are made so too.
            raise Refusal("unknown")
        return "video/mp4"
    if head.startswith(b"OggS"):
        return "audio/ogg"
    if head.startswith(b"\x1aE\xdf\xa3") and b"webm" in head[:64]:
        return "video/webm"
    if head.startswith(b"ID3") or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2):
        return "audio/mpeg"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return "audio/aac"
    return None


def _pdf(file: BinaryIO) -> str:
    """A document that runs something when it is opened is none that one lends; what is compressed in it is for the scanner."""
    file.seek(0)
    before = b""
    while block := file.read(1 << 20):
        window = before + block
        if any(word in window for word in (b"/JavaScript", b"/Launch")):
            raise Refusal("macros")
        before = block[-32:]
    return PDF


def _read(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """A member of `most` bytes at most. What its sender declares is not believed: `read()` inflates all that the member holds before
    it compares, `read(n)` of a deflated one n bytes, of bzip2 and LZMA a whole block."""
    info = archive.getinfo(name)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or info.file_size > most:
        raise Refusal("archive")
    with archive.open(info) as member:
        return member.read(most)


def _archive(file: BinaryIO) -> str:
    if not lists_few(file, _MOST_DIRECTORY):
        raise Refusal("archive")
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            if len(members) > _MOST_MEMBERS or sum(each.file_size for each in members) > _MOST_BYTES:
                raise Refusal("archive")
            names = [each.filename for each in members]
            if any(PurePosixPath(name).name.lower() == "vbaproject.bin" for name in names):
                raise Refusal("macros")
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                told = _read(archive, "mimetype", 200).decode("ascii", "replace").strip()
                if told in ODF:
                    if any(name.startswith(("Basic/", "Scripts/")) for name in names):
                        raise Refusal("macros")
                    return told
            if "[Content_Types].xml" in names:
                return _office(archive)
            if any(_ending(name) in HOSTILE for name in names):
                raise Refusal("runs")
            if any(each.flag_bits & 1 for each in members):
                raise Refusal("archive")  # Encrypted: nobody can look inside.
    except _DAMAGED:
        raise Refusal("archive") from None
    return ZIP


def _office(archive: zipfile.ZipFile) -> str:
    told = _read(archive, "[Content_Types].xml", 2_000_000).decode("utf-8", "replace")
    if "macroEnabled" in told or "vbaProject" in told:
        raise Refusal("macros")
    for mark, (kind, _end) in OOXML.items():
        if f"{mark}.main+xml" in told:
            return kind
    raise Refusal("unknown")


def _text(file: BinaryIO, head: bytes) -> str:
    """Words and tables: without a NUL, read as UTF-8 or Latin, and no page of the web nor script under another name."""
    if not head.strip() or b"\x00" in head:
        raise Refusal("unknown")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<", b"{\\rtf", b"%!")) or b"<script" in head.lower():
        raise Refusal("runs")
    file.seek(0)
    lines = head.decode("utf-8", "replace").splitlines()
    whole = [line for line in (lines[:-1] if len(head) == _HEAD else lines) if line.strip()]
    for mark in (";", ",", "\t"):
        counts = {line.count(mark) for line in whole[:5]}
        if len(whole) > 1 and len(counts) == 1 and min(counts) > 0:
            return CSV
    return TEXT


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.lower().lstrip(".")


def named(name: str, kind: str) -> str:
    """The name given to those who download: that of the sender, without what a file system or a header would misread, ended as
    its content is."""
    kept = "".join(letter for letter in PurePosixPath(name.replace("\\", "/")).name if letter.isprintable())
    stem = PurePosixPath(kept).stem.strip(". \"'/:*?<>|") or "document"
    return f"{stem[:120]}.{ENDINGS[kind]}"
