"""Loading the shipped territories of France: idempotent, and never undoing what official files brought."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from maillage.core.text import slugged
from maillage.core.viewer import Viewer
from maillage.territories import rules
from maillage.territories.actions.contours import load_drawn
from maillage.territories.enums import PositionSource, TerritoryKind
from maillage.territories.models import FormerCommune, PostalCode, Release, Territory
from maillage.territories.registry import ATTRIBUTIONS, name_key, shipped
from maillage.territories.signals import commune_merged, territories_changed

_ORIGINS = {"g": PositionSource.GEONAMES, "e": PositionSource.ESTIMATED, "n": PositionSource.NONE}
_BATCH = 2000


@dataclass
class Loaded:
    """How many territories of each kind are there now, and the vanished communes that something still refers to."""

    counts: dict[str, int] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)


@transaction.atomic
def load_shipped(*, by: Viewer) -> Loaded:
    """Bring the database to the shipped state; official positions, surfaces, grids and contours are left as they are."""
    rules.may_load(by).require()
    data = shipped("france")
    loaded = Loaded()
    regions = _write(TerritoryKind.REGION, _region_rows(data))
    departments = _write(TerritoryKind.DEPARTMENT, _department_rows(data, regions))
    epcis = _write(TerritoryKind.EPCI, _epci_rows(data, departments))
    communes = _write(TerritoryKind.COMMUNE, _commune_rows(data, departments, epcis))
    _replace_links(data, communes)
    loaded.kept = _retire_vanished(data)
    load_drawn()
    for attribution in ATTRIBUTIONS:
        values = {name: value for name, value in attribution.items() if name != "key"}
        Release.objects.update_or_create(key=attribution["key"], defaults=values | {"version": data["version"]})
    for kind in TerritoryKind.values:
        loaded.counts[kind] = Territory.objects.filter(kind=kind).count()
    transaction.on_commit(lambda: territories_changed.send(sender=Territory))
    return loaded


def _write(kind: str, rows: Iterable[Territory]) -> dict[str, Territory]:
    """Insert or update `rows` by code and give them back with their keys, by code."""
    measured = {
        code: (latitude, longitude)
        for code, latitude, longitude in Territory.objects.filter(
            kind=kind, position_source=PositionSource.OFFICIAL
        ).values_list("code", "latitude", "longitude")
    }
    written = list(rows)
    for row in written:
        row.name_key = name_key(row.name)
        if row.code in measured:
            row.latitude, row.longitude = measured[row.code]
            row.position_source = PositionSource.OFFICIAL
    Territory.objects.bulk_create(
        written,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["kind", "code"],
        update_fields=[
            "name", "name_key", "slug", "region", "department", "epci", "population", "latitude", "longitude",
            "position_source",
        ],
    )  # fmt: skip
    keys = dict(Territory.objects.filter(kind=kind).order_by().values_list("code", "pk"))
    for row in written:
        row.pk = keys[row.code]
    return {row.code: row for row in written}


def _region_rows(data: dict[str, Any]) -> list[Territory]:
    region_of = {code: region for code, _name, region in data["departments"]}
    places = _gathered((region_of[line[2]], line) for line in data["communes"])
    return [
        Territory(kind=TerritoryKind.REGION, code=code, name=name, slug=f"region-{slugged(name)}", **places[code])
        for code, name in data["regions"]
    ]


def _department_rows(data: dict[str, Any], regions: dict[str, Territory]) -> list[Territory]:
    places = _gathered((line[2], line) for line in data["communes"])
    return [
        Territory(
            kind=TerritoryKind.DEPARTMENT,
            code=code,
            name=name,
            slug=f"departement-{slugged(name)}",
            region=regions[region],
            **places[code],
        )
        for code, name, region in data["departments"]
    ]


def _epci_rows(data: dict[str, Any], departments: dict[str, Territory]) -> list[Territory]:
    places = _gathered((line[3], line) for line in data["communes"])
    weights: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for line in data["communes"]:
        weights[line[3]][line[2]] += line[4] or 0
    slugs = _unique_slugs((code, slugged(name)) for code, name in data["epcis"])
    rows = []
    for code, name in data["epcis"]:
        main = departments[max(sorted(weights[code]), key=weights[code].__getitem__)]
        row = Territory(kind=TerritoryKind.EPCI, code=code, name=name, slug=slugs[code], **places[code])
        row.department, row.region = main, main.region
        rows.append(row)
    return rows


def _commune_rows(
    data: dict[str, Any], departments: dict[str, Territory], epcis: dict[str, Territory]
) -> list[Territory]:
    slugs = _unique_slugs((line[0], f"{slugged(line[1])}-{line[2].lower()}") for line in data["communes"])
    rows = []
    for code, name, department, epci, population, _postal, latitude, longitude, origin in data["communes"]:
        row = Territory(kind=TerritoryKind.COMMUNE, code=code, name=name, slug=slugs[code])
        row.department, row.epci = departments[department], epcis.get(epci)
        row.region = departments[department].region
        row.population, row.latitude, row.longitude = population, latitude, longitude
        row.position_source = _ORIGINS[origin]
        rows.append(row)
    return rows


def _unique_slugs(wanted: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Code → slug; where several ask for the same, each gets its code behind."""
    pairs = list(wanted)
    times: dict[str, int] = defaultdict(int)
    for _code, slug in pairs:
        times[slug] += 1
    return {code: slug if times[slug] == 1 else f"{slug}-{code.lower()}" for code, slug in pairs}


