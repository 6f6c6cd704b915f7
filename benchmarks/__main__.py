"""`python3 run.py bench`: what pages cost, as ratios to a bare hello and a bare Django list measured in the same run.

    python3 run.py bench [--quick] [--sizes 1400 25000 100000] [--databases sqlite postgresql]
                          [--only liste recherche rapprochement pertinence tournees agenda publications catalogue] [--years 1 10 100] [--strict]

Ratios and aims are of processor time (see `benchmarks.measure`); milliseconds by the clock stand beside, which depend on
what else the machine does. `rapprochement` is how well and how fast look-alikes are found (`benchmarks.linkage`), `pertinence` how
well questions are answered on each database (`benchmarks.relevance`), `agenda`, `publications` and `catalogue` what years of contents cost
(`benchmarks.years`), `tournees` how good tours are, and how soon (`benchmarks.tours`). The import of the libraries is measured at the smallest size. With `--strict`, an aim that
is missed makes the command fail.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks import relevance, stock, years
from benchmarks.report import SMALL, Report
from benchmarks.stock import server_of

SHARED = Path(os.environ.get("MAILLAGE_SHARED", stock.ROOT.parent / "shared"))
LIBRARIES = SHARED / "data" / "actors" / "bibliotheques_france_2025.csv"
SIZES = [SMALL, 25_000, 100_000]
LINKAGE, RELEVANCE, TOURS = "rapprochement", "pertinence", "tournees"
YEARS = [1, 10, 100]


def measured(size: int, server: str, seconds: float, *, only: list[str], with_import: bool) -> dict[str, Any]:
    with stock.lent(size, server) as environment:
        command = [sys.executable, "-m", "benchmarks.measure", "--seconds", str(seconds), "--only", *only]
        if with_import and LIBRARIES.exists():
            command += ["--libraries", str(LIBRARIES)]
        done = subprocess.run(command, cwd=stock.ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        return dict(json.loads(done.stdout.splitlines()[-1]))


def apart(module: str, quick: bool) -> list[str]:
    """Show the tables of a module of benchmarks, measured in a process of its own; the aims it missed."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *(["--quick"] if quick else [])]
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
    parser.add_argument("--years", type=int, nargs="+", default=YEARS, help="années de contenus")
    parser.add_argument("--only", nargs="+", default=[], help="débuts de noms de mesures, sans import ni export")
    parser.add_argument("--strict", action="store_true", help="échoue quand un but est manqué")
    chosen = parser.parse_args()
    sizes = SIZES[:1] if chosen.quick else sorted(chosen.sizes)
    report = Report()
    report.begin()
    if not chosen.only or LINKAGE in chosen.only:
        report.missed += apart("linkage", chosen.quick)
    if not chosen.only or TOURS in chosen.only:
        report.missed += apart("tours", chosen.quick)
    for kind in chosen.databases if not chosen.only or RELEVANCE in chosen.only else []:
        if kind == "sqlite" or not chosen.quick:
            report.missed += answered(kind, chosen.quick)
    databases = ["sqlite"] if chosen.quick else chosen.databases
    for name in [each for each in years.MEASURED if not chosen.only or each in chosen.only]:
        for kind in databases:
            with server_of(kind) as server:
                for number in YEARS[:1] if chosen.quick else chosen.years:
                    report.show_years(
                        name, kind, number, years.told(name, number, server, 0.5 if chosen.quick else 2.0)
                    )
    pages = not chosen.only or set(chosen.only) - {LINKAGE, RELEVANCE, TOURS, *years.MEASURED}
    for kind in databases if pages else []:
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
