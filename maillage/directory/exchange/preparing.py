"""The values of a line, understood: texts in, `Prepared` out, what is wrong told field by field."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from maillage.core.text import folded
from maillage.directory.enums import ListingState, PlaceAccess, PositionQuality
from maillage.directory.exchange import parsing as own
from maillage.directory.exchange.fields import SCHEMES, VOCABULARIES
from maillage.directory.exchange.referring import Zones
from maillage.directory.models import Actor
from maillage.exchange.queries import parsing
from maillage.exchange.queries.files import clean
from maillage.exchange.queries.places import Place
from maillage.exchange.registry import Fault, Prepared, Text
from maillage.networks.models import Network
from maillage.networks.queries import vocabularies
from maillage.topics.models import Term

CODES = ("siret", "siren", "rna", "uai")
_LIMITS = {
    "address": 250, "contact_name": 120, "summary": 300, "acronym": 40, "access_notes": 300, "image_alt": 200,
    "image_credit": 120, "source": 120,
}  # fmt: skip
_PARSERS: dict[str, Callable[[str], Any]] = {
    "website": parsing.website,
    "email": parsing.email,
    "phone": parsing.phone,
    "postal_code": parsing.postal_code,
    "contact_is_public": parsing.boolean,
    "update_rhythm": own.months,
    "position_quality": lambda text: parsing.choice(text, PositionQuality.choices),
}
_LISTS: dict[str, Callable[[str], str]] = {
    "languages": own.language,
    "place_access": lambda text: parsing.choice(text, PlaceAccess.choices),
}
PLAIN = (*_LIMITS, *_PARSERS, *_LISTS, "description")
WRITTEN = (*PLAIN, *CODES, "name", "kind", "latitude", "longitude")
_UNCHECKED = {
    field.name
    for field in Actor._meta.fields
    if field.is_relation or field.name in ("slug", "name_key", "image", "provenance")
}


def reads_as(field: str, held: Any, given: Any) -> bool:
    """Whether what an actor holds, once in a cell, would be read as `given`."""
    if not isinstance(held, str) or not held:
        return False
    if field == "website" and held == str(given).replace("http://", "https://", 1):
        return True  # A file that tells no protocol, or the old one, does not take the sure one away.
    cell = clean(parsing.rich_cell(held) if field == "description" else held)
    try:
        return _understood(field, cell) == given
    except parsing.Misread:
        return False


def _understood(field: str, text: str) -> Any:
    if field == "description":
        return parsing.rich(text)
    if field in CODES:
        return own.identifier(field, text)
    tidied = parsing.one(text)
    if field in _PARSERS:
        return _PARSERS[field](tidied)
    return parsing.cut(tidied, _LIMITS.get(field, 200))


class Preparer:
    """What every line needs to be understood, read once; a line then costs no query."""

    def __init__(self, network: Network, place: Place, scheme: str) -> None:
        self.place, self.scheme = place, scheme
        self.terms: dict[str, dict[str, Term]] = defaultdict(dict)
        self.term_by_id: dict[int, Term] = {}
        for vocabulary, terms in vocabularies(network).items():
            for term in terms:
                self.term_by_id[term.pk] = term
                self.terms[vocabulary][folded(term.label)] = term
                self.terms[vocabulary][folded(term.slug)] = term
        self._zones: Zones | None = None

    def prepare(self, number: int, values: Mapping[str, Text]) -> Prepared:
        line = Prepared(number)
        if not self.place.may_concern(values):
            line.skipped = True
            return line
        data: dict[str, Any] = {}
        name = parsing.one(values.get("name", ""))
        if not name:
            line.faults.append(Fault("name", _("Le nom manque.")))
        data["name"] = parsing.cut(name, 200)
        if slug := parsing.one(values.get("slug", "")):
            data["slug"] = slug[:100]
        for field in PLAIN:
            if field in values:
                self._plain(line, data, field, values[field])
        for field in CODES:
            if text := parsing.one(values.get(field, "")):
                self._read(line, data, field, lambda field=field, text=text: own.identifier(field, text), blocking=True)
        if "siret" in data and not slug:
            data.setdefault("siren", data["siret"][:9])
        self._others(line, data, values)
        self._vocabularies(line, data, values)
        self._zone(line, data, values)
        self._identifiers(data, values)
        self._circle(line, data, values)
        self.place.locate(line, data, values, whole=bool(slug))
        line.data, line.label = data, data["name"]
        line.detail = " · ".join(part for part in (self.place.name_of(data), self._family_name(data)) if part)
        if not line.skipped and not line.faults_blocking:
            self._clean(line)
        return line

    def _others(self, line: Prepared, data: dict[str, Any], values: Mapping[str, Text]) -> None:
        if kind := values.get("kind"):
            data["kind"] = (
                "person" if folded(parsing.one(kind)).startswith(("person", "independant")) else "organisation"
            )
        if parent := parsing.one(values.get("parent", "")):
            data["parent"] = parent
        if state := parsing.one(values.get("listing_state", "")):
            self._read(line, data, "listing_state", lambda: parsing.choice(state, ListingState.choices))
        if day := parsing.one(values.get("confirmed_at", "")):
            self._read(line, data, "confirmed_at", lambda: own.day(day).isoformat())

    def _read(self, line: Prepared, data: dict[str, Any], field: str, read: Any, *, blocking: bool = False) -> None:
        try:
            data[field] = read()
        except parsing.Misread as error:
            line.faults.append(Fault(field, str(error), blocking=blocking))

    def _plain(self, line: Prepared, data: dict[str, Any], field: str, value: Text) -> None:
        """A contact that cannot be used is left out and told; it does not keep the actor away."""
        if field == "description":
            if text := parsing.rich(value):
                data[field] = text
            return
        if field in _LISTS:
            self._list(line, data, field, value)
            return
        text = parsing.one(value)
        if field in _PARSERS and isinstance(value, list):
            text = next(iter(value), "")
        if not text:
            return
        if field == "acronym" and len(text) > _LIMITS[field]:
            line.faults.append(Fault(field, _("Ce sigle est trop long."), blocking=False))
        else:
            self._read(line, data, field, lambda: _understood(field, text))

    def _list(self, line: Prepared, data: dict[str, Any], field: str, value: Text) -> None:
        found = []
        for text in [value] if isinstance(value, str) else value:
            try:
                found.append(_LISTS[field](text.strip()))
            except parsing.Misread as error:
                line.faults.append(Fault(field, str(error), blocking=False))
        if found:
            data[field] = list(dict.fromkeys(found))

    def _vocabularies(self, line: Prepared, data: dict[str, Any], values: Mapping[str, Text]) -> None:
        terms: list[int] = []
        for field, vocabulary in VOCABULARIES.items():
            given = values.get(field) or []
            for text in [given] if isinstance(given, str) else given:
                term = self.terms[vocabulary].get(folded(text))
                if term is None:
                    reason = _("« %s » n'est pas dans le vocabulaire du réseau.") % parsing.cut(text, 80)
                    line.faults.append(Fault(field, reason, blocking=False))
                elif field == "family":
                    data.setdefault("family", term.pk)
                else:
                    terms.append(term.pk)
        if terms:
            data["terms"] = sorted(set(terms))

    def _zone(self, line: Prepared, data: dict[str, Any], values: Mapping[str, Text]) -> None:
        if not (given := values.get("zone")):
            return
        if self._zones is None:
            self._zones = Zones(self.place.resolver.index)
        found = set()
        for text in [given] if isinstance(given, str) else given:
            try:
                found.add(self._zones.find(text))
            except parsing.Misread as error:
                line.faults.append(Fault("zone", str(error), blocking=False))
        if found:
            data["zone"] = sorted(found)

    def _identifiers(self, data: dict[str, Any], values: Mapping[str, Text]) -> None:
        """In a whole sheet each one says its source; elsewhere there is one, the source's own."""
        identifiers = {}
        given = values.get("identifier") or ""
        if data.get("slug"):
            for text in [given] if isinstance(given, str) else given:
                scheme, told, value = text.partition("=")
                if told and value.strip():
                    identifiers[scheme.strip()[:40]] = value.strip()[:80]
        elif text := parsing.one(given):
            identifiers[self.scheme] = text[:80]
        for scheme in SCHEMES:
            if text := parsing.one(values.get(f"identifier:{scheme}", "")):
                identifiers[scheme] = text.rstrip("/").rsplit("/", 1)[-1][:80]
        if not data.get("slug") and not identifiers and not data.keys() & set(CODES):
            identifiers[f"liste:{self.scheme}"[:40]] = own.derived_key(values)
        if identifiers:
            data["identifiers"] = identifiers

    def _circle(self, line: Prepared, data: dict[str, Any], values: Mapping[str, Text]) -> None:
        if not values.get("circle"):
            return
        try:
            number, reason = own.circle(values["circle"])
        except parsing.Misread as error:
            line.faults.append(Fault("circle", str(error)))
            return
        data["circle"] = number
        if day := parsing.one(values.get("circle_since", "")):
            self._read(line, data, "circle_since", lambda: own.day(day).isoformat())
        reason = parsing.one(values.get("circle_reason", "")) or reason
        if data.get("slug"):
            data["circle_reason"] = parsing.cut(reason, 300)
            return
        data["circle_reason"] = parsing.cut(
            _("Proposé à l'import : %s") % reason if reason else _("Proposé à l'import."), 300
        )

    def _family_name(self, data: Mapping[str, Any]) -> str:
        term = self.term_by_id.get(data.get("family", 0))
        return term.label if term is not None else ""

    def _clean(self, line: Prepared) -> None:
        """The checks of the model itself, so that nothing prepared can fail to be written."""
        values = {name: line.data[name] for name in WRITTEN if name in line.data}
        try:
            Actor(**values).clean_fields(exclude=_UNCHECKED)
        except ValidationError as error:
            for field, messages in error.message_dict.items():
                line.faults.append(Fault(field, messages[0]))
