"""The table as a file: CSV streamed, XLSX with typed cells; nothing in a cell can run as a formula."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.viewer import Viewer
from maillage.directory.queries.table import Table, rows_of, value_of

_CHUNK = 500
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def neutral(value: Any) -> Any:
    """A text that a spreadsheet would compute, made harmless; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value.lstrip(" \u00a0\u202f").startswith(_FORMULA) else value


def table_rows(viewer: Viewer, table: Table) -> Iterator[list[Any]]:
    """The header, then every row of the table in its order, read by chunks."""
    yield [_("Nom"), *(str(column.label) for column in table.columns)]
    ids = table.ids()
    for start in range(0, len(ids), _CHUNK):
        for row in rows_of(viewer, ids[start : start + _CHUNK]):
            yield [row.actor.name, *(value_of(row, column.name) for column in table.columns)]


def table_file(viewer: Viewer, table: Table, kind: str) -> HttpResponseBase:
    name = f"acteurs-{timezone.localdate().isoformat()}.{kind}"
    rows = table_rows(viewer, table)
    response: HttpResponseBase
    if kind == "xlsx":
        response = HttpResponse(
            workbook(rows), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        )
    else:
        response = StreamingHttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def csv_lines(rows: Iterator[list[Any]]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    yield "\ufeff"
    for row in rows:
        writer.writerow([neutral(value) for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def workbook(rows: Iterator[list[Any]]) -> bytes:
    import openpyxl
    from openpyxl.cell import WriteOnlyCell

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(_("Acteurs"))
    for row in rows:
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value)
            if isinstance(value, str):
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
