"""What the other cells about an event mean: whether it takes place, where one registers, the price, the age, the access."""

import json
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from maillage.agenda.enums import Attendance, BookingBy, BookingFor, EventStatus, Price
from maillage.agenda.models.formats import LONGEST_VALUE, MOST_BOOKINGS, validate_bookings
from maillage.core.text import folded, whole_number
from maillage.directory.enums import PlaceAccess
from maillage.exchange.queries.parsing import Misread, cut, email, phone, website
from maillage.exchange.registry import Text

# The order is that of the numbers of OpenAgenda.
_STATUS = (
    EventStatus.SCHEDULED, EventStatus.RESCHEDULED, EventStatus.MOVED_ONLINE, EventStatus.POSTPONED, EventStatus.FULL,
    EventStatus.CANCELLED,
)  # fmt: skip
_STATUS_WORDS = {
    "confirmed": EventStatus.SCHEDULED, "tentative": EventStatus.SCHEDULED, "programme": EventStatus.SCHEDULED,
    "maintenu": EventStatus.SCHEDULED, "cancelled": EventStatus.CANCELLED, "canceled": EventStatus.CANCELLED,
    "annule": EventStatus.CANCELLED, "annulee": EventStatus.CANCELLED, "reporte": EventStatus.POSTPONED,
    "reportee": EventStatus.POSTPONED, "postponed": EventStatus.POSTPONED, "rescheduled": EventStatus.RESCHEDULED,
    "reprogramme": EventStatus.RESCHEDULED, "complet": EventStatus.FULL, "full": EventStatus.FULL,
    "sold out": EventStatus.FULL, "deplace en ligne": EventStatus.MOVED_ONLINE,
}  # fmt: skip
_ATTENDANCE = (Attendance.ONSITE, Attendance.ONLINE, Attendance.MIXED)
_ATTENDANCE_WORDS = {
    "sur place": Attendance.ONSITE, "offline": Attendance.ONSITE, "en ligne": Attendance.ONLINE, "online": Attendance.ONLINE,
    "mixte": Attendance.MIXED, "mixed": Attendance.MIXED, "hybride": Attendance.MIXED,
}  # fmt: skip
_FREE = ("gratuit", "entree libre", "acces libre", "free")
_AMOUNT = re.compile(r"\d\s*(?:€|euros?\b|eur\b)", re.IGNORECASE)
_NO_LIMIT = 99  # An age that means « and more ».
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"https?://[^\s,;|<>\"]+|www\.[^\s,;|<>\"]+", re.IGNORECASE)
_PHONE = re.compile(r"(?:\+33|0033|0)\s?[1-9](?:[\s.-]?\d{2}){4}")


def numbered(text: str) -> int | None:
    """The number of a code: « 3 », or `{"id": 3, …}`."""
    if text.startswith("{"):
        try:
            told = json.loads(text)
        except (ValueError, RecursionError):
            return None
        text = str(told.get("id", ""))
    return whole_number(text)


def status(text: str) -> str:
    rank = numbered(text)
    if rank is not None:
        if 1 <= rank <= len(_STATUS):
            return str(_STATUS[rank - 1])
    elif (found := _STATUS_WORDS.get(folded(text)) or _label(text, EventStatus.choices)) is not None:
        return str(found)
    raise Misread(_("« %s » ne dit pas si l'événement a lieu.") % cut(text, 80))


def attendance(text: str) -> str:
    rank = numbered(text)
    if rank is not None:
        if 1 <= rank <= len(_ATTENDANCE):
            return str(_ATTENDANCE[rank - 1])
    elif (found := _ATTENDANCE_WORDS.get(folded(text)) or _label(text, Attendance.choices)) is not None:
        return str(found)
    raise Misread(_("« %s » ne dit pas si l'événement est sur place ou en ligne.") % cut(text, 80))


def _label(text: str, choices: Any) -> str | None:
    said = folded(text)
    return next((key for key, label in choices if said in (folded(str(key)), folded(str(label)))), None)


