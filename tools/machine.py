"""What the tests take from the machine: a Chromium and a PostgreSQL, found, started privately, or installed."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

_CHROMIUM = ["chromium", "chromium-browser", "google-chrome", "chrome"]
_SYSTEM_SERVER = "postgresql://postgres@127.0.0.1:5432/postgres"


def say(sentence: str) -> None:
    print(sentence, flush=True)


def may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(package: str) -> bool:
    """apt-get install, where this machine allows it."""
    if not may_install():
        return False
    say(f"Installation de {package} depuis les paquets du système…")
    quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
    done = subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", package], check=False, **quiet)
    return done.returncode == 0


def chromium() -> str | None:
    """The path of a Chromium, installed if need be."""
    for attempt in (1, 2):
        given = os.environ.get("MAILLAGE_CHROMIUM")
        if path := given or next((found for name in _CHROMIUM if (found := shutil.which(name))), None):
            return path
        if attempt == 1 and not install("chromium"):
            return None
    return None


def answers(url: str, patience: float = 0.0) -> bool:
    import psycopg

    over = time.monotonic() + patience
    while True:
        try:
            psycopg.connect(url, connect_timeout=3).close()
            return True
        except psycopg.Error:
            if time.monotonic() >= over:
                return False
            time.sleep(0.2)


def server_programs() -> Path | None:
    """The folder of `initdb` and `postgres`, newest version first."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    if found := shutil.which("initdb"):
        folders.append(Path(found).resolve().parent)
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


@contextlib.contextmanager
def postgresql() -> Iterator[str | None]:
    """The URL of a PostgreSQL whose user may create databases, for the time of the block; None where there is none."""
    given = os.environ.get("DATABASE_URL", "")
    for url in [given, _SYSTEM_SERVER]:
        if url.startswith("postgres") and answers(url):
            yield url
            return
    programs = server_programs()
    if programs is None and install("postgresql"):
        programs = server_programs()
    if programs is None:
        yield None
        return
    with _private_cluster(programs) as url:
        yield url


@contextlib.contextmanager
def _private_cluster(programs: Path) -> Iterator[str]:
    """A cluster of our own in a temporary folder; as root it runs as another user, since PostgreSQL refuses root."""
    with tempfile.TemporaryDirectory(prefix="maillage-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        account: dict[str, int] = {}
        if os.geteuid() == 0:
            user = _unprivileged()
            os.chown(folder, user.pw_uid, user.pw_gid)
            account = {"user": user.pw_uid, "group": user.pw_gid}
        port = _free_port()
        data = folder / "data"
        initdb = [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        subprocess.run([*initdb, "-N"], check=True, stdout=subprocess.DEVNULL, cwd=folder, **account)
        options = ["listen_addresses=127.0.0.1", "fsync=off", "max_connections=300", "shared_buffers=128MB"]
        command = [programs / "postgres", "-D", data, "-p", str(port), "-k", folder]
        for option in options:
            command += ["-c", option]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **account)
        url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        try:
            while not answers(url, patience=1):  # As long as it takes on a busy machine, unless it gave up.
                if server.poll() is not None:
                    raise RuntimeError((folder / "log").read_text()[-2000:])
            yield url
        finally:
            server.send_signal(signal.SIGINT)
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _unprivileged() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise RuntimeError("PostgreSQL refuse root, et cette machine n'a ni compte postgres ni compte nobody")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
