"""How good tours are, and how soon: part of `python3 run.py bench` (`--only tournees`).

    python -m benchmarks.tours [--quick] [--seconds 45]    the table; the last line is JSON, the aims that were missed

Sixty requests of real communes of Occitanie and forty weeks of five days, drawn by seed; four kinds of seasons, from dates that are few
to dates that are many. The bound is what no tour exceeds, the gap how far the tour may be from the best.
"""

import argparse
import csv
import json
import os
from datetime import date, timedelta
from pathlib import Path
from random import Random
from time import monotonic

from maillage.tours.engine.covering import cover, within
from maillage.tours.engine.planning import plan
from maillage.tours.engine.season import Request, Season

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("MAILLAGE_SHARED", ROOT.parent / "shared"))
COMMUNES = "data/geography/communes_occitanie_2026.csv"
FIRST = date(2026, 9, 7)
MOST_SECONDS, MOST_GAP = 60.0, 15.0
# Name, weeks of a window, days of a stay.
KINDS = (
    ("périodes de 2 à 4 semaines", (2, 4), (2, 5)),
    ("périodes de 3 à 8 semaines", (3, 8), (2, 5)),
    ("périodes de 10 à 20 semaines", (10, 20), (2, 5)),
    ("haltes d'une semaine", (3, 8), (5, 5)),
)


def communes() -> list[dict[str, str]]:
    for folder in (SHARED, ROOT.parents[1] / "shared"):
        if (folder / COMMUNES).exists():
            with (folder / COMMUNES).open(newline="", encoding="utf-8") as file:
                return [row for row in csv.DictReader(file) if row["lat"] and row["lon"]]
    raise SystemExit(f"{SHARED / COMMUNES} manque (MAILLAGE_SHARED indique où il est).")


def season(
    rows: list[dict[str, str]],
    seed: int,
    weeks: tuple[int, int],
    days: tuple[int, int],
    *,
    asked: int = 60,
    length: int = 40,
) -> Season:
    """A fortnight at the end of the year is closed; a host has one or two windows."""
    random = Random(seed)
    working = [FIRST + timedelta(days=7 * week + day) for week in range(length) for day in range(5)]
    working = [day for day in working if not date(2026, 12, 21) <= day <= date(2027, 1, 3)]
    requests = []
    for key in range(asked):
        row = random.choice(rows)
        windows = []
        for _ in range(random.randint(1, 2)):
            begins = FIRST + timedelta(weeks=random.randrange(max(1, length - weeks[0])))
            windows.append((begins, begins + timedelta(days=7 * random.randint(*weeks) - 1)))
        people = round(min(1500, 60 + int(row["population"] or 100) ** 0.6 * random.uniform(0.5, 2)))
        point = (float(row["lat"]), float(row["lon"]))
        stay, remote = random.randint(*days), random.uniform(0, 30)
        requests.append(
            Request(key, point, stay, tuple(windows), people, remote, random.randint(0, 1), random.randrange(40))
        )
    return Season((43.6, 1.44), tuple(working), tuple(requests))


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.tours")
    parser.add_argument("--quick", action="store_true", help="une saison, en dix secondes")
    parser.add_argument("--seconds", type=float, default=45.0)
    chosen = parser.parse_args()
    rows, missed = communes(), []
    print("\n## Tournées : 60 demandes, 40 semaines\n")
    print("| saison | haltes | km | personnes | valeur | borne | écart | temps |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for name, weeks, days in KINDS[:1] if chosen.quick else KINDS:
        began = monotonic()
        found = plan(season(rows, 1, weeks, days), seconds=10.0 if chosen.quick else chosen.seconds)
        took, tour, gap = monotonic() - began, found.tour, 100 * found.gap
        print(
            f"| {name} | {len(tour.stops)} | {tour.km:.0f} | {tour.people:.0f} | {tour.objective:.0f} | {found.bound:.0f} | "
            f"{gap:.1f} % | {took:.0f} s |",
            flush=True,
        )
        if took > MOST_SECONDS or gap > MOST_GAP or tour.faults:
            missed.append(f"tournées, {name} : {gap:.1f} % en {took:.0f} s")
    began = monotonic()
    points = [(float(row["lat"]), float(row["lon"])) for row in rows]
    people = [float(row["population"] or 0) for row in rows]
    ranked = sorted(range(len(rows)), key=lambda place: -people[place])[:400]
    chosen_halts = cover(within(points, [points[place] for place in ranked], 15), people, 20)
    print(
        f"\nVingt haltes parmi 400 communes atteignent {chosen_halts.covered:.0f} habitants sur {chosen_halts.total:.0f} à 15 km de "
        f"route (écart {100 * chosen_halts.gap:.2f} %), en {monotonic() - began:.1f} s."
    )
    print(json.dumps(missed, ensure_ascii=False))


if __name__ == "__main__":
    main()