def price(text: str) -> str:
    """« Oui » answers « gratuit ? »."""
    said = folded(text)
    if said in ("oui", "o", "vrai", "true", "yes", "x", "0") or any(word in said for word in _FREE):
        return Price.PAID if _AMOUNT.search(text) else Price.FREE
    if said in ("non", "n", "faux", "false", "no", "paid") or "payant" in said or _AMOUNT.search(text):
        return Price.PAID
    raise Misread(_("« %s » ne dit pas si c'est gratuit.") % cut(text, 80))


def age(text: str) -> int | None:
    found = whole_number(text.removesuffix(".0").strip())
    if found is None:
        raise Misread(_("Un âge est un nombre d'années."))
    return found if 0 < found < _NO_LIMIT else None


def access(value: Text) -> list[str]:
    """Codes or words of the accesses of a place; those unknown are left."""
    texts = re.split(r"[;,|]", value) if isinstance(value, str) else value
    found = []
    for text in texts:
        said = folded(text)
        if (code := _label(text, PlaceAccess.choices)) is not None:
            found.append(code)
        elif said and (
            close := next((str(key) for key, label in PlaceAccess.choices if said in folded(str(label))), "")
        ):
            found.append(close)
    return list(dict.fromkeys(found))


def bookings(value: Text) -> list[dict[str, str]]:
    """Ways to register: a JSON list of `{"type", "value"}` (our own exports say `"for"` whom too), or addresses and numbers in any
    text; those that are none are left."""
    text = value if isinstance(value, str) else " | ".join(value)
    found: list[dict[str, str]] = []
    for piece, whom in _pieces(text):
        way = _way(piece, whom)
        if way is not None and way not in found:
            found.append(way)
    return found[:MOST_BOOKINGS]


def _pieces(text: str) -> list[tuple[str, str]]:
    """Each with whom it is for, "" when it is not told."""
    if text[:1] == "[":
        try:
            told = json.loads(text)
        except (ValueError, RecursionError):
            told = []
        return [
            (str(each.get("value", "")), str(each.get("for", ""))) if isinstance(each, dict) else (str(each), "")
            for each in told
            if each
        ]
    links = _LINK.findall(text)
    rest = _LINK.sub(" ", text)
    mails = _MAIL.findall(rest)
    pieces = [*links, *mails, *_PHONE.findall(_MAIL.sub(" ", rest))]
    pieces = pieces or [part for part in re.split(r"[\s,;|]+", rest) if "." in part and "/" in part]
    return [(piece, "") for piece in pieces]


def _way(text: str, whom: str) -> dict[str, str] | None:
    text = text.strip().rstrip(".,;")
    readers = (
        (BookingBy.EMAIL, email) if "@" in text and "/" not in text
        else (BookingBy.PHONE, phone) if re.fullmatch(r"[+\d][\d\s./()-]{5,20}", text)
        else (BookingBy.LINK, website)
    )  # fmt: skip
    try:
        whom = whom if whom in BookingFor.values else str(BookingFor.PUBLIC)
        way = {"for": whom, "by": str(readers[0]), "value": readers[1](text)[:LONGEST_VALUE]}
        validate_bookings([way])
    except (Misread, ValidationError):
        return None
    return way


def place_parts(text: str) -> dict[str, str]:
    """« Muséum, 35 allées Jules-Guesde, 31000 Toulouse, France » : the name, the address, the postal code and the commune."""
    parts = [part.strip() for part in re.split(r"[,\n]|\s[–-]\s", text) if part.strip()]
    if parts and folded(parts[-1]) in ("france", "fr"):
        parts.pop()
    found: dict[str, str] = {}
    for rank, part in enumerate(parts):
        if code := re.search(r"\b(\d{5})\b\s*(.*)", part):
            found["postal_code"] = code[1]
            town = code[2].strip() or (parts[rank + 1] if rank + 1 < len(parts) else "")
            if town:
                found["commune"] = town
            before = part[: code.start()].strip()
            parts = [*parts[:rank], before] if before else parts[:rank]
            break
    else:
        if len(parts) > 1:
            found["commune"] = parts.pop()
    if parts:
        found["place_name"] = parts[0]
    if len(parts) > 1:
        found["address"] = ", ".join(parts[1:])
    return found
