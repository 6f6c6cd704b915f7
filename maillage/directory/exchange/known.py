"""What an import needs to know once: the actors there are, by key and by likeness, and where places are."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from maillage.core.geo import distance_km
from maillage.directory.enums import ListingState
from maillage.directory.exchange import parsing
from maillage.directory.exchange.doubting import Doubts
from maillage.directory.models import Actor, Identifier, Listing
from maillage.directory.queries.lookalikes import Match, matches, model_of, records_of
from maillage.exchange.registry import Fault, Prepared, Text
from maillage.linkage.queries.index import GrowingIndex
from maillage.linkage.queries.records import Record
from maillage.networks.models import Network
from maillage.territories.enums import TerritoryKind
from maillage.territories.models import Territory
from maillage.territories.queries.index import commune_index
from maillage.territories.queries.resolver import CommuneResolver

Key = tuple[str, str]


class Known:
    """Actors of every network by key, those of this one by likeness."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.keys: dict[Key, int] = {
            (scheme, value): pk for pk, scheme, value in Identifier.objects.values_list("actor_id", "scheme", "value")
        }
        rows = Actor.objects.values_list("pk", "slug", "siret", "rna", "uai")
        slugs = {}
        for pk, slug, siret, rna, uai in rows.order_by("-pk").iterator():
            slugs[pk] = slug
            for name, value in (("siret", siret), ("rna", rna), ("uai", uai)):
                if value:
                    self.keys[name, value] = pk
        listings = Listing.objects.filter(network=network)
        self.listed = set(listings.values_list("actor_id", flat=True))
        # The address of a sheet only leads to it in the network that lists it.
        self.keys.update({("slug", slugs[pk]): pk for pk in self.listed if pk in slugs})
        elsewhere = Listing.objects.filter(state=ListingState.PUBLISHED).exclude(network=network)
        self.shown_elsewhere = set(elsewhere.values_list("actor_id", flat=True))
        self.names: dict[Hashable, str] = {}
        self.reserved: set[int] = set()
        self._index: GrowingIndex | None = None

    @property
    def index(self) -> GrowingIndex:
        """The network's actors, and the lines of the file as they come."""
        if self._index is None:
            self._index = GrowingIndex(records_of(self.network), model_of(self.network))
            self.names.update({key: record.name for key, record in self._index.records.items()})
        return self._index

    def alike(self, record: Record) -> list[Match]:
        return matches(self.index, record)

    def add(self, record: Record) -> None:
        self.index.put(record)
        self.names[record.key] = record.name

    def find(self, keys: Iterable[Key]) -> int | None:
        return next((self.keys[key] for key in keys if key in self.keys), None)

    def may_use(self, actor_id: int) -> bool:
        return actor_id in self.listed or actor_id in self.shown_elsewhere

    def reserve(self, keys: Iterable[Key]) -> None:
        """Keys of a line about to be created: a second one with the same in the chunk is not."""
        self.reserved.add(-1)
        for key in keys:
            self.keys[key] = -1

    def learn(self, actor_id: int, keys: Iterable[Key]) -> None:
        self.listed.add(actor_id)
        for key in keys:
            self.keys[key] = actor_id


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

    def locate(self, line: Prepared, data: dict[str, Any], values: Mapping[str, Text]) -> None:
        """Set `commune`, `latitude`, `longitude` of `data`; a line outside the perimeter is marked as skipped.

        A whole sheet, known by its address, says all there is to say: nothing is guessed from what it leaves empty.
        """
        self._point(line, data, values)
        told = {name: parsing.one(values.get(name, "")) for name in ("postal_code", "commune", "insee", "department")}
        whole = bool(data.get("slug"))
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
            else:
                line.faults.append(Fault("commune", _("Rien ne dit dans quelle commune se trouve cet acteur.")))
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
            (distance_km(latitude, longitude, each.latitude, each.longitude), each.pk, each)
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
