"""The processes of an instance on one machine: prepared, started, watched and ended together.

Django is not loaded here: this process stays small. When nothing changed since the last preparation the web server
starts at once, while the preparation has its look beside it. A worker that dies is started again, later each time; when
the web server dies everything ends, and whoever started us (systemd, a container, a person) decides.
"""

import contextlib
import ctypes
import errno
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from config import env

_PATIENCE = 30.0
_PR_SET_PDEATHSIG = 1
_EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - recognised, not chosen
_HERE = {"127.0.0.1", "::1", "localhost"}


def web_command() -> list[str]:
    """granian, the web server, as configured."""
    return [
        *[sys.executable, "-m", "granian", "config.wsgi:application", "--interface", "wsgi", "--no-ws"],
        *["--host", env.read("MAILLAGE_BIND"), "--port", str(env.read("MAILLAGE_PORT"))],
        *["--workers", str(env.read("MAILLAGE_WEB_PROCESSES"))],
        *["--blocking-threads", str(env.read("MAILLAGE_WEB_THREADS"))],
        *["--backlog", "1024", "--workers-kill-timeout", "10", "--respawn-failed-workers", "--log-level", "warning"],
    ]


def reloading_command() -> list[str]:
    """Django's own server, which reloads when the code changes."""
    return [sys.executable, "-m", "maillage", "runserver", f"{env.read('MAILLAGE_BIND')}:{env.read('MAILLAGE_PORT')}"]


def verb_command(verb: str) -> list[str]:
    return [sys.executable, "-m", "maillage", verb]


def code_stamp() -> str:
    """What the preparation depends on: the sources, the locked dependencies and the database; then the demonstration."""
    digest = hashlib.sha256(f"{env.read('DATABASE_URL')}\n".encode())
    for folder in ("maillage", "config"):
        for place, folders, names in os.walk(env.ROOT / folder):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            for name in sorted(names):
                status = Path(place, name).stat()
                digest.update(f"{place}/{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    digest.update((env.ROOT / "requirements.lock").read_bytes())
    return f"{digest.hexdigest()} {env.read('MAILLAGE_DEMO')}"


def stamp_file() -> Path:
    return Path(env.read("MAILLAGE_VAR")) / ".prepared"


def is_prepared(*, demo_aside: bool = False) -> bool:
    """`demo_aside`: whether or not the demonstration is there, which only those who start the program say."""
    if not stamp_file().exists():
        return False
    then, now = stamp_file().read_text(), code_stamp()
    return then == now or (demo_aside and then.split(" ")[0] == now.split(" ")[0])


def what_stops_listening() -> str:
    """Why the web server could not listen, or "": told before minutes of preparation, not after."""
    bind, port = env.read("MAILLAGE_BIND"), env.read("MAILLAGE_PORT")
    with socket.socket(socket.AF_INET6 if ":" in bind else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except (OSError, OverflowError) as error:
            if getattr(error, "errno", None) == errno.EADDRINUSE:
                return f"Le port {port} est déjà pris : arrêtez ce qui l'occupe, ou choisissez-en un autre (MAILLAGE_PORT)."
            return f"Impossible d'écouter sur {bind}, port {port} ({error}) : voir MAILLAGE_BIND et MAILLAGE_PORT."
    return ""


def _die_with_parent() -> None:
    """On Linux, a child whose parent is killed is told to end (no orphan keeps the port)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        preexec_fn=_die_with_parent,  # noqa: PLW1509 - the supervisor has one thread
        cwd=env.ROOT,
    )


class Supervisor:
    def __init__(self, web: list[str], say: Callable[[str], None]) -> None:
        self.web = web
        self.say = say
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.ending = False

    def run(self) -> int:
        """Serve until told to end or until the web server dies; the status is that of the process to exit with."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        if problem := what_stops_listening():
            self.say(problem)
            return 1
        try:
            if is_prepared():
                self.running["web"] = _start(self.web)
            if status := self._prepare():
                return status
            if not self.ending:
                if "web" not in self.running:
                    self.running["web"] = _start(self.web)
                self.running["worker"] = _start(verb_command("worker"))
                self._announce()
            return self._watch()
        finally:
            self._stop_all()

    def _end(self, number: int, frame: FrameType | None) -> None:
        self.ending = True

    def _prepare(self) -> int:
        preparing = self.running["prepare"] = _start(verb_command("prepare"))
        while preparing.poll() is None and not self.ending:
            time.sleep(0.05)
        return 0 if self.ending else preparing.wait()

    def _announce(self) -> None:
        bind, port = env.read("MAILLAGE_BIND"), env.read("MAILLAGE_PORT")
        shown = "127.0.0.1" if bind in _EVERYWHERE else bind
        self.say(f"Maillage répond sur http://{shown}:{port}/ (Ctrl-C pour arrêter)")
        if env.read("MAILLAGE_DEMO") and bind not in _HERE:
            self.say("Attention : la démonstration et ses comptes connus sont ouverts à d'autres machines.")

    def _watch(self) -> int:
        restarts = 0
        while not self.ending:
            time.sleep(0.2)
            if self.running["web"].poll() is not None and not self.ending:
                self.say(f"Le serveur web s'est arrêté (code {self.running['web'].returncode}).")
                return 1
            if self.running["worker"].poll() is not None and not self.ending:
                restarts += 1
                self.say("Le processus des tâches de fond s'est arrêté : il est relancé.")
                self._pause(min(30, restarts))
                if not self.ending:
                    self.running["worker"] = _start(verb_command("worker"))
        return 0

    def _pause(self, seconds: float) -> None:
        over = time.monotonic() + seconds
        while time.monotonic() < over and not self.ending:
            time.sleep(0.1)

    def _stop_all(self) -> None:
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        over = time.monotonic() + _PATIENCE
        for process in self.running.values():
            try:
                process.wait(max(0.1, over - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def replace_with(command: list[str]) -> None:
    """Become `command`: signals of the service manager reach it directly."""
    os.chdir(env.ROOT)
    os.execv(command[0], command)  # noqa: S606 - no shell is wanted
