"""Files of every shape are read as the same table; hostile ones end in a sentence, in little time."""

import io
import json
import resource
import time
import zipfile

import pytest
from openpyxl import Workbook

from maillage.exchange.queries import files
from maillage.exchange.queries.detecting import detect
from maillage.exchange.queries.files import Findings, Unreadable, table

ROWS = [["Nom", "Code postal", "Ville"], ["Musée de l'Œuf", "34000", "Montpellier"], ["Écomusée", "09100", "Pamiers"]]


def read(path):
    reading = detect(path)
    found = table(path, reading)
    return [found.columns, *[cells[: len(found.columns)] for _number, cells in found.rows]]


def written(tmp_path, content, name="fichier.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def text(delimiter=";", end="\r\n"):
    return end.join(delimiter.join(row) for row in ROWS) + end


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "iso-8859-15"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_text_table_is_read_whatever_its_encoding_and_delimiter(tmp_path, encoding, delimiter):
    assert read(written(tmp_path, text(delimiter).encode(encoding))) == ROWS


@pytest.mark.parametrize("encoding", ["mac-roman", "cp850"])
def test_old_encodings_of_french_are_recognised(tmp_path, encoding):
    rows = [["Nom", "Ville"], ["Médiathèque à la forêt", "Nîmes"], ["Écomusée du château", "Sète"]]
    content = "\n".join(";".join(row) for row in rows).encode(encoding)
    assert read(written(tmp_path, content)) == rows


def test_quoted_cells_keep_delimiters_and_line_breaks(tmp_path):
    content = 'Nom,Note\r\n"Astro, club","sur\ndeux lignes"\r\n'
    assert read(written(tmp_path, content)) == [["Nom", "Note"], ["Astro, club", "sur\ndeux lignes"]]


def test_lines_above_the_names_of_columns_are_left_out(tmp_path):
    content = "Export du 3 mars;;\n;;\nNom;Ville;Site\nA;Auch;x.fr\nB;Albi;y.fr\nC;Foix;z.fr\n"
    assert read(written(tmp_path, content))[0] == ["Nom", "Ville", "Site"]


def test_numbers_of_a_workbook_are_read_as_they_were_typed(tmp_path):
    book = Workbook()
    book.active.append(["Nom", "Code postal", "SIRET", "Latitude"])
    book.active.append(["Musée", 34000.0, 18008901303720, 43.61])
    path = tmp_path / "classeur.xlsx"
    book.save(path)
    assert read(path)[1] == ["Musée", "34000", "18008901303720", "43.61"]


def test_a_workbook_named_as_text_is_recognised_by_its_content(tmp_path):
    book = Workbook()
    book.active.append(["Nom"])
    book.active.append(["Musée"])
    path = tmp_path / "liste.csv"
    book.save(path)
    assert read(path) == [["Nom"], ["Musée"]]


def test_geojson_gives_properties_and_position(tmp_path):
    feature = {
        "type": "Feature",
        "properties": {"nom": "Phare"},
        "geometry": {"type": "Point", "coordinates": [3.9, 43.5]},
    }
    content = json.dumps({"type": "FeatureCollection", "features": [feature]})
    assert read(written(tmp_path, content, "f.geojson")) == [["nom", "longitude", "latitude"], ["Phare", "3.9", "43.5"]]


def test_json_lines_are_a_table(tmp_path):
    content = '{"nom": "A", "lieu": {"ville": "Auch"}}\n{"nom": "B", "sites": ["x", "y"]}\n'
    assert read(written(tmp_path, content)) == [["nom", "lieu.ville", "sites"], ["A", "Auch", ""], ["B", "", "x | y"]]


def zipped(entries):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def bomb():
    return zipped({"[Content_Types].xml": "<Types/>", "xl/worksheets/sheet1.xml": b"0" * 310_000_000})


def test_a_workbook_with_too_long_a_list_is_not_opened(tmp_path, monkeypatch):
    path = written(tmp_path, zipped({f"xl/{rank:0300}": "" for rank in range(7000)}), "f.xlsx")

    def opened(*_args):
        raise AssertionError

    monkeypatch.setattr(files.zipfile, "ZipFile", opened)
    with pytest.raises(Unreadable):
        files.kind_of(path)


def entities():
    dtd = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.xml": f"<?xml version='1.0'?>{dtd}]><workbook>&j;</workbook>",
            "_rels/.rels": "<Relationships/>",
        }
    )


def far_cell():
    book = Workbook(write_only=False)
    book.active["A1"] = "Nom"
    book.active.cell(row=1_048_576, column=16_384, value="x")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


HOSTILE = {
    "vide": lambda: b"",
    "pdf": lambda: b"%PDF-1.7\n" + b"x" * 1000,
    "image": lambda: b"\x89PNG\r\n\x1a\n" + b"x" * 1000,
    "page web": lambda: b"<!doctype html><html><body>403</body></html>",
    "xml à entités": lambda: b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "classeur tronqué": lambda: zipped({"[Content_Types].xml": "<Types/>", "xl/a.xml": "x" * 50_000})[:-300],
    "classeur faux": lambda: zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<pas du xml"}),
    "archive": lambda: zipped({"photo.jpg": "x"}),
    "chemin piégé": lambda: zipped({"../../etc/passwd": "x"}),
    "bombe zip": bomb,
    "bombe d'entités": entities,
    "cellule au bout du monde": far_cell,
    "xls faux": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 4000,
    "json emboîté": lambda: b"[" * 200_000,
    "json tronqué": lambda: b'[{"nom": "A"}, {"nom": ',
    "json sans liste": lambda: b'{"nom": 3}',
    "un million de lignes": lambda: b"Nom;Ville\n" + b"A;Auch\n" * 1_000_000,
    "programme renommé": lambda: bytes(range(256)) * 40,
    "binaire à zéros": lambda: b"\x00\x01\x02\x03" * 100,
    "zéros": lambda: b"\x00" * 5000,
    "trop d'objets json": lambda: b"[" + b'{"a":1},' * 250_000 + b'{"a":1}]',
    "guillemet ouvert": lambda: b'Nom;Ville\nB;Albi\n"A;' + b"x\n" * 600_000,
    "ligne sans fin": lambda: b"Nom;Ville\nA;Auch\nB" + b";" * 3_000_000,
    "trop de colonnes": lambda: (b"a;" * 700 + b"\n") * 3,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence_in_little_time(tmp_path, name):
    path = written(tmp_path, HOSTILE[name]())
    started = time.process_time()
    with pytest.raises(Unreadable) as refusal:
        read(path)
    assert refusal.value.sentence.endswith((".", "!"))
    assert time.process_time() - started < 5


def test_reading_a_large_file_takes_little_memory(tmp_path):
    path = written(tmp_path, b"Nom;Ville\n" + ("É" * 200 + ";Auch\n").encode() * 100_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert sum(1 for _row in table(path, detect(path)).rows) == 100_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


def test_nul_characters_are_taken_out_and_told(tmp_path):
    path, findings = written(tmp_path, "Nom;Ville\nA\x00stro;Auch\n"), Findings()
    assert [cells for _number, cells in table(path, detect(path), findings).rows] == [["Astro", "Auch"]]
    assert findings.nulls == 1


def test_a_wrong_encoding_is_counted_not_fatal(tmp_path):
    path, findings = written(tmp_path, "Nom;Ville\nMusée;Nîmes\n".encode("cp1252")), Findings()
    reading = detect(path)
    reading.encoding = "utf-8"
    list(table(path, reading, findings).rows)
    assert findings.replaced == 2
