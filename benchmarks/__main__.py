"""`python3 run.py bench`: what pages cost, as ratios to a bare hello and a bare Django list measured in the same run.

    python3 run.py bench [--quick] [--sizes 1400 25000 100000] [--databases sqlite postgresql]
                          [--only liste recherche rapprochement pertinence] [--strict]

Ratios and aims are of processor time (see `benchmarks.measure`); milliseconds by the clock stand beside, which depend on
what else the machine does. `rapprochement` is how well and how fast look-alikes are found (`benchmarks.linkage`), `pertinence` how
well questions are answered on each database (`benchmarks.relevance`). The import of the libraries is measured at the smallest size. With `--strict`, an aim that
is missed makes the command fail.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks import relevance, stock
from tools.machine import postgresql

SHARED = Path(os.environ.get("MAILLAGE_SHARED", stock.ROOT.parent / "shared"))
LIBRARIES = SHARED / "data" / "actors" / "bibliotheques_france_2025.csv"
SIZES = [1400, 25_000, 100_000]
# What is aimed at, by the first word of the page: (reference, most at 1,400, most above), or milliseconds.
RATIOS = {"page": ("bonjour", 2.0, 2.0), "304": ("bonjour", 1.5, 1.5), "liste": ("liste nue", 6.0, 8.0)}
MILLISECONDS = {"recherche": 80, "suggestions": 30}
LINKAGE, RELEVANCE = "rapprochement", "pertinence"
MEMORY, IMPORT = 200, 60  # Megabytes, seconds.


class Report:
    """A table for each database and size; remembers what was missed."""

    def __init__(self) -> None:
        self.missed: list[str] = []

    def begin(self) -> None:
        processor = next(
            (line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "?"
        )
        print(
            f"{datetime.now().astimezone():%Y-%m-%d %H:%M %Z} · {os.cpu_count()} cœurs ({processor}) · "
            f"{platform.system()} {platform.release()} · Python {platform.python_version()}"
        )

    def show(self, kind: str, size: int, figures: dict[str, Any]) -> None:
        hello, bare, django = (figures["references"][name] for name in ("hello", "bare", "django"))
        where = f"{size} acteurs, {kind}"
        print(f"\n## {where}\n")
        print(
            f"Références, en ms de processeur : bonjour {hello:.2f} (Django seul, sans intergiciel : {django:.2f}), "
            f"liste nue {bare:.1f}. Première liste d'un processus : {figures['first'] / 1000:.1f} s.\n"
        )
        print("| mesure | CPU ms | horloge ms | × bonjour | × liste nue | but | tenu |")
        print("|---|---:|---:|---:|---:|---|---|")
        for name, (processor, clock, beside, beside_bare) in figures["pages"].items():
            ratios = {"bonjour": processor / beside, "liste nue": processor / beside_bare}
            aim, held = self._judged(where, name, size, processor, ratios)
            numbers = f"{processor:.2f} | {clock:.1f} | {ratios['bonjour']:.1f} | {ratios['liste nue']:.1f}"
            print(f"| {name} | {numbers} | {aim} | {held} |")
        used = figures["memory"]["used"]
        held = self._verdict(used <= MEMORY, f"{where} : mémoire {used} Mo")
        started = figures["memory"]["started"]
        print(f"| mémoire d'un processus web ({started} Mo au départ) | {used} Mo | | | | ≤ {MEMORY} Mo | {held} |")
        if libraries := figures.get("libraries"):
            counts, wall, cpu = libraries["counts"], libraries["wall"], libraries["cpu"]
            held = self._verdict(cpu <= IMPORT, f"{where} : import en {cpu:.0f} s")
            name = f"import des bibliothèques ({counts.get('read', 0)} lues, {counts.get('created', 0)} créées)"
            print(f"| {name} | {cpu:.1f} s | {wall:.1f} s | | | ≤ {IMPORT} s | {held} |")
        sys.stdout.flush()

    def end(self) -> None:
        print("\nTous les buts sont tenus." if not self.missed else "\nButs manqués :\n- " + "\n- ".join(self.missed))

    def _judged(self, where: str, name: str, size: int, processor: float, ratios: dict[str, float]) -> tuple[str, str]:
        first = name.split(" ", 1)[0]
        if first in RATIOS:
            reference, small, large = RATIOS[first]
            most = small if size <= SIZES[0] else large
            said = f"{where} : {name}, {ratios[reference]:.1f} × {reference}"
            return f"≤ {most:g} × {reference}", self._verdict(ratios[reference] <= most, said)
        if first in MILLISECONDS:
            limit = MILLISECONDS[first]
            return f"≤ {limit} ms", self._verdict(processor <= limit, f"{where} : {name}, {processor:.0f} ms")
        return "", ""

    def _verdict(self, held: bool, said: str) -> str:
        if not held:
            self.missed.append(said)
        return "oui" if held else "NON"


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []


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


def measured(size: int, server: str, seconds: float, *, only: list[str], with_import: bool) -> dict[str, Any]:
    with stock.lent(size, server) as environment:
        command = [sys.executable, "-m", "benchmarks.measure", "--seconds", str(seconds), "--only", *only]
        if with_import and LIBRARIES.exists():
            command += ["--libraries", str(LIBRARIES)]
        done = subprocess.run(command, cwd=stock.ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        return dict(json.loads(done.stdout.splitlines()[-1]))


def linked(quick: bool) -> list[str]:
    """Show the tables of `benchmarks.linkage`, measured in a process of its own; the aims it missed."""
    command = [sys.executable, "-m", "benchmarks.linkage", *(["--quick"] if quick else [])]
    environment = {**os.environ, "MAILLAGE_SHARED": str(SHARED)}
    done = subprocess.run(command, cwd=stock.ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    *tables, missed = done.stdout.splitlines()
    print("\n".join(tables), flush=True)
    return list(json.loads(missed))


def answered(kind: str, quick: bool) -> list[str]:
    """Show how well the search answers on a database, beside plain BM25; the aims it missed."""
    with server_of(kind) as server, stock.empty(server) as environment:
        command = [sys.executable, "-m", "benchmarks.relevance", *(["--every", "10"] if quick else [])]
        environment = {**environment, "MAILLAGE_SHARED": str(SHARED)}
        done = subprocess.run(command, cwd=stock.ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return relevance.show(kind, json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    parser = argparse.ArgumentParser(prog="run.py bench", description="Mesure les vitesses.")
    parser.add_argument("--quick", action="store_true", help="1 400 acteurs sur SQLite, sans import")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="nombres d'acteurs")
    parser.add_argument("--databases", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"])
    parser.add_argument("--only", nargs="+", default=[], help="débuts de noms de mesures, sans import ni export")
    parser.add_argument("--strict", action="store_true", help="échoue quand un but est manqué")
    chosen = parser.parse_args()
    sizes = SIZES[:1] if chosen.quick else sorted(chosen.sizes)
    report = Report()
    report.begin()
    if not chosen.only or LINKAGE in chosen.only:
        report.missed += linked(chosen.quick)
    for kind in chosen.databases if not chosen.only or RELEVANCE in chosen.only else []:
        if kind == "sqlite" or not chosen.quick:
            report.missed += answered(kind, chosen.quick)
    pages = not chosen.only or set(chosen.only) - {LINKAGE, RELEVANCE}
    for kind in [] if not pages else ["sqlite"] if chosen.quick else chosen.databases:
        with server_of(kind) as server:
            for size in sizes:
                with_import = size == sizes[0] and not chosen.quick and not chosen.only
                seconds = 0.5 if chosen.quick else 3.0
                report.show(kind, size, measured(size, server, seconds, only=chosen.only, with_import=with_import))
    report.end()
    if chosen.strict and report.missed:
        sys.exit(1)


if __name__ == "__main__":
    main()
