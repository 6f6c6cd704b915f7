"""Cursors: opaque, stable under change. A list is walked in the order of ids, which never move."""

import base64
import binascii

from ninja.errors import HttpError


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
