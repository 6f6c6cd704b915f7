"""Exports are safe to open, and read back as they were."""

import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from maillage.exchange.kit import csv_lines, export_response, neutral, restored, write_xlsx


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "  =cmd", "＝1", "\u00a0=1", "−1"])
def test_a_cell_that_would_run_is_neutralised(text):
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("value", [-3, 4.5, "Musée", "a=b", ""])
def test_other_cells_are_left_as_they_are(value):
    assert neutral(value) == value


@settings(deadline=None)
@given(st.text())
def test_a_neutralised_cell_is_restored(text):
    assert restored(neutral(text)) == text or text.startswith("'")


def test_a_csv_file_opens_in_a_french_spreadsheet():
    content = b"".join(csv_lines(["Nom", "Nombre"], [["=A1", 3], ["Écomusée; suite", None]])).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(content), delimiter=";")) == [
        ["Nom", "Nombre"],
        ["'=A1", "3"],
        ["Écomusée; suite", ""],
    ]


def test_a_workbook_holds_text_as_text_and_numbers_as_numbers():
    stream = io.BytesIO()
    write_xlsx(stream, ["Nom", "Nombre"], [["=1+1", 3], ["a\x0bb", 4.5]])
    stream.seek(0)
    cells = list(load_workbook(stream).active.iter_rows(min_row=2))
    assert [[cell.value for cell in row] for row in cells] == [["=1+1", 3], ["ab", 4.5]]
    assert cells[0][0].data_type == "s"


def test_geojson_places_what_has_a_position():
    response = export_response(
        "geojson", columns=["Nom", "Latitude", "Longitude"], rows=[["A", 43.5, 3.9], ["B", None, None]], filename="x"
    )
    features = json.loads(response.getvalue())["features"]
    assert [feature["geometry"] for feature in features] == [{"type": "Point", "coordinates": [3.9, 43.5]}, None]


def test_the_name_of_a_file_says_nothing_but_letters():
    response = export_response("csv", columns=["A"], rows=[], filename='../"a\r\nb')
    assert response["Content-Disposition"].startswith('attachment; filename="a-b-')
    assert response["X-Content-Type-Options"] == "nosniff"
