#!/usr/bin/env python3
"""Starts Maillage from a bare clone, with nothing but Python: `python3 run.py`, `python3 run.py test`.

Makes `.venv`, installs the locked dependencies into it when they changed, then hands over to `python -m maillage`.
This file uses the standard library alone and must be readable by any Python 3, to say politely that it is too old.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
FOR_DEVELOPERS = {"test", "check", "fix", "dev", "bench"}


def say(sentence):
    print(sentence, file=sys.stderr, flush=True)


def make_venv(uv):
    """An isolated environment; pip is wanted in it, uv can do without."""
    if PYTHON.exists():
        return
    say("Création de l'environnement Python dans .venv…")
    if importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv"):
        made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False, stdout=subprocess.DEVNULL)
    elif uv:
        made = subprocess.run([uv, "venv", "-q", "--python", sys.executable, str(VENV)], check=False)
    else:
        sys.exit("Il manque à Python le module venv : installez-le (Debian, Ubuntu : apt-get install python3-venv).")
    if made.returncode:
        sys.exit("L'environnement .venv n'a pas pu être créé (Debian, Ubuntu : apt-get install python3-venv).")


def install(lock, uv):
    """What `lock` names, hashes checked, when it is not what the stamp says is there."""
    wanted = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()
    stamp = VENV / f".installed-{lock.stem}"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say(f"Installation des dépendances ({lock.name})…")
    with_uv = [uv, "pip", "install", "-q", "--python", str(PYTHON), "--require-hashes", "-r", str(lock)]
    with_pip = [str(PYTHON), "-m", "pip", "install", "-q", "--no-compile", "--disable-pip-version-check"]
    if uv and subprocess.run(with_uv, check=False).returncode == 0:
        pass
    elif subprocess.run([*with_pip, "--require-hashes", "-r", str(lock)], check=False).returncode:
        sys.exit("Les dépendances n'ont pas pu être installées : le réseau ou le dépôt de paquets répond-il ?")
    stamp.write_text(wanted)


def main():
    if sys.version_info < (3, 11):  # noqa: UP036 - this is where an older one is told
        sys.exit(f"Maillage demande Python 3.11 ou plus récent ; celui-ci est {sys.version.split()[0]}.")
    verb = sys.argv[1] if len(sys.argv) > 1 else ""
    uv = shutil.which("uv")
    make_venv(uv)
    install(ROOT / ("requirements-dev.lock" if verb in FOR_DEVELOPERS else "requirements.lock"), uv)
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", "maillage", *sys.argv[1:]])


if __name__ == "__main__":
    main()
