"""Shapes of the JSON fields of a publication."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from maillage.directory.enums import Licence
from maillage.publications.enums import MediaKind

MOST_MEDIA = 30
IMAGE_KEYS = {"kind", "name", "alt", "credit", "licence", "caption"}
LINK_KEYS = {"kind", "url", "title", "caption"}
_TOO_LONG = 500


def validate_media(value: Any) -> None:
    """A list of `{"kind": "image", "name", "alt", "credit", "licence", "caption"}` (`alt` "" for one that is decorative) and of
    `{"kind": "audio" | "video", "url", "title", "caption"}`."""
    if not isinstance(value, list) or len(value) > MOST_MEDIA:
        raise ValidationError(_("Trente médias au plus."))
    for each in value:
        kind = each.get("kind") if isinstance(each, dict) else None
        keys = IMAGE_KEYS if kind == MediaKind.IMAGE else LINK_KEYS
        if kind not in MediaKind.values or set(each) != keys or not all(isinstance(one, str) for one in each.values()):
            raise ValidationError(_("Ce média n'est pas lisible."))
        if any(len(one) > _TOO_LONG for one in each.values()):
            raise ValidationError(_("Ce texte est trop long."))
        if kind == MediaKind.IMAGE and (not each["credit"] or each["licence"] not in Licence.values):
            raise ValidationError(_("Dites qui a fait l'image et comment elle peut être réutilisée."))
        if kind != MediaKind.IMAGE:
            URLValidator(schemes=["http", "https"])(each["url"])
            if not each["title"]:
                raise ValidationError(_("Donnez un titre à ce média."))
