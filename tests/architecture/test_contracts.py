"""The import contracts hold, and our own kinds of contract refuse what they should."""

import subprocess
import sys

import pytest
from grimp import ImportGraph

from tests.architecture.house import ROOT
from tools.contracts import AppBoundary, InsideApps


def test_the_contracts_are_kept():
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def graph_of(*imports: tuple[str, str]) -> ImportGraph:
    graph = ImportGraph()
    for name in {"maillage", *(part for pair in imports for part in pair)}:
        parts = name.split(".")
        for end in range(1, len(parts) + 1):
            graph.add_module(".".join(parts[:end]))
    for importer, imported in imports:
        graph.add_import(importer=importer, imported=imported)
    return graph


def broken(kind, graph, **options):
    contract = kind(name="essai", session_options={}, contract_options={"root": "maillage", **options})
    return contract.check(graph, verbose=False).metadata["broken"]


@pytest.mark.parametrize(
    ("importer", "imported", "kept"),
    [
        ("maillage.directory.views", "maillage.networks.models", True),
        ("maillage.directory.views", "maillage.networks.views", False),
        ("maillage.directory.views", "maillage.networks.views.forms", False),
        ("maillage.directory.views", "maillage.core.anything", True),
        ("maillage.networks.urls", "maillage.networks.views", True),
    ],
)
def test_other_apps_see_only_the_domain_half(importer, imported, kept):
    found = broken(AppBoundary, graph_of((importer, imported)), public=["models"], open_apps=["core"])
    assert (found == []) is kept


@pytest.mark.parametrize(
    ("importer", "imported", "kept"),
    [
        ("views", "models", True),
        ("views", "views.forms", True),
        ("models", "views", False),
        ("queries", "rules", False),
        ("queries.lists", "rules", False),
        ("models", "middleware", False),
        ("middleware", "models", True),
        ("helpers", "models", False),
    ],
)
def test_inside_an_app_imports_go_down(importer, imported, kept):
    graph = graph_of((f"maillage.directory.{importer}", f"maillage.directory.{imported}"))
    found = broken(InsideApps, graph, floors=["views", "queries | rules", "models"], free=["middleware"])
    assert (found == []) is kept
