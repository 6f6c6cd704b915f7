"""`python3 run.py bench`: what pages cost, as ratios to a bare hello and a bare Django list measured in the same run.

    python3 run.py bench [--quick] [--sizes 1400 25000 100000] [--databases sqlite postgresql]

Everything is made in a folder and a database to throw away. Ratios are of processor time; beside them, milliseconds by
the clock, which depend on what else the machine does. The import of the libraries is only measured at 1,400 actors.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools.machine import postgresql

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("MAILLAGE_SHARED", ROOT.parent / "shared"))
LIBRARIES = SHARED / "data" / "actors" / "bibliotheques_france_2025.csv"
SIZES = [1400, 25_000, 100_000]
# What is aimed at: scenario → (reference, ratio at 1,400, ratio at 100,000), or milliseconds.
RATIOS = {
    "page gardée": ("bonjour", 2.0, 2.0),
    "304": ("bonjour", 1.5, 1.5),
    "liste": ("liste nue", 6.0, 8.0),
    "liste filtrée": ("liste nue", 6.0, 8.0),
}
MILLISECONDS = {"recherche": 80, "recherche corrigée": 80, "liste cherchée": 80, "suggestions": 30}


@contextmanager
def database(kind: str) -> Iterator[str]:
    """A DATABASE_URL to throw away ("" is SQLite); raises when there is no PostgreSQL."""
    if kind == "sqlite":
        yield ""
        return
    import psycopg

    with postgresql() as url:
        if not url:
            raise SystemExit("PostgreSQL : aucun serveur ni paquet ici (apt-get install postgresql).")
        name = f"maillage_bench_{os.getpid()}"
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f'CREATE DATABASE "{name}"')
            try:
                yield f"{url.rsplit('/', 1)[0]}/{name}"
            finally:
                server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def measure(kind: str, size: int, seconds: float, *, with_import: bool) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="maillage-bench-") as folder, database(kind) as url:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("MAILLAGE_")},
            "MAILLAGE_VAR": folder,
            "DATABASE_URL": url,
            "MAILLAGE_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        }
        command = [sys.executable, "-m", "benchmarks.measure", "--size", str(size), "--seconds", str(seconds)]
        if with_import and LIBRARIES.exists():
            command += ["--libraries", str(LIBRARIES)]
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        return dict(json.loads(done.stdout.splitlines()[-1]))


def show(kind: str, size: int, figures: dict[str, Any]) -> None:
    pages = figures["pages"]
    hello, bare = pages["bonjour"][0], pages["liste nue"][0]
    print(
        f"\n## {size} acteurs, {kind} (construits en {figures['built']:.0f} s ; {figures['memory']} Mo par processus web)\n"
    )
    print("| mesure | CPU ms | horloge ms | × bonjour | × liste nue | but | |")
    print("|---|---:|---:|---:|---:|---|---|")
    for name, (cpu, clock) in pages.items():
        aim, held = "", ""
        if name in RATIOS:
            reference, small, large = RATIOS[name]
            most = small if size <= 1400 else large
            aim, held = f"≤ {most:g} × {reference}", "oui" if cpu / pages[reference][0] <= most else "NON"
        elif name in MILLISECONDS:
            aim, held = f"≤ {MILLISECONDS[name]} ms", "oui" if clock <= MILLISECONDS[name] else "NON"
        print(f"| {name} | {cpu:.2f} | {clock:.1f} | {cpu / hello:.1f} | {cpu / bare:.1f} | {aim} | {held} |")
    print(f"| mémoire | {figures['memory']} Mo | | | | ≤ 200 Mo | {'oui' if figures['memory'] <= 200 else 'NON'} |")
    if libraries := figures.get("libraries"):
        counts, held = libraries["counts"], "oui" if libraries["wall"] <= 60 else "NON"
        print(
            f"| import des bibliothèques ({counts.get('read', 0)} lues, {counts.get('created', 0)} créées) | "
            f"{libraries['cpu'] * 1000:.0f} | {libraries['wall'] * 1000:.0f} | | | ≤ 60 s | {held} |"
        )
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(prog="run.py bench", description="Mesure les vitesses.")
    parser.add_argument("--quick", action="store_true", help="1 400 acteurs sur SQLite, sans import")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--databases", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"])
    chosen = parser.parse_args()
    sizes = [1400] if chosen.quick else chosen.sizes
    for kind in ["sqlite"] if chosen.quick else chosen.databases:
        for size in sizes:
            with_import = size == min(sizes) and not chosen.quick
            show(kind, size, measure(kind, size, 0.5 if chosen.quick else 2.0, with_import=with_import))


if __name__ == "__main__":
    main()
