"""Recipes turn cells into values; capitals become names again; columns are recognised."""

import pytest

from maillage.exchange.queries.casing import lowered
from maillage.exchange.queries.transforming import Unfit, transformer

COLUMNS = ["Nom", "Position", "Thèmes", "Région"]
CELLS = ["MUSEE DE L'OEUF", "43.6, 3.87", "Chimie;Physique", "Occitanie"]


def value(source):
    return transformer({"fields": {"x": source}}, COLUMNS).values(CELLS).get("x")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ({"columns": ["Nom"], "steps": [{"do": "case"}]}, "Musée de l'œuf"),
        ({"columns": ["Position"], "steps": [{"do": "part", "on": ",", "rank": 1}]}, "3.87"),
        ({"columns": ["Thèmes"], "steps": [{"do": "split", "on": ";"}]}, ["Chimie", "Physique"]),
        (
            {
                "columns": ["Thèmes"],
                "steps": [{"do": "split", "on": ";"}, {"do": "map", "values": {"chimie": "c"}, "otherwise": "drop"}],
            },
            ["c"],
        ),
        ({"columns": ["Nom", "Région"], "join": " – "}, "MUSEE DE L'OEUF – Occitanie"),
        ({"constant": "musee"}, "musee"),
        (
            {
                "constant": "",
                "steps": [
                    {
                        "do": "rules",
                        "rules": [
                            {"where": [{"column": "nom", "test": "contains", "values": ["musée"]}], "value": "1"}
                        ],
                        "otherwise": "3",
                    }
                ],
            },
            "1",
        ),
    ],
)
def test_a_recipe_makes_a_value(source, expected):
    assert value(source) == expected


@pytest.mark.parametrize(
    ("test", "values", "kept"),
    [("is", ["occitanie"], True), ("is_not", ["Occitanie"], False), ("starts", ["occ"], True), ("empty", [], False)],
)
def test_a_condition_keeps_some_lines(test, values, kept):
    spec = {"where": [{"column": "Région", "test": test, "values": values}], "fields": {}}
    assert transformer(spec, COLUMNS).wanted(CELLS) is kept


def test_a_recipe_names_the_columns_that_a_file_lacks():
    with pytest.raises(Unfit) as refusal:
        transformer({"fields": {"x": {"columns": ["Absente"]}}}, COLUMNS)
    assert refusal.value.columns == ["Absente"]


@pytest.mark.parametrize(
    ("shouted", "expected"),
    [
        ("MEDIATHEQUE DEPARTEMENTALE DE L'EURE", "Médiathèque départementale de l'Eure"),
        ("LABORATOIRE CNRS UMR 5554", "Laboratoire CNRS UMR 5554"),
        ("MUSEE LOUIS XIV", "Musée Louis XIV"),
        ("CNRS", "CNRS"),
        ("Musée Fabre", "Musée Fabre"),
        ("BIBLIOTHEQUE DE BAGNOLS-SUR-CEZE", "Bibliothèque de Bagnols-sur-Ceze"),
    ],
)
def test_capitals_become_ordinary_letters_and_acronyms_stay(shouted, expected):
    assert lowered(shouted) == expected
