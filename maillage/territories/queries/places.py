"""What a written place says: a postal code, a name, a CEDEX office, a département, an arrondissement."""

import re
from dataclasses import dataclass

from maillage.core.text import folded
from maillage.territories.registry import typed_key

_ARRONDISSEMENT = re.compile(
    r"^(paris|lyon|marseille) 0?(\d{1,2})(?: ?(?:er|e|eme|ieme))?(?: (?:arr|arrdt|ardt|arrondissement))?$"
)
_FOREIGN_PREFIX = re.compile(r"^f\s*-?\s*(?=\d{5}\b)", re.IGNORECASE)
_POSTAL = re.compile(r"(?<!\d)(\d{2} ?\d{3})(?!\d)")
_INSEE = re.compile(r"(?<![\w])(2[ABab]\d{3})(?!\w)")
_CEDEX = re.compile(r"\bcedex ?\d*\b.*$")
_DEPARTMENT = re.compile(r"(?:^|[\s(,-])(2[ABab]|97\d|98\d|\d{2})\)?$")
_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Place:
    """A written place taken apart; every part may be empty. `name` is a comparison key, `number` five signs."""

    name: str = ""
    number: str = ""
    department: str = ""
    cedex: bool = False


def read_place(text: str) -> Place:
    """« 34322 MONTPELLIER CEDEX 5 », « Paris 12e », « St-Denis (93) » or « 31 » taken apart."""
    text = _FOREIGN_PREFIX.sub("", text[:_LIMIT].strip())
    number = department = ""
    if found := _INSEE.search(text) or _POSTAL.search(text):
        number = found[1].replace(" ", "").upper()
        text = f"{text[: found.start()]} {text[found.end() :]}"
    words = folded(text)
    cedex = bool(_CEDEX.search(words))
    words = _CEDEX.sub("", words).strip()
    if arrondissement := _ARRONDISSEMENT.match(words):
        return Place(arrondissement[1], number, "", cedex)
    if not number and not cedex and (hint := _DEPARTMENT.search(text.strip())):
        department = hint[1].upper()
        words = folded(text.strip()[: hint.start(1)])
    return Place(typed_key(words), number, department, cedex)


def postal_number(value: object) -> str:
    """A postal code as spreadsheets leave them: « 1340 », « 1340.0 », « F-01340 », « 34 000 » → five digits, else ""."""
    text = str(value if value is not None else "").strip().removesuffix(".0")
    digits = re.sub(r"^[Ff]\s*-\s*|\s", "", text)
    if not digits.isascii() or not digits.isdigit() or len(digits) not in {4, 5}:
        return ""
    return digits.zfill(5)


def insee_number(value: object) -> str:
    """An INSEE code as spreadsheets leave them, else ""."""
    text = re.sub(r"\s", "", str(value if value is not None else "")).removesuffix(".0").upper()
    text = text.zfill(5) if len(text) == 4 and text.isascii() and text.isdigit() else text
    return text if re.fullmatch(r"(?:\d{2}|2[AB])\d{3}", text, re.ASCII) else ""


def department_of(number: str) -> tuple[str, ...]:
    """The départements that a postal or INSEE number may lie in."""
    if number.startswith(("97", "98")):
        return (number[:3], "977", "978") if number.startswith("971") else (number[:3],)
    if number.startswith("20"):
        return ("2A", "2B")
    return (number[:2],) if number else ()
