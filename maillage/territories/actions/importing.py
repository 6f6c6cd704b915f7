"""Importing official files of territories: coordinates, surfaces, density grid, ruralité (CSV), contours (GeoJSON).

Columns are found by their usual names, whatever the delimiter and the encoding. All or nothing: the first wrong value
refuses the file with its line. Territories the file names but the database does not know are counted, not created.
"""

import csv
import io
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TextIO

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from maillage.core.errors import Refused
from maillage.core.text import folded
from maillage.core.viewer import Viewer
from maillage.territories import rules
from maillage.territories.enums import PositionSource, TerritoryKind
from maillage.territories.models import FormerCommune, Release, Territory
from maillage.territories.signals import territories_changed

MAX_BYTES = 200_000_000
_MAX_LINES = 500_000
_FIELD = 20_000
_RURAL = ("rural", "bourgs ruraux")
_COLUMNS = {
    "code": ("code_insee", "insee_com", "codgeo", "insee", "code_commune", "com", "code"),
    "latitude": ("lat", "latitude"),
    "longitude": ("lon", "lng", "longitude"),
    "surface_km2": ("surface_km2", "superficie_km2"),
    "density": ("densite7", "niveau_densite", "libdens", "lib_dens"),
    "rurality": ("ruralite", "niveau_ruralite"),
}


@dataclass
class Imported:
    """Lines read, territories changed, codes unknown here, and the columns (or kind of contours) recognised."""

    lines: int = 0
    changed: int = 0
    unknown: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)


def import_territories(*, by: Viewer, content: bytes, title: str) -> Imported:
    """Import a CSV or GeoJSON file; `title` names it among what the legal page credits."""
    from maillage.territories.actions.contours import import_contours

    rules.may_load(by).require()
    if len(content) > MAX_BYTES:
        raise Refused(_("Ce fichier dépasse 200 Mo."), status=400)
    if b"\0" in content[:100_000]:
        raise Refused(_("Ce fichier n'est pas du texte : un CSV ou un GeoJSON est attendu."), status=400)
    with transaction.atomic():
        if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
            imported = import_contours(content, title)
        else:
            imported = _import_table(_text(content))
        key = f"import-{folded(title).replace(' ', '-')}"[:60]
        Release.objects.update_or_create(key=key, defaults={"title": title[:200]})
        transaction.on_commit(lambda: territories_changed.send(sender=Territory))
    return imported


def _text(content: bytes) -> TextIO:
    """UTF-8 with or without a mark, else the encoding of older spreadsheets."""
    encoding = "utf-8-sig"
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        encoding = "cp1252"
    return io.TextIOWrapper(io.BytesIO(content), encoding=encoding, errors="replace", newline="")


def _import_table(stream: TextIO) -> Imported:
    header = stream.readline(_FIELD)
    delimiter = max(",;\t|", key=header.count)
    names = [_column(name) for name in next(csv.reader([header], delimiter=delimiter), [])]
    places = {
        name: names.index(alias) for name, aliases in _COLUMNS.items() for alias in reversed(aliases) if alias in names
    }
    wanted = {name: place for name, place in places.items() if name != "code"}
    if "code" not in places or not wanted:
        raise Refused(
            _("Les colonnes de ce fichier ne sont pas reconnues : il faut un code INSEE et une mesure (latitude et longitude, surface, densité, ruralité)."),
            status=400,
        )  # fmt: skip
    if ("latitude" in wanted) != ("longitude" in wanted):
        raise Refused(_("Ce fichier a une latitude sans longitude, ou l'inverse."), status=400)
    imported = Imported(found=sorted(wanted))
    communes = {commune.code: commune for commune in Territory.objects.communes()}
    communes = _recoded(communes) | communes
    changed: dict[str, Territory] = {}
    seen: set[str] = set()
    for line, row in _rows(stream, delimiter):
        imported.lines += 1
        code = _cell(row, places["code"]).zfill(5)
        if code in seen:
            continue
        seen.add(code)
        commune = communes.get(code)
        if commune is None:
            imported.unknown.append(code)
            continue
        if code != commune.code and commune.position_source == PositionSource.OFFICIAL:
            continue
        values = {name: _READ[name](_cell(row, place), line) for name, place in wanted.items()}
        if _apply(commune, values):
            changed[commune.code] = commune
    _save(list(changed.values()))
    imported.changed = len(changed)
    return imported


