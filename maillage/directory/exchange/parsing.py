"""What people write in columns about an actor alone, understood (see `exchange.queries.parsing` for the rest)."""

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.text import folded, whole_number
from maillage.directory import validators
from maillage.directory.kit import LANGUAGES
from maillage.exchange.queries.parsing import Misread, choice, one
from maillage.exchange.registry import Text

_CIRCLE = re.compile(r"\s*(?:cercle\s*)?([123])\s*(?:[:–—-]\s*(.*))?", re.IGNORECASE | re.DOTALL)
_SCIENTIFIC = re.compile(r"\d[.,]\d+E\+?\d+", re.IGNORECASE)


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


def language(text: str) -> str:
    """A code such as « oc », or the French name of a language."""
    if re.fullmatch(r"[a-z]{2,3}", text):
        return text
    return choice(text, LANGUAGES.items())


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