def _gathered(lines: Iterable[tuple[str, list[Any]]]) -> dict[str, dict[str, Any]]:
    """Group → population and middle of its communes."""
    people: dict[str, int] = defaultdict(int)
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for group, line in lines:
        people[group] += line[4] or 0
        if line[6] is not None:
            points[group].append((line[6], line[7]))
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for group, count in people.items():
        found[group] = {"population": count}
        if here := points[group]:
            found[group] |= {
                "latitude": round(sum(point[0] for point in here) / len(here), 4),
                "longitude": round(sum(point[1] for point in here) / len(here), 4),
                "position_source": PositionSource.ESTIMATED,
            }
    return found


def _replace_links(data: dict[str, Any], communes: dict[str, Territory]) -> None:
    """Postal codes and former communes are nobody's foreign key: they are simply written anew."""
    PostalCode.objects.all().delete()
    PostalCode.objects.bulk_create(
        (
            PostalCode(code=postal_code, commune=communes[line[0]])
            for line in data["communes"]
            for postal_code in line[5].split()
        ),
        batch_size=_BATCH,
    )
    FormerCommune.objects.all().delete()
    FormerCommune.objects.bulk_create(
        (
            FormerCommune(code=code, name=name, name_key=name_key(name), current=communes[current])
            for code, name, current in data["former"]
        ),
        batch_size=_BATCH,
    )


def _retire_vanished(data: dict[str, Any]) -> list[str]:
    """Communes and EPCI of an earlier state that are no more: what refers to a merged commune is told to move first."""
    here = {
        TerritoryKind.COMMUNE: {line[0] for line in data["communes"]},
        TerritoryKind.EPCI: {code for code, _name in data["epcis"]},
    }
    successors = {code: current for code, _name, current in data["former"] if code != current}
    kept = []
    for kind, codes in here.items():
        for old in Territory.objects.filter(kind=kind).only("pk", "code", "name", "kind"):
            if old.code in codes:
                continue
            if kind == TerritoryKind.COMMUNE and old.code in successors:
                new = Territory.objects.get(kind=kind, code=successors[old.code])
                commune_merged.send(sender=Territory, old=old, new=new)
            try:
                with transaction.atomic():
                    old.delete()
            except ProtectedError:
                kept.append(f"{old.name} ({old.code})")
    return kept
