"""Outputs lent to every list: CSV, XLSX, JSON and GeoJSON files that are safe to open, written as a stream.

    export_response("csv", columns=[_("Nom"), …], rows=rows, filename="acteurs")

A cell that a spreadsheet would take for a formula is neutralised in CSV and typed as text in XLSX; numbers stay numbers.
A list is one cell, its items separated as an import reads them again; JSON and GeoJSON keep it a list.
"""

import csv
import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, BinaryIO

from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone

from maillage.core.text import slugged
from maillage.exchange.queries.cells import SEPARATOR, neutral, restored

__all__ = [
    "FORMATS",
    "SEPARATOR",
    "csv_lines",
    "export_response",
    "file_name",
    "geojson_parts",
    "json_parts",
    "neutral",
    "restored",
    "write_xlsx",
]

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json; charset=utf-8",
    "geojson": "application/geo+json; charset=utf-8",
}
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_XLSX_CELL = 32_000
_PART = 65_536

Row = Sequence[Any]


class _Echo:
    def write(self, text: str) -> str:
        return text


def csv_lines(columns: Sequence[Any], rows: Iterable[Row]) -> Iterator[bytes]:
    """UTF-8 with its mark and semicolons: what French spreadsheets open without asking."""
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    yield b"\xef\xbb\xbf" + writer.writerow([neutral(str(column)) for column in columns]).encode()
    for row in rows:
        yield writer.writerow([neutral(_one(value)) for value in row]).encode()


def _one(value: Any) -> Any:
    return SEPARATOR.join(map(str, value)) if isinstance(value, list | tuple) else value


def write_xlsx(stream: BinaryIO, columns: Sequence[Any], rows: Iterable[Row], title: str = "Export") -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "Export")
    sheet.freeze_panes = "A2"

    def cell(value: Any) -> Any:
        if isinstance(value, bool):
            return "oui" if value else "non"
        if value is None or isinstance(value, int | float | date):
            if isinstance(value, datetime) and timezone.is_aware(value):
                return timezone.make_naive(value)
            return value
        made = WriteOnlyCell(sheet, value=_ILLEGAL.sub("", str(value))[:_XLSX_CELL])
        made.data_type = "s"
        return made

    head = []
    for column in columns:
        made = cell(str(column))
        made.font = Font(bold=True)
        head.append(made)
    sheet.append(head)
    for row in rows:
        sheet.append([cell(_one(value)) for value in row])
    book.save(stream)


def json_parts(
    columns: Sequence[Any], rows: Iterable[Row], about: Mapping[str, Any] | None = None, listed: str = "items"
) -> Iterator[bytes]:
    """A list of objects, one a line; with `about`, the last member, `listed`, of that object."""
    names = [str(column) for column in columns]
    yield _dumped(dict(about))[:-1] + f', "{listed}": ['.encode() if about is not None else b"["
    for number, row in enumerate(rows):
        yield (",\n" if number else "\n").encode() + _dumped(dict(zip(names, row, strict=False)))
    yield b"\n]}\n" if about is not None else b"\n]\n"


def geojson_parts(
    columns: Sequence[Any], rows: Iterable[Row], point: tuple[Any, Any], key: str = ""
) -> Iterator[bytes]:
    """Points; `point` names the columns of latitude and longitude, `key` that of the identifier. Without a position a
    feature has a null geometry, as the format allows."""
    names = [str(column) for column in columns]
    y, x = names.index(str(point[0])), names.index(str(point[1]))
    rank_of_key = names.index(key) if key else -1
    yield b'{"type": "FeatureCollection", "features": ['
    for number, row in enumerate(rows):
        placed = row[y] not in (None, "") and row[x] not in (None, "")
        geometry = {"type": "Point", "coordinates": [row[x], row[y]]} if placed else None
        properties = {
            name: value
            for rank, (name, value) in enumerate(zip(names, row, strict=False))
            if rank not in (x, y, rank_of_key)
        }
        feature = {"type": "Feature", **({"id": row[rank_of_key]} if key else {}), "geometry": geometry}
        yield (",\n" if number else "\n").encode() + _dumped({**feature, "properties": properties})
    yield b"\n]}\n"


def _gathered(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Small pieces together, so that a server does not send each line in a packet of its own."""
    held: list[bytes] = []
    size = 0
    for part in parts:
        held.append(part)
        size += len(part)
        if size >= _PART:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)


def _dumped(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, default=str).encode()


def file_name(name: str, extension: str) -> str:
    """Letters, figures and hyphens only, with the day."""
    return f"{slugged(name)}-{timezone.localdate():%Y-%m-%d}.{extension}"


def export_response(
    fmt: str,
    *,
    columns: Sequence[Any],
    rows: Iterable[Row],
    filename: str,
    title: str = "",
    point: tuple[Any, Any] | None = None,
    key: str = "",
    about: Mapping[str, Any] | None = None,
    listed: str = "items",
) -> StreamingHttpResponse | FileResponse:
    """The file as an attachment; KeyError on an unknown format. `rows` is consumed as it is sent.

    `point` and `key` are for GeoJSON, `about` and `listed` for JSON: see `geojson_parts` and `json_parts`.
    """
    content_type = FORMATS[fmt]
    name = file_name(filename, fmt)
    response: StreamingHttpResponse | FileResponse
    if fmt == "xlsx":
        stream = tempfile.TemporaryFile()  # noqa: SIM115 (FileResponse closes it)
        write_xlsx(stream, columns, rows, title or filename)
        stream.seek(0)
        response = FileResponse(stream, as_attachment=True, filename=name, content_type=content_type)
    else:
        if fmt == "csv":
            parts = csv_lines(columns, rows)
        elif fmt == "geojson":
            parts = geojson_parts(columns, rows, point or ("Latitude", "Longitude"), key)
        else:
            parts = json_parts(columns, rows, about, listed)
        response = StreamingHttpResponse(_gathered(parts), content_type=content_type)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
