"""What the cells of a line say of a resource; what is not understood is left out, with a sentence."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from maillage.catalogue.enums import FORM_OF, Connection, Form, Kind, Power, Price, Transport
from maillage.catalogue.queries.fields import as_json
from maillage.core.text import folded, legible
from maillage.directory.enums import LANGUAGES, Licence, PlaceAccess
from maillage.exchange.queries.parsing import Misread, choice, cut, rich
from maillage.exchange.registry import Fault, Text
from maillage.networks.models import Network
from maillage.networks.queries import departments_of, vocabularies
from maillage.territories.models import Territory
from maillage.topics.enums import SchoolCycle, Vocabulary

# Words of files, and the kind that they mean; the first that is found counts.
_KINDS = (
    ("malle", Kind.KIT), ("mallette", Kind.KIT), ("exposition", Kind.EXHIBITION), ("spectacle", Kind.SHOW),
    ("animation", Kind.ACTIVITY), ("atelier", Kind.ACTIVITY), ("materiel", Kind.EQUIPMENT), ("jeu", Kind.GAME),
    ("ressources pedagogiques", Kind.METHOD), ("cours", Kind.METHOD), ("donnees", Kind.DATA), ("logiciel", Kind.DATA),
    ("video", Kind.MEDIA), ("audio", Kind.MEDIA), ("images", Kind.MEDIA), ("fiche", Kind.SHEET),
)  # fmt: skip
_CYCLES = (("maternelle", ("c1",)), ("primaire", ("c2", "c3")), ("college", ("c4",)), ("lycee", ("lycee",)))
_ACCESS = (("moteur", ("mi",)), ("visuel", ("vi",)), ("audiodescription", ("vi",)), ("auditif", ("hi",)),
           ("sous titrage", ("hi",)), ("langue des signes", ("sl",)), ("intellectuel", ("ii",)), ("mental", ("ii",)),
           ("psychique", ("pi",)))  # fmt: skip
_LINKS = URLValidator(schemes=["http", "https"])
_INTEGERS = {
    "age_min": 120, "age_max": 120, "duration": 100_000, "group_min": 32_767, "group_max": 32_767, "surface": 32_767,
    "setup_minutes": 100_000, "people": 32_767,
}  # fmt: skip
_DECIMALS = {"height": "99.99", "volume": "9999.99", "fee": "999999.99", "deposit": "999999.99"}
_CHOICES: dict[str, Any] = {
    "power": Power, "connection": Connection, "transport": Transport, "price": Price, "licence": Licence,
}  # fmt: skip
_TEXTS = {"access_notes": 300, "safety": 4000, "conditions": 4000, "pickup": 250}
_RANGES = (("age_min", "age_max"), ("group_min", "group_max"))
_SPACES = re.compile(r"\s")


class Reader:
    """Reads the words and the places of the network once; `licence` of documents whose line says none."""

    def __init__(self, network: Network, licence: str) -> None:
        self.network, self.licence = network, licence
        words = vocabularies(network)
        self.terms = {
            name: {folded(term.label): term.pk for term in words[vocabulary]}
            for name, vocabulary in (("themes", Vocabulary.THEME), ("audiences", Vocabulary.AUDIENCE))
        }

    def read(
        self, given: Mapping[str, Text], actor: int, actor_commune: int | None
    ) -> tuple[dict[str, Any], list[Fault]]:
        """Values as JSON, and what was wrong; nothing is said of what is empty."""
        line = _Line(given)
        title = line.text("title")
        kind = _kind_in(line.text("kind"))
        values: dict[str, Any] = {
            "kind": str(kind),
            "title": title[:140],
            "actor": actor,
            "summary": line.text("summary")[:300] or title[:300],
            "description": legible(rich(given.get("description", ""))),
            "website": _website(line),
            "terms": sorted({pk for name in self.terms for pk in self._terms(line, name)}),
            "cycles": line.codes("cycles", SchoolCycle.choices, _CYCLES),
            "languages": line.codes("languages", LANGUAGES.items()),
            "place_access": line.codes("access", PlaceAccess.choices, _ACCESS),
            "commune": self._commune(line, actor_commune),
            "zone": self._zone(line),
        }
        values |= {name: line.cut(name, most) for name, most in _TEXTS.items()}
        values |= {name: line.integer(name, most) for name, most in _INTEGERS.items()}
        values |= {name: line.amount(name, Decimal(most)) for name, most in _DECIMALS.items()}
        values |= {name: line.choice(name, choices) for name, choices in _CHOICES.items()}
        if not values["licence"] and FORM_OF[kind] == Form.DOCUMENT:
            values["licence"] = self.licence
        for low, high in _RANGES:
            if None not in (values[low], values[high]) and values[high] < values[low]:
                line.wrong(high, _("Le plus grand vient avant le plus petit : il est laissé."))
                values[high] = None
        if values["price"] == Price.FREE and values["fee"] not in (None, "0"):
            line.wrong("fee", _("Ce qui est gratuit n'a pas de tarif : il est laissé."))
            values["fee"] = None
        return {name: value for name, value in values.items() if value not in ("", None, [])}, line.faults

    def _terms(self, line: "_Line", name: str) -> set[int]:
        """Terms of the network named whole in a list: a label may hold a comma."""
        known, said = self.terms[name], line.given.get(name, "")
        if isinstance(said, str):
            told = f",{','.join(folded(part) for part in re.split(r'[,;|/]', said))},"
            return {pk for label, pk in known.items() if f",{label}," in told}
        line.unknown(name, [each for each in said if folded(each) not in known])
        return {known[folded(each)] for each in said if folded(each) in known}

    @cached_property
    def _communes(self) -> dict[str, int]:
        departments = departments_of(self.network)
        return dict(Territory.objects.communes().filter(department__in=departments).values_list("code", "pk"))

    @cached_property
    def _departments(self) -> dict[str, int]:
        return {key: each.pk for each in departments_of(self.network) for key in (each.code.lower(), folded(each.name))}

    def _commune(self, line: "_Line", of_actor: int | None) -> int | None:
        """Where it is fetched, when that is not at its actor's."""
        code = line.text("insee").upper()
        found = self._communes.get(code.zfill(5)) if code else None
        if code and found is None:
            line.wrong("insee", _("« %s » n'est pas une commune du réseau : elle est laissée.") % cut(code, 80))
        return None if found == of_actor else found

    def _zone(self, line: "_Line") -> list[int]:
        said = line.items("zone")
        line.unknown("zone", [each for each in said if folded(each) not in self._departments])
        return sorted({self._departments[folded(each)] for each in said if folded(each) in self._departments})


