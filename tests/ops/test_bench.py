"""What `run.py bench` says of what it measured: an aim for each size, and what was missed."""

import pytest

from benchmarks.report import Report

FIGURES = {
    "references": {"hello": 1.0, "bare": 10.0, "django": 0.5},
    "first": 1000.0,
    "memory": {"started": 100, "used": 150},
    "pages": {"liste": [70.0, 90.0, 1.0, 10.0]},
}


@pytest.mark.parametrize(("size", "missed"), [(1400, ["1400 acteurs, sqlite : liste, 7.0 × liste nue"]), (100_000, [])])
def test_a_list_may_cost_six_bare_lists_at_1400_actors_and_eight_above(size, missed, capsys):
    report = Report()
    report.show("sqlite", size, FIGURES)
    assert report.missed == missed
    assert f"| liste | 70.00 | 90.0 | 70.0 | 7.0 | ≤ {6 if missed else 8} × liste nue |" in capsys.readouterr().out


def test_each_search_has_its_milliseconds_and_a_worker_its_memory(capsys):
    report = Report()
    pages = {
        "recherche « musée »": [79.0, 200.0, 1.0, 10.0],
        "suggestions « m »": [31.0, 40.0, 1.0, 10.0],
        "fiche": [500.0, 500.0, 1.0, 10.0],
    }
    report.show("postgresql", 100_000, FIGURES | {"pages": pages, "memory": {"started": 100, "used": 201}})
    report.end()
    assert report.missed == [
        "100000 acteurs, postgresql : suggestions « m », 31 ms",
        "100000 acteurs, postgresql : mémoire 201 Mo",
    ]
    assert "Buts manqués" in capsys.readouterr().out


def test_a_month_of_the_agenda_and_a_list_have_their_aims_however_many_years_of_contents(capsys):
    report = Report()
    pages = {
        "liste de l'agenda": [12, 81.0, 90.0, 1.0, 10.0],
        "mois de l'agenda": [9, 299.0, 400.0, 1.0, 10.0],
        "événement": [15, 900.0, 900.0, 1.0, 10.0],
    }
    report.show_years("agenda", "sqlite", 10, {"counts": {"événements": 9000}, "pages": pages})
    assert report.missed == ["agenda, 10 ans, sqlite : liste de l'agenda, 8.1 × liste nue"]
    assert "| mois de l'agenda | 9 | 299.0 | 400.0 | 299.0 | 29.9 | ≤ 300 ms | oui |" in capsys.readouterr().out
