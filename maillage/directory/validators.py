"""Identifiers of French organisations: SIREN, SIRET (La Poste included), RNA, UAI, with sentences a person can act on."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.fr import siren as stdnum_siren
from stdnum.fr import siret as stdnum_siret

_RNA = re.compile(r"^W\d[0-9A-Z]\d{7}$")
_UAI = re.compile(r"^\d{3}\d{4}[A-HJ-NPR-Z]$")
_UAI_LETTERS = "abcdefghjklmnprstuvwxyz"


def compact(value: str) -> str:
    """`value` without spaces, dots or hyphens, in capitals: how identifiers are stored."""
    return re.sub(r"[\s.\-]", "", value).upper()


def validate_siren(value: str) -> None:
    if not stdnum_siren.is_valid(value):
        raise ValidationError(_("Ce SIREN n'est pas valable : 9 chiffres, par exemple 180 089 013."), code="siren")


def validate_siret(value: str) -> None:
    if not stdnum_siret.is_valid(value):
        raise ValidationError(
            _("Ce SIRET n'est pas valable : 14 chiffres, par exemple 180 089 013 03720."), code="siret"
        )


def validate_rna(value: str) -> None:
    if not _RNA.match(value):
        raise ValidationError(
            _("Ce numéro RNA n'est pas valable : W suivi de 9 caractères, par exemple W343012345."), code="rna"
        )


def validate_uai(value: str) -> None:
    """Seven digits and a key: the letter at the digits' remainder modulo 23 in an alphabet without i, o, q."""
    if not _UAI.match(value) or _UAI_LETTERS[int(value[:7]) % 23] != value[7].lower():
        raise ValidationError(
            _("Ce code UAI n'est pas valable : 7 chiffres et une lettre clé, par exemple 0342321N."), code="uai"
        )


def validate_languages(value: object) -> None:
    if not isinstance(value, list) or not all(
        isinstance(code, str) and re.fullmatch(r"[a-z]{2,3}", code) for code in value
    ):
        raise ValidationError(_("Les langues sont une liste de codes comme « fr », « oc »."), code="languages")
