"""Reading a file that a stranger made: what it is, by its content; its rows, as texts, in bounded memory.

Tables of text are read here as a stream. Workbooks, JSON and calendars, whose parsers hold the whole document, are read
by a program of their own under limits (`workbook`). Whatever is wrong ends in `Unreadable`, with a sentence for the person.
"""

import codecs
import csv
import io
import json
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from maillage.core.archives import lists_few
from maillage.core.text import legible
from maillage.exchange.queries import workbook
from maillage.exchange.queries.cells import restored

MAX_BYTES = 50_000_000
MAX_ROWS = 200_000
MAX_COLUMNS = 500
MAX_CELL = 100_000
_MAX_LINE = 2_000_000
_MAX_UNZIPPED = 300_000_000
_MAX_DIRECTORY = 2_000_000  # Bytes of the list of what a workbook holds.
_FOREIGN = [
    (b"%PDF", "PDF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"), (b"\x1f\x8b", "gzip"), (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"), (b"\x7fELF", "programme"), (b"MZ", "programme"), (b"SQLite format 3", "SQLite"), (b"RIFF", "média"),
    (b"ID3", "média"), (b"BZh", "bzip2"), (b"\xfd7zXZ", "xz"), (b"\x00\x00\x00\x18ftyp", "média"), (b"{\\rtf", "RTF"),
]  # fmt: skip


class Unreadable(Exception):
    """The file cannot be read; `sentence` says why, and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass
class Reading:
    """How to read a file; found by `detecting.detect`, corrected by the person. `header` is the row of the names, 0: none."""

    kind: str = "csv"
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    sheet: str = ""
    header: int = 1
    sheets: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Reading":
        return cls(**{name: value for name, value in values.items() if name in cls.__dataclass_fields__})


@dataclass
class Findings:
    """What reading the whole file told."""

    rows: int = 0
    replaced: int = 0
    nulls: int = 0
    blank: int = 0


def kind_of(path: Path) -> str:
    """csv, xlsx, xls, ods, json, jsonl or ics, by content alone; `Unreadable` on anything else."""
    size = path.stat().st_size
    if size == 0:
        raise Unreadable(_("Ce fichier est vide."))
    if size > MAX_BYTES:
        raise Unreadable(_("Ce fichier dépasse 50 Mo : découpez-le, ou gardez seulement les colonnes utiles."))
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(b"PK"):
        return _zipped_kind(path)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "xls"
    for signature, name in _FOREIGN:
        if head.startswith(signature):
            raise Unreadable(
                _(
                    "Ce fichier n'est pas un tableau (%s). Déposez un fichier CSV, XLSX, XLS, ODS, JSON, GeoJSON ou iCal."
                )
                % name
            )
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if start[:15].upper() == b"BEGIN:VCALENDAR":
        return "ics"
    if start[:1] in (b"{", b"["):
        return _json_kind(path)
    if start[:1] == b"<":
        raise Unreadable(
            _("Ce fichier est une page web ou du XML, pas un tableau. Téléchargez les données au format CSV.")
        )
    return "csv"


def _zipped_kind(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            if not lists_few(stream, _MAX_DIRECTORY):
                raise zipfile.BadZipFile
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if len(entries) > 5000 or sum(entry.file_size for entry in entries) > _MAX_UNZIPPED:
                raise Unreadable(_("Une fois décompressé, ce classeur serait démesuré : il n'a pas été ouvert."))
            if "mimetype" in names:
                with archive.open("mimetype") as stream:
                    if b"opendocument.spreadsheet" in stream.read(100):
                        return "ods"
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError) as error:
        raise Unreadable(_("Ce classeur est incomplet ou abîmé : téléchargez-le de nouveau.")) from error
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    raise Unreadable(
        _("Ce fichier est une archive ou un document, pas un tableau. Décompressez-la et déposez le tableau.")
    )


def _json_kind(path: Path) -> str:
    """A document, or one object a line."""
    with path.open("rb") as stream:
        lines = [line.strip() for line in (stream.readline(_MAX_LINE) for _ in range(2)) if line.strip()]
    if len(lines) == 2 and all(line.startswith(b"{") and line.endswith(b"}") for line in lines):
        return "jsonl"
    return "json"


def rows(path: Path, reading: Reading, findings: Findings | None = None) -> Iterator[tuple[int, list[str]]]:
    """Every row with its number, as the person sees it in a spreadsheet; empty rows are counted, not yielded."""
    findings = findings if findings is not None else Findings()
    source = _text_rows(path, reading, findings) if reading.kind == "csv" else _parsed_rows(path, reading)
    for number, row in enumerate(source, start=1):
        if number > MAX_ROWS:
            raise Unreadable(_("Ce fichier a plus de 200 000 lignes : découpez-le."))
        if len(row) > MAX_COLUMNS and any(row[MAX_COLUMNS:]):
            raise Unreadable(
                _("La ligne %(row)s a plus de 500 colonnes : le séparateur est sans doute mal choisi.")
                % {"row": number}
            )
        cells = [clean(cell) for cell in row[:MAX_COLUMNS]]
        findings.rows = number
        if any(cells):
            yield number, cells
        else:
            findings.blank += 1


def clean(cell: str) -> str:
    """Without the characters that no keyboard types, in composed form, trimmed."""
    if cell.isascii() and cell.isprintable():
        return cell.strip()
    cell = cell.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").replace("\u202f", " ")
    return legible(unicodedata.normalize("NFC", cell)).strip()


def _lines(path: Path, reading: Reading, findings: Findings) -> Iterator[str]:
    try:
        with path.open(encoding=reading.encoding, errors="replace", newline="") as stream:
            while line := stream.readline(_MAX_LINE):
                if len(line) >= _MAX_LINE:
                    raise Unreadable(_("Une ligne de ce fichier est démesurée : ce n'est pas un tableau de texte."))
                if "\ufffd" in line:
                    findings.replaced += line.count("\ufffd")
                if "\x00" in line:
                    findings.nulls += line.count("\x00")
                    line = line.replace("\x00", "")
                yield line
    except (LookupError, UnicodeError) as error:
        raise Unreadable(_("Ce fichier n'a pas pu être lu avec cet encodage.")) from error


def _text_rows(path: Path, reading: Reading, findings: Findings) -> Iterator[list[str]]:
    csv.field_size_limit(1_000_000)
    lines = _lines(path, reading, findings)
    options: dict[str, Any] = {"delimiter": reading.delimiter}
    if reading.quote:
        options["quotechar"] = reading.quote
    else:
        options["quoting"] = csv.QUOTE_NONE
    reader = csv.reader(lines, **options)
    try:
        for row in reader:
            yield [restored(cell) if cell[:1] == "'" else cell for cell in row]
    except csv.Error as error:
        raise Unreadable(
            _(
                "À partir de la ligne %(line)s, un guillemet n'est pas refermé ou une cellule dépasse un million de caractères."
            )
            % {"line": reader.line_num}
        ) from error


def _parsed_rows(path: Path, reading: Reading) -> Iterator[list[str]]:
    opened = parsed(path, reading.kind, reading.sheet)
    next(opened)
    yield from opened


def parsed(path: Path, kind: str, sheet: str = "") -> Iterator[Any]:
    """What `workbook` prints: `{"sheets", "sheet"}`, then the rows. Stopping early stops the program."""
    command = [sys.executable, "-I", str(Path(workbook.__file__)), str(path), kind, sheet, str(MAX_ROWS)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
    ) as child:
        printed = child.stdout or io.BytesIO()
        try:
            for line in printed:
                yield json.loads(line)
            code = child.wait()
        finally:
            child.kill()
            printed.close()
    if code:
        raise Unreadable(_why(code, kind))


def _why(code: int, kind: str) -> str:
    if code == workbook.EXIT["protected"]:
        return _("Ce classeur est protégé par un mot de passe : enregistrez-le sans protection.")
    if code == workbook.EXIT["rows"]:
        return _("Ce fichier a plus de 200 000 lignes : découpez-le.")
    if code == workbook.EXIT["nested"]:
        return _("Ce document est emboîté trop profondément pour être un tableau.")
    if code == workbook.EXIT["shape"] and kind == "ics":
        return _("Cet agenda ne contient aucun événement : il n'y a rien à importer.")
    if code == workbook.EXIT["shape"]:
        return _("Ce document ne contient pas de liste d'objets : il n'y a rien à importer.")
    if code == workbook.EXIT["broken"]:
        if kind in ("json", "jsonl"):
            return _("Ce document JSON est incomplet ou mal écrit : téléchargez-le de nouveau.")
        return _("Ce classeur est incomplet ou abîmé : téléchargez-le de nouveau, ou enregistrez-le en CSV.")
    return _("Ce fichier demande trop de mémoire ou de temps : enregistrez le tableau en CSV, ou découpez-le.")


@dataclass
class Table:
    """Named columns, then the rows under them."""

    columns: list[str]
    rows: Iterator[tuple[int, list[str]]]


def table(path: Path, reading: Reading, findings: Findings | None = None) -> Table:
    """The rows under the header; those above it are left out. Cells beyond the last column are kept for the verdict."""
    source = rows(path, reading, findings)
    if reading.header == 0:
        first = next(source, None)
        if first is None:
            return Table([], iter(()))
        return Table(named([""] * len(first[1])), _chain(first, source))
    for number, cells in source:
        if number >= reading.header:
            return Table(named(cells), source)
    raise Unreadable(_("Ce fichier n'a aucune ligne de données."))


def _chain(first: tuple[int, list[str]], rest: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    yield first
    yield from rest


def named(cells: list[str]) -> list[str]:
    """Names of columns: one each, none empty, none twice."""
    while cells and not cells[-1] and len(cells) > 1 and any(cells):
        cells = cells[:-1]
    names: list[str] = []
    for position, cell in enumerate(cells, start=1):
        name = " ".join(cell.split())[:120] or _("Colonne %s") % position
        count, unique = 1, name
        while unique in names:
            count += 1
            unique = f"{name} ({count})"
        names.append(unique)
    return names
