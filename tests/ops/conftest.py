"""Instances of their own, driven from outside as an operator does: processes, folders, databases of the real settings."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.shared import ROOT


@dataclass
class Instance:
    """A data folder and an empty database; `run` executes a verb in it, `open` starts a process."""

    var: Path
    database_url: str

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MAILLAGE_", "DJANGO_"))}
        return {
            **kept,
            "MAILLAGE_VAR": str(self.var),
            "DATABASE_URL": self.database_url,
            "MAILLAGE_DEMO": "non",
            "DJANGO_SETTINGS_MODULE": "config.settings.base",
        }

    def open(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env={**self.environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, expect: int = 0, **environment: str) -> str:
        """What a verb says, on both outputs; it must end with the status `expect`."""
        process = self.open("maillage", *arguments, **environment)
        out, err = process.communicate(timeout=600)  # Migrations are minutes of work on a busy machine.
        assert process.returncode == expect, out + err
        return out + err


def _server() -> str:
    """The PostgreSQL that the suite runs on, or "" on SQLite."""
    given = os.environ.get("DATABASE_URL", "")
    return given.rsplit("/", 1)[0] if given.startswith("postgres") else ""


@pytest.fixture
def new_instance(tmp_path: Path) -> Iterator[Callable[[], Instance]]:
    """`new_instance()`: an empty instance on the kind of database that the suite runs on."""
    made: list[str] = []

    def make(template: str = "") -> Instance:
        name = f"maillage_ops_{secrets.token_hex(4)}"
        if _server():
            _execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
            made.append(name)
        return Instance(tmp_path / name, f"{_server()}/{name}" if _server() else "")

    yield make
    for name in made:
        _execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """One migrated instance, which the others are copied from."""
    name = f"maillage_ops_{secrets.token_hex(4)}"
    made = Instance(tmp_path_factory.mktemp("template"), f"{_server()}/{name}" if _server() else "")
    if _server():
        _execute(f"CREATE DATABASE {name}")
    made.run("migrate", "--verbosity", "0")
    yield made
    if _server():
        _execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def instance(new_instance: Callable[..., Instance], _template: Instance) -> Instance:
    """A migrated instance, without any row of ours."""
    made = new_instance(_template.database_url.rpartition("/")[2])
    shutil.copytree(_template.var, made.var)
    return made


def _execute(statement: str) -> None:
    import psycopg

    with psycopg.connect(f"{_server()}/postgres", autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


@pytest.fixture
def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])
