"""What people write in cells, understood, whatever it is about: text in, value out, `Misread` with a sentence otherwise."""

import html
import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

from maillage.core.richtext import sanitised
from maillage.core.text import folded
from maillage.exchange.registry import Text

_WEB = URLValidator(schemes=["http", "https"])
_TAG = re.compile(
    r"</?(?:p|br|hr|ul|ol|li|h[1-4]|strong|em|a|div|span|b|i|table|blockquote|sub|sup|abbr|code|pre)\b[^<]*>",
    re.IGNORECASE,
)


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


def choice(text: str, choices: Iterable[tuple[Any, Any]]) -> str:
    """The key of a choice told by its key or its label."""
    said = folded(text)
    for key, label in choices:
        if said in (folded(str(key)), folded(str(label))):
            return str(key)
    raise Misread(_("« %s » n'est pas l'une des réponses possibles.") % cut(text, 80))


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
