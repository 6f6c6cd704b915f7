"""The program started as an operator does: it serves, survives its worker, ends when told, and leaves no one behind."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.shared import ROOT


def status(port, path="/healthz"):
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def until(condition, seconds=60):
    over = time.monotonic() + seconds
    while time.monotonic() < over:
        if result := condition():
            return result
        time.sleep(0.1)
    raise AssertionError("not in time")


def children(pid):
    """Process id → command line of the direct children of `pid`."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rsplit(")", 1)[1].split()
            if int(fields[1]) == pid and fields[0] != "Z":
                found[int(path.parent.name)] = (path.parent / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
    return found


def worker_of(pid):
    return next((child for child, command in children(pid).items() if "maillage worker" in command), None)


@pytest.fixture
def served(instance, free_port):
    """A started instance: its reference data are loaded by the first `start`, so the template is prepared once."""
    process = instance.open("maillage", "start", MAILLAGE_PORT=free_port)
    yield process, free_port
    if process.poll() is None:
        process.kill()
    process.communicate()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
def test_it_serves_survives_its_worker_and_ends_when_told(served):
    process, port = served
    until(lambda: status(port) == 200)
    assert status(port, "/readyz") == 200
    worker = until(lambda: worker_of(process.pid))
    os.kill(worker, signal.SIGKILL)
    again = until(lambda: (found := worker_of(process.pid)) != worker and found)
    everyone = [process.pid, again, *children(process.pid)]
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=40)
    assert process.returncode == 0, err
    assert f"Maillage répond sur http://127.0.0.1:{port}/" in out
    assert "il est relancé" in out
    assert status(port) is None
    assert [pid for pid in everyone if Path(f"/proc/{pid}").exists()] == []


def test_a_port_already_taken_is_said_at_once_and_ends_the_program(new_instance, free_port):
    instance = new_instance()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(free_port)))
        taken.listen()
        process = instance.open("maillage", "start", MAILLAGE_PORT=free_port)
        out, _ = process.communicate(timeout=90)
    assert process.returncode == 1
    assert f"Le port {free_port} est déjà pris" in out
    assert not instance.var.exists()  # Nothing was prepared for nothing.


@pytest.fixture
def bare(tmp_path):
    """run.py beside a lock that asks for nothing and a program that says what it is given."""
    shutil.copy(ROOT / "run.py", tmp_path)
    (tmp_path / "requirements.lock").write_text("")
    (tmp_path / "maillage").mkdir()
    (tmp_path / "maillage" / "__main__.py").write_text("import sys; print(sys.prefix, sys.argv[1:])")
    return tmp_path


def test_run_py_makes_its_environment_once_and_hands_over(bare):
    def run():
        command = [sys.executable, "run.py", "backup", "x.zip"]
        return subprocess.run(command, cwd=bare, capture_output=True, text=True, check=True)

    first = run()
    assert first.stdout == f"{bare}/.venv ['backup', 'x.zip']\n"
    assert "Installation des dépendances" in first.stderr
    assert run().stderr == ""
    (bare / "requirements.lock").write_text("# autre\n")
    assert "Installation des dépendances" in run().stderr


def test_run_py_says_what_to_install_when_venv_is_missing(bare):
    program = "import sys, runpy; sys.modules['ensurepip'] = None; sys.argv = ['run.py']; runpy.run_path('run.py', run_name='__main__')"
    environment = {**os.environ, "PATH": "/nonexistent"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=bare, capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 1
    assert "apt-get install python3-venv" in done.stderr
