"""`run.py test`: everything on SQLite, browser journeys included, then on PostgreSQL.

What the machine lacks is installed where it allows it, else skipped aloud. Arguments go to pytest (`run.py test -k mail`).
With `strict` (`run.py check`), what would be skipped fails instead.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from tools.machine import chromium, postgresql, say

ROOT = Path(__file__).resolve().parent.parent
_SUMMARY = re.compile(r"\d+ (passed|failed|error|skipped|deselected)|no tests ran")


def pytest(title: str, arguments: list[str], **environment: str) -> tuple[int, str]:
    """Run pytest, its output shown as it comes; returns its status and its own last line."""
    say(f"\n=== {title} ===")
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
    )
    last = ""
    assert process.stdout is not None
    for line in process.stdout:
        print(line, end="", flush=True)
        if _SUMMARY.search(line):
            last = line.strip()
    return process.wait(), last


def _shared_out() -> list[str]:
    """The whole suite is shared between processes, one for each core up to four; a few tests are sooner run in one."""
    cores = min(os.cpu_count() or 1, 4)
    return ["-n", str(cores), "--no-loadscope-reorder"] if cores > 1 else []


def run(arguments: list[str], *, strict: bool = False) -> int:
    missing = []
    given = arguments or _shared_out()
    # Screenshots and data of a run belong to it alone, never to the instance of this folder.
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings.test", "MAILLAGE_NO_SKIP": "1" if strict else ""}
    # Each process of a run, and each instance that its tests start, would compile all the code again.
    environment["PYTHONDONTWRITEBYTECODE"] = ""
    for name in ("MAILLAGE_VAR", "MAILLAGE_SECRET_KEY", "MAILLAGE_HTTPS", "MAILLAGE_DEMO"):
        os.environ.pop(name, None)
    browser = chromium()
    if browser is None:
        missing.append("navigateur : aucun Chromium ici, et il n'a pas pu être installé (apt-get install chromium)")
    else:
        environment["MAILLAGE_CHROMIUM"] = browser
    results = []
    with postgresql() as url:
        status, last = pytest("Tests sur SQLite", given, **environment, DATABASE_URL="")
        results.append(("SQLite", status, last))
        if url is None:
            missing.append("PostgreSQL : aucun serveur ni paquet ici (apt-get install postgresql)")
        else:
            again = ["-m", "(not browser and not once) or on_both", *given]
            status, last = pytest("Tests sur PostgreSQL", again, **environment, DATABASE_URL=url)
            results.append(("PostgreSQL", status, last))
    say("\n=== Bilan ===")
    for name, status, last in results:
        say(f"{name} : {last}" + ("" if status == 0 else f"  [code {status}]"))
    for reason in missing:
        say(f"{'ÉCHEC' if strict else 'NON FAIT'} — {reason}")
    failed = any(status not in (0, 5) if arguments else status for _, status, _ in results)
    return 1 if failed or (strict and missing) else 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