class _Line:
    """The cells of one line, and what is wrong in them."""

    def __init__(self, given: Mapping[str, Text]) -> None:
        self.given = given
        self.faults: list[Fault] = []

    def wrong(self, name: str, reason: str) -> None:
        self.faults.append(Fault(name, reason, blocking=False))

    def unknown(self, name: str, items: list[str]) -> None:
        for each in items:
            self.wrong(name, _("« %s » n'est pas l'une des réponses possibles : il est laissé.") % cut(each, 80))

    def text(self, name: str) -> str:
        value = self.given.get(name, "")
        return legible(", ".join(value) if isinstance(value, list) else value).strip()

    def cut(self, name: str, most: int) -> str:
        text = self.text(name)
        if len(text) > most:
            self.wrong(name, _("Trop long : coupé à %d caractères.") % most)
        return text[:most]

    def items(self, name: str) -> list[str]:
        value = self.given.get(name, "")
        parts = re.split(r"[,;|]", value) if isinstance(value, str) else value
        return [part.strip() for part in parts if part.strip()]

    def codes(self, name: str, choices: Iterable[tuple[Any, Any]], words: Any = ()) -> list[str]:
        """Codes or labels of choices, else what words of the cell mean."""
        told, found, rest = list(choices), [], []
        for each in self.items(name):
            try:
                found.append(choice(each, told))
            except Misread:
                known = {code for code, _label in told}
                said = [code for word, codes in words if word in folded(each) for code in codes if code in known]
                found += said
                rest += [] if said else [each]
        if words == () or isinstance(self.given.get(name), list):
            self.unknown(name, rest)
        return list(dict.fromkeys(found))

    def choice(self, name: str, choices: Any) -> str:
        text = self.text(name)
        try:
            return choice(text, choices.choices) if text else ""
        except Misread as error:
            self.wrong(name, str(error))
            return ""

    def integer(self, name: str, most: int) -> int | None:
        amount = self._number(name, r"\d{1,9}", most)
        return None if amount is None else int(amount)

    def amount(self, name: str, most: Decimal) -> str | None:
        amount = self._number(name, r"\d{1,9}(?:[.,]\d{1,9})?", most)
        return None if amount is None else str(as_json(round(amount, 2)))

    def _number(self, name: str, pattern: str, most: int | Decimal) -> Decimal | None:
        text = _SPACES.sub("", self.text(name))
        if not text:
            return None
        found = re.match(pattern, text)
        amount = Decimal(found.group().replace(",", ".")) if found else None
        if amount is None or amount > most:
            said = {"value": cut(text, 40), "most": most}
            self.wrong(name, _("« %(value)s » n'est pas un nombre de 0 à %(most)s : il est laissé.") % said)
            return None
        return amount


def _kind_in(text: str) -> Kind:
    try:
        return Kind(choice(text, Kind.choices))
    except Misread:
        return next((kind for word, kind in _KINDS if word in folded(text)), Kind.METHOD)


def _website(line: _Line) -> str:
    website = line.text("website")
    try:
        if website:
            _LINKS(website)
    except ValidationError:
        line.wrong("website", _("Ce n'est pas une adresse : elle est laissée."))
        return ""
    return website[:500]
