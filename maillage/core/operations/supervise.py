"""The processes of an instance on one machine: started together, watched, ended together.

A worker that dies is started again, later each time; when the web server dies everything ends, and whoever started us
(systemd, a container, a person) decides.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from types import FrameType

from django.conf import settings

_PATIENCE = 30.0
_PR_SET_PDEATHSIG = 1


def web_command() -> list[str]:
    """granian, the web server, as configured."""
    return [
        *[sys.executable, "-m", "granian", "config.wsgi:application", "--interface", "wsgi", "--no-ws"],
        *["--host", settings.BIND, "--port", str(settings.PORT)],
        *["--workers", str(settings.WEB_PROCESSES), "--blocking-threads", str(settings.WEB_THREADS)],
        *["--backlog", "1024", "--workers-kill-timeout", "10", "--respawn-failed-workers", "--log-level", "warning"],
    ]


def worker_command() -> list[str]:
    return [sys.executable, "-m", "maillage", "worker"]


def _die_with_parent() -> None:
    """On Linux, a child whose parent is killed is told to end (no orphan keeps the port)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        preexec_fn=_die_with_parent,  # noqa: PLW1509 - the supervisor has one thread
        cwd=settings.ROOT,
    )


class Supervisor:
    def __init__(self, web: list[str], worker: list[str], say: Callable[[str], None]) -> None:
        self.commands = {"web": web, "worker": worker}
        self.say = say
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.ending = False

    def run(self) -> int:
        """Serve until told to end or until the web server dies; the status is that of the process to exit with."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        for name, command in self.commands.items():
            self.running[name] = _start(command)
        status = self._watch()
        self._stop_all()
        return status

    def _end(self, number: int, frame: FrameType | None) -> None:
        self.ending = True

    def _watch(self) -> int:
        restarts = 0
        while not self.ending:
            time.sleep(0.2)
            if self.running["web"].poll() is not None:
                if self.ending:
                    break
                code = self.running["web"].returncode
                self.say(f"Le serveur web s'est arrêté (code {code}). Le port {settings.PORT} est-il déjà pris ?")
                return 1
            if self.running["worker"].poll() is not None and not self.ending:
                restarts += 1
                self.say("Le processus des tâches de fond s'est arrêté : il est relancé.")
                time.sleep(min(30, restarts))
                self.running["worker"] = _start(self.commands["worker"])
        return 0

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
    os.chdir(settings.ROOT)
    os.execv(command[0], command)  # noqa: S606 - no shell is wanted
