"""What `run.py bench` says of what it measured: an aim for each size, and what was missed."""

import pytest

from benchmarks.__main__ import Report

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
