"""What `run.py bench` says of what it measured: tables, aims, and what was missed."""

import os
import platform
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

SMALL = 1400  # Actors up to which a list is held to the first of its two aims.
# What is aimed at, by the first word of the page: (reference, most for a small network, most above), or milliseconds.
RATIOS = {"page": ("bonjour", 2.0, 2.0), "304": ("bonjour", 1.5, 1.5), "liste": ("liste nue", 6.0, 8.0)}
MILLISECONDS = {"recherche": 80, "suggestions": 30, "mois": 300, "disponibilité": 100}
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

    def show_years(self, name: str, kind: str, years: int, figures: dict[str, Any]) -> None:
        """What so many years of contents cost (`benchmarks.years`)."""
        counts = ", ".join(f"{number} {label}" for label, number in figures["counts"].items())
        where = f"{name}, {years} {'an' if years == 1 else 'ans'}, {kind}"
        print(f"\n## {where} : {counts}\n")
        print("| mesure | requêtes | CPU ms | horloge ms | × bonjour | × liste nue | but | tenu |")
        print("|---|---:|---:|---:|---:|---:|---|---|")
        for page, (queries, processor, clock, hello, bare) in figures["pages"].items():
            ratios = {"bonjour": processor / hello, "liste nue": processor / bare}
            aim, held = self._judged(where, page, SMALL + 1, processor, ratios)
            numbers = f"{queries} | {processor:.1f} | {clock:.1f} | {ratios['bonjour']:.1f} | {ratios['liste nue']:.1f}"
            print(f"| {page} | {numbers} | {aim} | {held} |")
        sys.stdout.flush()

    def _judged(self, where: str, name: str, size: int, processor: float, ratios: dict[str, float]) -> tuple[str, str]:
        first = name.split(" ", 1)[0]
        if first in RATIOS:
            reference, small, large = RATIOS[first]
            most = small if size <= SMALL else large
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
