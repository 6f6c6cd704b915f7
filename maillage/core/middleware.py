"""What is refused at the door: what no database keeps (a NUL in an address, a parameter, a form or the key of a session), and
methods that pages do not have."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    JsonResponse,
    QueryDict,
    UnreadablePostError,
)
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

_OF_PAGES = ("GET", "HEAD", "POST")
_PROGRAMS = "/api/"  # Their bodies are JSON, which the schema of the API checks.


class PageMethods:
    """405 for a method that no page has: a view that asks nothing of it would answer as to GET. The API has its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponse | None:
        if request.method in _OF_PAGES or request.path.startswith(_PROGRAMS):
            return None
        return HttpResponseNotAllowed(_OF_PAGES)


class NoNul:
    """400 before any view reads it, so that no view need think of it. Stands before the session is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if "\0" in request.path or "\0" in key or (request.META.get("QUERY_STRING") and _has_nul(request.GET)):
            return _refused(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponse | None:
        if request.method != "POST" or request.path.startswith(_PROGRAMS):
            return None
        try:
            return _refused(request) if _has_nul(request.POST) else None
        except UnreadablePostError:  # Whoever sends went away: the view meets it as it would have.
            return None


def _has_nul(params: QueryDict) -> bool:
    return any("\0" in value for _name, values in params.lists() for value in values)


def _refused(request: HttpRequest) -> HttpResponse:
    """Nothing is asked of the network or the session to say it."""
    sentence = _("L'adresse ou le formulaire contient un caractère que rien ne peut enregistrer. Rien n'a été changé.")
    if request.path.startswith(_PROGRAMS):
        body = {"type": "about:blank", "title": "Demande incorrecte", "status": 400, "detail": sentence}
        return JsonResponse(
            body, status=400, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False}
        )
    return HttpResponse(render_to_string("400.html", {"sentence": sentence}), status=400)