def _recoded(communes: dict[str, Territory]) -> dict[str, Territory]:
    """Communes that only changed their code (a new chief town), by their former one: a measure of it is still theirs."""
    same = FormerCommune.objects.filter(name_key=F("current__name_key")).exclude(code=F("current__code"))
    return {code: communes[current] for code, current in same.order_by("pk").values_list("code", "current__code")}


def _column(name: str) -> str:
    return folded(name).replace(" ", "_")


def _rows(stream: TextIO, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(_FIELD)
    reader = csv.reader(stream, delimiter=delimiter)
    line = 1
    try:
        for line, row in enumerate(reader, start=2):
            if line > _MAX_LINES:
                raise Refused(_("Ce fichier dépasse 500 000 lignes."), status=400)
            if any(cell.strip() for cell in row):
                yield line, row
    except csv.Error as error:
        sentence = _("Ligne %(line)s : cette ligne est illisible.") % {"line": line + 1}
        raise Refused(sentence, status=400) from error


def _cell(row: list[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _number(lowest: float, highest: float, label: str) -> Callable[[str, int], float | None]:
    def read(text: str, line: int) -> float | None:
        if not text:
            return None
        try:
            number = float(text.replace(",", ".").replace("\u202f", "").replace("\u00a0", ""))
        except ValueError:
            number = math.nan
        if not lowest <= number <= highest:
            sentence = _("Ligne %(line)s : « %(text)s » n'est pas une %(label)s.")
            raise Refused(sentence % {"line": line, "text": text[:40], "label": label}, status=400)
        return number

    return read


def _label(limit: int) -> Callable[[str, int], str]:
    def read(text: str, line: int) -> str:
        if len(text) > limit:
            sentence = _("Ligne %(line)s : un libellé de plus de %(limit)s caractères.")
            raise Refused(sentence % {"line": line, "limit": limit}, status=400)
        return text

    return read


_READ: dict[str, Callable[[str, int], Any]] = {
    "latitude": _number(-90, 90, "latitude"),
    "longitude": _number(-180, 180, "longitude"),
    "surface_km2": _number(0, 100_000, "surface"),
    "density": _label(60),
    "rurality": _label(80),
}


def _apply(commune: Territory, values: dict[str, Any]) -> bool:
    """Write the values that are there on `commune`; whether anything differs."""
    given = {name: value for name, value in values.items() if value not in (None, "")}
    if "latitude" in given or "longitude" in given:
        if not {"latitude", "longitude"} <= given.keys():
            given.pop("latitude", None)
            given.pop("longitude", None)
        else:
            given["position_source"] = PositionSource.OFFICIAL
    if "density" in given:
        given["is_rural"] = folded(given["density"]).startswith(_RURAL)
    before = {name: getattr(commune, name) for name in given}
    for name, value in given.items():
        setattr(commune, name, value)
    return before != given


WRITTEN = ["latitude", "longitude", "position_source", "surface_km2", "density", "rurality", "is_rural"]


def _save(communes: list[Territory]) -> None:
    """One upsert: thirty thousand separate updates would take minutes."""
    Territory.objects.bulk_create(
        communes, batch_size=2000, update_conflicts=True, unique_fields=["kind", "code"], update_fields=WRITTEN
    )


def save_measures(rows: dict[str, dict[str, Any]]) -> int:
    """Write measures by INSEE code (`latitude`, `longitude`, `surface_km2`…) and return how many communes changed."""
    communes = Territory.objects.filter(kind=TerritoryKind.COMMUNE, code__in=list(rows))
    changed = [commune for commune in communes if _apply(commune, rows[commune.code])]
    _save(changed)
    return len(changed)
