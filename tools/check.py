"""`run.py check`: what continuous integration verifies; every step runs, the failures are listed at the end."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tools import catalogue, suite
from tools.machine import say

ROOT = Path(__file__).resolve().parent.parent
DOMAIN = ["enums", "signals", "validators", "registry", "models", "queries", "rules", "actions", "kit"]
ENGINES = ["core", "search", "statistics", "exchange", "linkage"]
# `check --deploy` speaks of an instance in service: HTTPS, a mail server, no debugging.
IN_SERVICE = {
    "MAILLAGE_HTTPS": "oui",
    "MAILLAGE_DEBUG": "non",
    "MAILLAGE_DEMO": "non",
    "MAILLAGE_MAIL_URL": "smtp://localhost:25",
    "DJANGO_SETTINGS_MODULE": "config.settings.base",
}
_DEPLOY = ["manage.py", "check", "--deploy", "--fail-level", "WARNING"]


def typed() -> list[str]:
    """What mypy reads: the domain half of each app, and the engines."""
    found = [ROOT / "config", *(ROOT / "maillage" / engine for engine in ENGINES)]
    for app in sorted((ROOT / "maillage").iterdir()):
        if app.name in ENGINES:
            continue
        found += [app / f"{part}.py" for part in DOMAIN] + [app / part for part in DOMAIN]
    return [str(path.relative_to(ROOT)) for path in found if path.exists()]


def templates() -> list[str]:
    return [str(path.relative_to(ROOT)) for path in sorted((ROOT / "maillage").rglob("templates/**/*.html"))]


def tool(name: str, *arguments: str) -> list[str]:
    return [str(Path(sys.executable).parent / name), *arguments]


def command(arguments: list[str], **environment: str) -> Callable[[], bool]:
    def run() -> bool:
        return subprocess.run(arguments, cwd=ROOT, env={**os.environ, **environment}, check=False).returncode == 0

    return run


def steps() -> dict[str, Callable[[], bool]]:
    python = sys.executable
    test = {"DJANGO_SETTINGS_MODULE": "config.settings.test"}
    return {
        "mise en forme": command(tool("ruff", "format", "--check", "-q", ".")),
        "règles du code": command(tool("ruff", "check", "-q", ".")),
        "mise en forme des gabarits": command(tool("djade", "--check", "--target-version", "5.2", *templates())),
        "règles des gabarits": command(tool("djlint", "--lint", "--quiet", *templates())),
        "types": command(tool("mypy", "--no-error-summary", *typed()), **test),
        "contrats d'importation": command(tool("lint-imports", "--no-cache"), **test),
        "migrations à jour": command([python, "manage.py", "makemigrations", "--check", "--dry-run"], **test),
        "réglages en service": command([python, *_DEPLOY], **IN_SERVICE),
        "catalogues de traduction": catalogue.is_compiled,
        "tests": lambda: suite.run([], strict=True) == 0,
    }


def main() -> int:
    failed = []
    for name, step in steps().items():
        begun = time.monotonic()
        held = step()
        say(f"{'  ok  ' if held else 'ÉCHEC '} {name} ({time.monotonic() - begun:.1f} s)")
        if not held:
            failed.append(name)
    say("Tout est bon." if not failed else f"À corriger : {', '.join(failed)}.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
