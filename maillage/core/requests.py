"""A request as it reaches a view: what the middleware put on it, for those who read types."""

from typing import Any

from django.http import HttpRequest

from maillage.core.viewer import Viewer


class Request(HttpRequest):
    """`network` is a `networks.Network` or None; `htmx` is false for a whole page."""

    network: Any
    viewer: Viewer
    htmx: Any
