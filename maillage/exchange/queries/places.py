"""Where the lines of a file are: their communes, within the perimeter of the network."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from maillage.core.geo import distance_km
from maillage.exchange.queries import parsing
from maillage.exchange.queries.doubting import Doubts
from maillage.exchange.registry import Fault, Prepared, Text
from maillage.networks.models import Network
from maillage.territories.enums import TerritoryKind
from maillage.territories.models import Territory
from maillage.territories.queries.index import commune_index
from maillage.territories.queries.resolver import CommuneResolver


class Place:
    """Communes of lines, within the perimeter of the network."""

    def __init__(self, network: Network, *, only_perimeter: bool) -> None:
        self.resolver = CommuneResolver(commune_index())
        self.doubts = Doubts(self.resolver.index)
        self.communes: dict[int, Territory] = {}
        self.only_perimeter = only_perimeter
        ids: dict[str, set[int]] = {kind: set() for kind in TerritoryKind.values}
        for pk, kind in network.perimeter.values_list("pk", "kind"):
            ids[kind].add(pk)
        self.inside: set[int] = set()
        self.departments: set[str] = set()
        self.everywhere = not any(ids.values())
        if not self.everywhere and only_perimeter:
            rows = Territory.objects.communes().values_list(
                "pk", "epci_id", "department_id", "region_id", "department__code"
            )
            for pk, epci, department, region, code in rows.iterator():
                if (
                    pk in ids[TerritoryKind.COMMUNE]
                    or epci in ids[TerritoryKind.EPCI]
                    or department in ids[TerritoryKind.DEPARTMENT]
                    or region in ids[TerritoryKind.REGION]
                ):
                    self.inside.add(pk)
                    self.departments.add(code or "")
        self.limited = only_perimeter and not self.everywhere

    def may_concern(self, values: Mapping[str, Text]) -> bool:
        """False when a code alone says that the line is elsewhere; cheap, since most lines of a national file are."""
        if not self.limited:
            return True
        code = parsing.one(values.get("insee", "")).removesuffix(".0") or self._postal(values)
        if len(code) == 4:
            code = f"0{code}"
        if len(code) != 5:
            return True
        prefix = code[:3] if code[:2] in ("97", "98") else code[:2]
        if prefix in self.departments:
            return True
        if prefix == "20":
            return bool({"2A", "2B"} & self.departments)
        # A few communes are served from a neighbouring département: their postal code does not tell where they are.
        return "insee" not in values and any(
            known.pk in self.inside for known in self.resolver.index.by_postal.get(code, ())
        )

    @staticmethod
    def _postal(values: Mapping[str, Text]) -> str:
        try:
            return parsing.postal_code(parsing.one(values.get("postal_code", "")))
        except parsing.Misread:
            return ""

    def locate(
        self,
        line: Prepared,
        data: dict[str, Any],
        values: Mapping[str, Text],
        *,
        whole: bool = False,
        required: bool = True,
    ) -> None:
        """Set `commune`, `latitude`, `longitude` of `data`; a line outside the perimeter is marked as skipped.

        A `whole` one says all there is to say: nothing is guessed from what it leaves empty. One not `required` to be
        anywhere has no fault when nothing says where it is.
        """
        self._point(line, data, values)
        told = {name: parsing.one(values.get(name, "")) for name in ("postal_code", "commune", "insee", "department")}
        if whole and not (told["commune"] or told["insee"]):
            return
        found = self.resolver.resolve(
            postal_code=data.get("postal_code") or told["postal_code"],
            city=told["commune"],
            insee=told["insee"],
            department=told["department"],
        )
        commune = found.commune
        if commune is None and "latitude" in data:
            commune = self._nearest(data, found.candidates)
        if commune is None:
            if any(told.values()) or "latitude" in data:
                field = next(
                    (name for name in ("commune", "postal_code", "insee", "department") if told[name]), "latitude"
                )
                reason = (
                    _("Plusieurs communes sont possibles : %s…") % ", ".join(each.name for each in found.candidates[:4])
                    if found.candidates
                    else _("Aucune commune ne correspond.")
                )
                line.faults.append(Fault(field, reason))
            elif required:
                line.faults.append(Fault("commune", _("Rien ne dit dans quelle commune cela se trouve.")))
            return
        if self.limited and commune.pk not in self.inside:
            line.skipped = True
        else:
            line.faults += self.doubts.about(commune, found.how, told)
        data["commune"] = commune.pk
        if not whole and not data.get("postal_code") and len(commune.postal_codes) == 1:
            data["postal_code"] = commune.postal_codes[0]

    def _point(self, line: Prepared, data: dict[str, Any], values: Mapping[str, Text]) -> None:
        texts = parsing.one(values.get("latitude", "")), parsing.one(values.get("longitude", ""))
        if not all(texts):
            return
        try:
            latitude, longitude = parsing.degrees(texts[0], 90), parsing.degrees(texts[1], 180)
        except parsing.Misread as error:
            line.faults.append(Fault("latitude", str(error), blocking=False))
            return
        if latitude == 0 and longitude == 0:
            return
        if abs(latitude) < 12 and 41 <= longitude <= 52:
            latitude, longitude = longitude, latitude
            line.faults.append(
                Fault("latitude", _("Latitude et longitude étaient inversées."), blocking=False, doubt=True)
            )
        data["latitude"], data["longitude"] = latitude, longitude

    def _nearest(self, data: Mapping[str, Any], among: Sequence[Any]) -> Any:
        """The commune whose centre is nearest, among the possible ones, else among all within some twenty kilometres."""
        latitude, longitude = data["latitude"], data["longitude"]
        communes = [each for each in among or self.resolver.index.by_pk.values() if each.latitude is not None]
        near = [
            (distance_km(latitude, longitude, each.latitude or 0.0, each.longitude or 0.0), each.pk, each)
            for each in communes
            if abs(each.latitude - latitude) < 0.2 and abs(each.longitude - longitude) < 0.3
        ]
        return min(near)[2] if near else None

    def fetch(self, lines: Iterable[Mapping[str, Any]]) -> None:
        """The territories of a chunk, in one query; those of the chunk before are let go."""
        wanted = {data["commune"] for data in lines if "commune" in data}
        self.communes = Territory.objects.select_related("department").in_bulk(wanted) if wanted else {}

    def commune(self, data: Mapping[str, Any]) -> Territory | None:
        return self.communes.get(data.get("commune", 0))

    def name_of(self, data: Mapping[str, Any]) -> str:
        known = self.resolver.index.by_pk.get(data.get("commune", 0))
        return known.name if known is not None else ""

    def department_of(self, data: Mapping[str, Any]) -> str:
        known = self.resolver.index.by_pk.get(data.get("commune", 0))
        return known.department if known is not None else ""
