"""The folders of real data beside the repository (`../shared`, or MAILLAGE_SHARED): never copied into it."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def shared_folder() -> Path:
    """Where the real data are: MAILLAGE_SHARED, `../shared` beside the clone, or beside its main worktree."""
    if given := os.environ.get("MAILLAGE_SHARED"):
        return Path(given)
    for parent in list(ROOT.parents)[:2]:
        if (parent / "shared" / "data").is_dir():
            return parent / "shared"
    return ROOT.parent / "shared"


def _part(name: str) -> Path:
    folder = shared_folder() / name
    if not folder.is_dir():
        pytest.skip(f"le dossier {folder} manque (MAILLAGE_SHARED indique où il est)")
    return folder


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """`../shared/data`; without it the test is skipped aloud, which `run.py check` refuses."""
    return _part("data")


@pytest.fixture(scope="session")
def shared_refs() -> Path:
    return _part("refs")
