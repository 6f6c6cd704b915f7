"""Cursors: opaque, stable under change. A list is walked in the order of ids, which never move."""

import base64
import binascii
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.errors import HttpError

from maillage.directory.queries.published import Since


def encode(last_id: int) -> str:
    return base64.urlsafe_b64encode(f"id:{last_id}".encode()).decode().rstrip("=")


def decode(cursor: str | None) -> int:
    """The id after which to go on, 0 without cursor; HttpError 400 for one that we did not give."""
    if not cursor:
        return 0
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
        prefix, number = text.split(":", 1)
        if prefix != "id" or not number.isascii() or not number.isdecimal() or len(number) > 18:
            raise ValueError(text)
        return int(number)
    except (ValueError, binascii.Error, UnicodeDecodeError) as error:
        raise HttpError(400, "Ce curseur n'est pas de ceux que nous donnons.") from error


def since_of(updated_since: datetime | None, marker: str | None) -> Since:
    """What a program asks to be told of: what changed after the marker it was given, else from a moment on, else everything."""
    if marker is not None:
        return Since(revision=decode(marker))
    if updated_since is not None and not 1900 < updated_since.year < 9000:
        raise HttpError(422, _("Donnez une date plausible."))
    if updated_since is not None and timezone.is_naive(updated_since):
        updated_since = timezone.make_aware(updated_since)
    return Since(moment=updated_since)
