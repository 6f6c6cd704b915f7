"""What people write in columns about an actor, understood: text in, value out, `Misread` with a sentence otherwise."""

import hashlib
import html
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.richtext import sanitised
from maillage.core.text import folded, whole_number
from maillage.directory import validators
from maillage.directory.kit import LANGUAGES
from maillage.exchange.registry import Text

_WEB = URLValidator(schemes=["http", "https"])
_TAG = re.compile(
    r"</?(?:p|br|hr|ul|ol|li|h[1-4]|strong|em|a|div|span|b|i|table|blockquote|sub|sup|abbr|code|pre)\b[^<]*>",
    re.IGNORECASE,
)
_CIRCLE = re.compile(r"\s*(?:cercle\s*)?([123])\s*(?:[:–—-]\s*(.*))?", re.IGNORECASE | re.DOTALL)
_SCIENTIFIC = re.compile(r"\d[.,]\d+E\+?\d+", re.IGNORECASE)


class Misread(ValueError):
    """What is in the cell is not what the field holds."""


def one(value: Text) -> str:
    """A single text, white space tidied."""
    return " ".join((value if isinstance(value, str) else " ".join(value)).split())


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def identifier(name: str, text: str) -> str:
    """SIREN, SIRET, RNA or UAI, compacted and checked."""
    if _SCIENTIFIC.fullmatch(text.strip()):
        raise Misread(
            _("Ce numéro a été abîmé par un tableur : reformatez la colonne en texte dans le fichier d'origine.")
        )
    value = validators.compact(text.removesuffix(".0"))
    if name in ("siren", "siret") and value.isdigit():
        value = value.zfill(9 if name == "siren" else 14)
    try:
        {
            "siren": validators.validate_siren,
            "siret": validators.validate_siret,
            "rna": validators.validate_rna,
            "uai": validators.validate_uai,
        }[name](value)
    except ValidationError as error:
        raise Misread(str(error.messages[0])) from error
    return value


def postal_code(text: str) -> str:
    """Five figures; a first zero that a spreadsheet lost is put back."""
    digits = re.sub(r"\D", "", text.removesuffix(".0"))
    if len(digits) == 4:
        digits = f"0{digits}"
    if len(digits) != 5:
        raise Misread(_("Un code postal a cinq chiffres."))
    return digits


def degrees(text: str, limit: int) -> float:
    """A decimal number, with a point or a comma."""
    try:
        value = float(text.replace("°", "").replace("\u2212", "-").replace(",", ".").replace(" ", ""))
    except ValueError as error:
        raise Misread(_("Ce n'est pas un nombre de degrés, comme 43,6 ou 43.6.")) from error
    if not -limit <= value <= limit:
        raise Misread(_("Cette coordonnée est hors du globe."))
    return value


def website(text: str) -> str:
    """The first address of the cell, with its protocol."""
    text = text.strip()
    whole = re.fullmatch(r"https?://\S+", text, re.IGNORECASE) and "|" not in text and ";http" not in text
    first = text if whole else next((part for part in re.split(r"[\s|;]+", text) if "." in part), text)
    if not re.match(r"https?://", first, re.IGNORECASE):
        first = f"http://{first.removeprefix('//')}"
    try:
        _WEB(first)
    except ValidationError as error:
        raise Misread(_("Ce n'est pas une adresse de site.")) from error
    if len(first) > 300:
        raise Misread(_("Cette adresse de site est trop longue."))
    return first


def email(text: str) -> str:
    first = re.split(r"[\s|;,]+", text.strip())[0].removeprefix("mailto:").lower()
    try:
        validate_email(first)
    except ValidationError as error:
        raise Misread(_("Ce n'est pas une adresse e-mail.")) from error
    return first


def phone(text: str) -> str:
    """French numbers by pairs; others as they are."""
    text = re.split(r"\s*(?:[|/;]|\bou\b)\s*", text.strip())[0]
    digits = re.sub(r"[^\d+]", "", text)
    if digits.startswith(("+33", "0033")):
        digits = f"0{digits.removeprefix('0033').removeprefix('+33').removeprefix('0')}"
    if len(digits) == 9 and digits[0] in "123456789":
        digits = f"0{digits}"
    if re.fullmatch(r"0\d{9}", digits):
        return " ".join(digits[start : start + 2] for start in range(0, 10, 2))
    if len(digits) < 6 or len(text) > 30:
        raise Misread(_("Ce n'est pas un numéro de téléphone."))
    return text


def boolean(text: str) -> bool:
    said = folded(text)
    if said in ("oui", "o", "vrai", "true", "yes", "1", "x"):
        return True
    if said in ("non", "n", "faux", "false", "no", "0"):
        return False
    raise Misread(_("La réponse est oui ou non."))


def months(text: str) -> int:
    count = whole_number(text.removesuffix(".0").strip())
    if count is None or not 1 <= count <= 36:
        raise Misread(_("Un nombre de mois, de 1 à 36."))
    return count


def day(text: str) -> date:
    """« 2024-02-07 », an hour after it or not, or « 7/2/2024 »; no day to come."""
    written = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T].*)?", text)
    turned = re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[ T].*)?", text)
    parts = written.groups() if written else turned.groups()[::-1] if turned else ()
    try:
        found = date(*map(int, parts))
    except (TypeError, ValueError) as error:
        raise Misread(_("Ce n'est pas une date, comme 07/02/2024 ou 2024-02-07.")) from error
    if found > timezone.localdate():
        raise Misread(_("Cette date est à venir."))
    return found


def choice(text: str, choices: Iterable[tuple[Any, Any]]) -> str:
    """The key of a choice told by its key or its label."""
    said = folded(text)
    for key, label in choices:
        if said in (folded(str(key)), folded(str(label))):
            return str(key)
    raise Misread(_("« %s » n'est pas l'une des réponses possibles.") % cut(text, 80))


def language(text: str) -> str:
    """A code such as « oc », or the French name of a language."""
    if re.fullmatch(r"[a-z]{2,3}", text):
        return text
    return choice(text, LANGUAGES.items())


def rich(value: Text) -> str:
    """A rich text: HTML is reduced to what the site allows, plain text becomes paragraphs."""
    text = value if isinstance(value, str) else "\n".join(value)
    if _TAG.search(text):
        return sanitised(text)
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n|\n", text)]
    return sanitised("".join(f"<p>{html.escape(part)}</p>" for part in paragraphs if part))


def rich_cell(text: str) -> str:
    """A rich text as a cell that `rich` understands again."""
    return text if _TAG.search(text) else html.unescape(text)


def circle(value: Text) -> tuple[int, str]:
    """« 2 », « cercle 2 » or « 2 : le motif »."""
    found = _CIRCLE.fullmatch(one(value))
    if found is None:
        raise Misread(_("Un cercle est 1, 2 ou 3."))
    return int(found[1]), (found[2] or "").strip()


def derived_key(values: Mapping[str, Any]) -> str:
    """A key for a line that has none: the same line read again gives the same key, whatever the program learnt since."""
    parts = [folded(one(values.get(name, ""))) for name in ("name", "commune", "insee", "postal_code", "address")]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]
