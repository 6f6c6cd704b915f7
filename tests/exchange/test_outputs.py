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


@pytest.mark.parametrize("value", [-3, 4.5, "Musée", "a=b", "", "-20.88, 55.45"])
def test_other_cells_are_left_as_they_are(value):
    assert neutral(value) == value


@settings(deadline=None)
@given(st.text() | st.from_regex(r"'*\s?[=+@-].*"))
def test_a_neutralised_cell_is_restored(text):
    assert restored(neutral(text)) == text


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


def test_a_list_is_one_cell_in_a_table_and_a_list_in_json():
    columns, rows = ["Nom", "Langues"], [["A", ["fr", "oc"]]]
    assert b"A;fr | oc" in b"".join(csv_lines(columns, rows))
    stream = io.BytesIO()
    write_xlsx(stream, columns, rows)
    stream.seek(0)
    assert load_workbook(stream).active["B2"].value == "fr | oc"
    response = export_response("json", columns=columns, rows=rows, filename="x", about={"count": 1}, listed="actors")
    assert json.loads(response.getvalue()) == {"count": 1, "actors": [{"Nom": "A", "Langues": ["fr", "oc"]}]}


def test_geojson_places_what_has_a_position():
    columns, rows = ["id", "Nom", "Latitude", "Longitude"], [[1, "A", 43.5, 3.9], [2, "B", None, None]]
    response = export_response("geojson", columns=columns, rows=rows, filename="x", key="id")
    features = json.loads(response.getvalue())["features"]
    assert [feature["geometry"] for feature in features] == [{"type": "Point", "coordinates": [3.9, 43.5]}, None]
    assert [(feature["id"], feature["properties"]) for feature in features] == [(1, {"Nom": "A"}), (2, {"Nom": "B"})]


def test_the_name_of_a_file_says_nothing_but_letters():
    response = export_response("csv", columns=["A"], rows=[], filename='../"a\r\nb')
    assert response["Content-Disposition"].startswith('attachment; filename="a-b-')
    assert response["X-Content-Type-Options"] == "nosniff"
