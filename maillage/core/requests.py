"""A request as it reaches a view: what the middleware put on it, for those who read types."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from maillage.core.viewer import Viewer


class Request(HttpRequest):
    """`network` is a `networks.Network` or None; `htmx` is false for a whole page."""

    network: Any
    viewer: Viewer
    htmx: Any


def same_page(request: HttpRequest, **values: Any) -> str:
    """The address asked for, with other `values` in it: that of the same page of something else."""
    asked: Any = request.resolver_match
    address = reverse(asked.view_name, kwargs={**asked.kwargs, **values})
    query = request.META.get("QUERY_STRING", "")
    return f"{address}?{query}" if query else address
