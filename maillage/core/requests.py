"""A request as it reaches a view: what the middleware put on it, for those who read types."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

from maillage.core.viewer import Viewer


def moment(text: str) -> datetime | None:
    """The instant that a form carries (`vu`: when what it shows was read), or None when it is not one."""
    try:
        at = parse_datetime(text)
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None


class Request(HttpRequest):
    """`network` is a `networks.Network` or None; `htmx` is false for a whole page."""

    network: Any
    viewer: Viewer
    htmx: Any
