"""Databases of a given size: built once, kept, and lent as copies that may be spoilt.

On SQLite they are files under var/bench; on PostgreSQL, databases named `maillage_bench_…` that stay on the server (a
server started for the run takes them away with it). They are made again when what fills them has changed.
"""

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks.actors import BASE
from tools.machine import postgresql

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "var" / "bench"
_PREFIX = "maillage_bench_"
_MADE_OF = (
    "benchmarks/actors.py",
    "maillage/*/migrations/*.py",
    "maillage/portal/management/demo/*.py",
    "maillage/search/actions.py",
    "maillage/search/engine/*.py",
    "maillage/search/queries/narrowing.py",
    "maillage/*/queries/documents.py",
)


def environment(folder: Path, url: str = "") -> dict[str, str]:
    """What a process of the benchmark runs with: nothing of the settings of whoever starts it."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("MAILLAGE_")},
        "MAILLAGE_VAR": str(folder),
        "MAILLAGE_STATIC": str(KEPT / "static"),
        "MAILLAGE_LOG_LEVEL": "ERROR",
        "MAILLAGE_PORT": str(_free_port()),
        "MAILLAGE_WEB_PROCESSES": "1",
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def lent(size: int, server: str) -> Iterator[dict[str, str]]:
    """The environment of a copy with `size` actors; `server` is the URL of a PostgreSQL, "" for SQLite."""
    with tempfile.TemporaryDirectory(prefix="maillage-bench-") as name:
        folder = Path(name)
        if not server:
            _ensure_file(size)
            shutil.copy(_file(size), folder)
            yield environment(folder)
            return
        _ensure_database(size, server)
        copy = f"{_PREFIX}copy_{os.getpid()}"
        _ask(server, f'CREATE DATABASE "{copy}" TEMPLATE "{_database(size)}"')
        try:
            yield environment(folder, _url(server, copy))
        finally:
            _ask(server, f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')


@contextmanager
def empty(server: str) -> Iterator[dict[str, str]]:
    """The environment of a database that nothing has been written in."""
    with tempfile.TemporaryDirectory(prefix="maillage-bench-") as folder:
        if not server:
            yield environment(Path(folder))
            return
        name = f"{_PREFIX}empty_{os.getpid()}"
        _ask(server, f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0")
        try:
            yield environment(Path(folder), _url(server, name))
        finally:
            _ask(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def server_of(kind: str) -> Iterator[str]:
    """The URL of a PostgreSQL, "" for SQLite; ends the run when it is asked for and there is none."""
    if kind == "sqlite":
        yield ""
        return
    with postgresql() as url:
        if not url:
            raise SystemExit("PostgreSQL : aucun serveur ni paquet ici (apt-get install postgresql).")
        yield url


def _digest() -> str:
    digest = hashlib.sha256()
    for path in sorted({path for pattern in _MADE_OF for path in ROOT.glob(pattern)}):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


def _fill(size: int, surroundings: dict[str, str]) -> None:
    print(f"Construction de {size} acteurs (gardés pour les fois suivantes)…", file=sys.stderr, flush=True)
    subprocess.run(
        [sys.executable, "-m", "benchmarks.actors", "--size", str(size)], cwd=ROOT, env=surroundings, check=True
    )


def _file(size: int) -> Path:
    return KEPT / _digest() / str(size) / "maillage.sqlite3"


def _start(size: int, kept: list[int]) -> int:
    """The size from which to go on: the largest kept one, else that of the demonstration; 0 to begin from nothing."""
    return max([BASE, *(other for other in kept if other < size)]) if size > BASE else 0


def _ensure_file(size: int) -> None:
    if _file(size).exists():
        return
    for other in KEPT.glob("*"):
        if other.name not in (_digest(), "static") and not other.name.startswith("building-"):
            shutil.rmtree(other, ignore_errors=True)
    start = _start(size, [int(folder.name) for folder in _file(size).parent.parent.glob("*")])
    if start:
        _ensure_file(start)
    with tempfile.TemporaryDirectory(prefix="building-", dir=_made(KEPT)) as name:
        folder = Path(name)
        if start:
            shutil.copy(_file(start), folder)
        _fill(size, environment(folder))
        (folder / _file(size).name).rename(_made(_file(size).parent) / _file(size).name)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _database(size: int) -> str:
    return f"{_PREFIX}{_digest()}_{size}"


def _ensure_database(size: int, server: str) -> None:
    known = [row[0] for row in _ask(server, f"SELECT datname FROM pg_database WHERE datname LIKE '{_PREFIX}%'")]
    if _database(size) in known:
        return
    for other in known:
        if not other.startswith(f"{_PREFIX}{_digest()}_"):
            with suppress(Exception):  # In use by another run.
                _ask(server, f'DROP DATABASE "{other}"')
    building = f"{_PREFIX}building_{os.getpid()}"
    start = _start(size, [int(name.rsplit("_", 1)[1]) for name in known if _digest() in name])
    if start:
        _ensure_database(start, server)
        _ask(server, f'CREATE DATABASE "{building}" TEMPLATE "{_database(start)}"')
    else:
        _ask(server, f"CREATE DATABASE \"{building}\" ENCODING 'UTF8' TEMPLATE template0")
    try:
        with tempfile.TemporaryDirectory(prefix="maillage-bench-") as folder:
            _fill(size, environment(Path(folder), _url(server, building)))
        _ask(server, f'ALTER DATABASE "{building}" RENAME TO "{_database(size)}"')
    finally:
        _ask(server, f'DROP DATABASE IF EXISTS "{building}" WITH (FORCE)')


def _url(server: str, name: str) -> str:
    return f"{server.rsplit('/', 1)[0]}/{name}"


def _ask(server: str, sql: str) -> list[tuple[str, ...]]:
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        answer = connection.execute(sql)
        return answer.fetchall() if answer.description else []
