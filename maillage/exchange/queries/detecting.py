"""Finding how a file is to be read: kind, encoding, delimiter, sheet, row of the names. Each may be corrected."""

import codecs
import csv
import io
import re
import statistics
from collections import Counter
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.exchange.queries.files import MAX_ROWS, Reading, Unreadable, kind_of, parsed, rows

DELIMITERS = {
    ",": gettext_lazy("virgule"),
    ";": gettext_lazy("point-virgule"),
    "\t": gettext_lazy("tabulation"),
    "|": gettext_lazy("barre verticale"),
}
QUOTES = {'"': gettext_lazy("guillemet double"), "'": gettext_lazy("apostrophe"), "": gettext_lazy("aucun")}
ENCODINGS = {
    "utf-8": "UTF-8",
    "cp1252": "Windows-1252",
    "iso-8859-15": "ISO-8859-15",
    "mac-roman": "Mac OS Roman",
    "cp850": "DOS (850)",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
}
_SAMPLE = 262_144
_TEXT_SAMPLE = 65_536
_STRANGE = 0.08  # Share of characters that no keyboard types; a badly told encoding stays well below.
_FRENCH = set("éèêëàâäçùûüîïôöœæÉÈÊËÀÂÇÙÛÎÏÔŒ’«»°–…€²´ªº\u00a0")
_NUMBER = re.compile(r"[-+]?[\d\s.,]+%?")


def detect(path: Path) -> Reading:
    """`files.Unreadable` when the content is no table."""
    kind = kind_of(path)
    reading = Reading(kind=kind)
    if kind in ("xlsx", "xls", "ods"):
        opened = parsed(path, kind)
        found: Any = next(opened, {"sheets": [], "sheet": ""})
        opened.close()  # type: ignore[attr-defined]  # a generator: closing it ends the parser's process
        reading.sheets, reading.sheet = found["sheets"], found["sheet"]
    elif kind == "csv":
        reading.encoding = encoding_of(path)
        with path.open(encoding=reading.encoding, errors="replace", newline="") as stream:
            if not is_text(stream.read(_TEXT_SAMPLE)):
                raise Unreadable(
                    _("Ce fichier n'est pas du texte : déposez un fichier CSV, XLSX, XLS, ODS, JSON, GeoJSON ou iCal.")
                )
        too_long(path, reading)
        reading.delimiter, first_row = delimiter_of(path, reading.encoding)
        reading.header = first_row
    if kind not in ("json", "jsonl", "ics"):
        reading.header = header_of(path, reading)
    return reading


def is_text(sample: str) -> bool:
    """False when too many characters are none that a person types: the bytes of something else, named as a table."""
    strange = sum(
        char == "\ufffd" or (char not in "\t\r\n\x00" and not char.isprintable() and not char.isspace())
        for char in sample
    )
    return strange <= len(sample) * _STRANGE and sample.count("\x00") <= len(sample) * 0.2


def too_long(path: Path, reading: Reading) -> None:
    """Refuse a file of too many rows when it comes, not once it is read; most are known to be short by their size alone."""
    breaks = 0
    with path.open("rb") as stream:
        while chunk := stream.read(1_000_000):
            breaks += chunk.count(b"\n")
    if breaks > MAX_ROWS:
        for _row in rows(path, reading):
            pass


def encoding_of(path: Path) -> str:
    """By its mark, else UTF-8 when all of it is, else the one of the usual ones that reads French letters."""
    with path.open("rb") as stream:
        sample = stream.read(_SAMPLE)
        if sample.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if sample.count(0) > len(sample) // 5:
            guess = "utf-16-le" if sample[1::2].count(0) >= sample[0::2].count(0) else "utf-16-be"
            letters = sample.decode(guess, errors="replace")
            if sum(char < "\u0250" for char in letters) > len(letters) * 0.6:
                return guess
        decoder = codecs.getincrementaldecoder("utf-8")()
        strange: list[bytes] = []
        is_utf8, chunk = True, sample
        while chunk:
            if is_utf8:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    is_utf8 = False
            if not chunk.isascii() and len(strange) < 40:
                strange += [line for line in chunk.split(b"\n") if not line.isascii()][:200]
            chunk = stream.read(_SAMPLE)
        if is_utf8:
            # Cut in the middle of a letter, the end is read with a replacement.
            return "utf-8"
    return _legacy_encoding(b"\n".join(strange)[:100_000])


def _legacy_encoding(sample: bytes) -> str:
    scores = {}
    for encoding in ("cp1252", "iso-8859-15", "mac-roman", "cp850", "utf-8"):
        letters = [char for char in sample.decode(encoding, errors="replace") if ord(char) > 127]
        french = sum(char in _FRENCH for char in letters)
        scores[encoding] = french / len(letters) if letters else 0
    best = max(scores, key=lambda encoding: scores[encoding])
    if scores[best] >= 0.6:
        return best
    from charset_normalizer import from_bytes  # Of use to few files.

    guess = from_bytes(sample).best()
    return guess.encoding if guess is not None else "cp1252"


def delimiter_of(path: Path, encoding: str) -> tuple[str, int]:
    """The delimiter that cuts the most lines into the same number of cells, and the row where the table may begin."""
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        sample = stream.read(65_536).replace("\x00", "")
        complete = not stream.read(1)
    if told := re.match(r"sep=(.)\r?\n", sample):
        return told[1], 2
    lines = sample.splitlines(keepends=True)
    if not complete and len(lines) > 1:
        lines.pop()
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO("".join(lines)), delimiter=delimiter) if any(row)]
        except csv.Error:
            continue
        if not widths:
            continue
        width, count = Counter(widths).most_common(1)[0]
        if width < 2:
            continue
        score = count / len(widths) * (1 + min(width, 40) / 40)
        if score > best_score:
            best, best_score = delimiter, score
    return best, 1


def header_of(path: Path, reading: Reading) -> int:
    """The row of the names: the first as wide as most, filled with texts that differ; 0 when the first looks like data."""
    sample: list[tuple[int, list[str]]] = []
    source = rows(path, reading)
    for number, cells in source:
        if number >= reading.header:
            sample.append((number, cells))
        if len(sample) >= 30:
            break
    source.close()  # type: ignore[attr-defined]
    if not sample:
        return max(1, reading.header)
    filled = [sum(map(bool, cells)) for _number, cells in sample]
    usual = statistics.median(filled)
    for position, (number, cells) in enumerate(sample[:20]):
        present = [cell for cell in cells if cell]
        if len(present) < max(1, usual * 0.8 if len(sample) > 2 else 1):
            continue
        if len(set(present)) < len(present) * 0.9 and position < len(sample) - 1:
            continue
        if any(_NUMBER.fullmatch(cell) for cell in present) or any(len(cell) > 200 for cell in present):
            return 0 if position == 0 else sample[0][0]
        return number
    return sample[0][0]
