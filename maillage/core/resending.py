"""A form sent too late, or after the session ended: what was typed comes back, to be sent again by a button."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

_MOST = 300_000  # Characters that a page gives back; more is a file pasted into a field.
_OF_THE_PROGRAM = {"csrfmiddlewaretoken"}
_LEGIBLE = 12  # Characters from which a value is shown: keys and choices would say nothing to who typed.


def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a form that comes from a page of this very site; none where it may come from elsewhere.

    Given back with a fresh token, a foreign form would be sent by the hand of who reads it. A secret is never given back.
    """
    fields = [(name, value) for name, values in request.POST.lists() for value in values if name not in _OF_THE_PROGRAM]
    is_secret = any("password" in name for name, _value in fields)
    is_short = sum(len(name) + len(value) for name, value in fields) <= _MOST
    return fields if _is_ours(request) and is_short and not is_secret else []


def _is_ours(request: HttpRequest) -> bool:
    return request.headers.get("Origin", "") == f"{request.scheme}://{request.get_host()}"


def page_before(request: HttpRequest) -> str:
    """Where to come back to after signing in: the page asked for, or the one whose button was pressed."""
    before = urlsplit(request.headers.get("Referer", ""))
    if request.method == "GET" or before.netloc != request.get_host():
        return request.get_full_path()
    return f"{before.path}?{before.query}" if before.query else before.path


def give_back(request: HttpRequest, fields: list[tuple[str, str]], *, sign_in: str = "") -> HttpResponse:
    """The page that keeps what was typed: 401 when one must first sign in, else 403."""
    legible = [value for name, value in fields if len(value) >= _LEGIBLE and " " in value]
    context = {"fields": fields, "legible": legible, "sign_in": sign_in, "address": request.get_full_path()}
    if request.FILES:
        context["without"] = _("Les fichiers joints ne sont pas gardés : vous les choisirez de nouveau ensuite.")
    return render(request, "core/resend.html", context, status=401 if sign_in else 403)
