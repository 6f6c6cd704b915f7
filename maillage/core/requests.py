"""A request as it reaches a view: what the middleware put on it, for those who read types."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import reverse

from maillage.core.viewer import Viewer


class Request(HttpRequest):
    """`network` is a `networks.Network` or None; `htmx` is false for a whole page."""

    network: Any
    viewer: Viewer
    htmx: Any


def query_before(request: Any) -> str:
    """The query of the page that htmx asks from, as the browser tells it; "" when what it tells is no address."""
    try:
        return urlsplit(request.htmx.current_url or "").query
    except ValueError:
        return ""


def same_page(request: HttpRequest, **values: Any) -> str:
    """The address asked for, with other `values` in it: that of the same page of something else."""
    asked: Any = request.resolver_match
    address = reverse(asked.view_name, kwargs={**asked.kwargs, **values})
    query = request.META.get("QUERY_STRING", "")
    return f"{address}?{query}" if query else address
