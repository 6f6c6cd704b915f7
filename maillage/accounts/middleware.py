"""Sets `request.viewer`, lazily: a page that never asks costs no query. Keeps closed networks closed and what was shown to
someone private, and leads those whose role waits for a second factor to the page where they set it up."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from maillage.accounts.queries import lacks_second_factor, live_token, viewer_for
from maillage.core.errors import Moved, Refused

_REFUSED = {403, 404}
_ONLY_A_BUTTON = 405  # The address of a form, opened again: the browser would show an empty page.
_OPEN = ("/compte/", "/static/", "/reseau.css", "/apparence/", "/fichiers/networks/")
"""What a closed network answers to anyone: the way in, and what its pages look like (colours, logo)."""


class CurrentViewer:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewer = SimpleLazyObject(lambda: viewer_for(request.user, request.network))
        response = self.get_response(request)
        if response.status_code in _REFUSED and request.method == "GET" and _is_page(request):
            if request.network is not None and lacks_second_factor(request.user, request.network):
                messages.warning(
                    request,
                    _(
                        "Votre rôle demande un second facteur : ajoutez une application ou une clé pour accéder à cette page."
                    ),
                )
                return redirect("mfa_index")
        if response.status_code == _ONLY_A_BUTTON and request.method == "GET" and not response.streaming:
            if not response.content and _is_page(request):
                allowed = response["Allow"]
                response = render(request, "405.html", status=_ONLY_A_BUTTON)
                response["Allow"] = allowed
        _keep_private(request, response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal that no view caught is a page with its sentence, never an error; what moved leads to where it is.

        Not for good: a former address may be taken again, and a merging undone.
        """
        if isinstance(exception, Moved):
            if exception.sentence:
                messages.info(request, exception.sentence)
            return redirect(exception.address)
        if isinstance(exception, Refused):
            pages = [f"{exception.status}.html", "400.html"]
            return render(request, pages, {"sentence": exception.sentence}, status=exception.status)
        return None

    def process_view(self, request: HttpRequest, view: Any, *args: object) -> None:
        """A network that is not open to the public answers only to those who hold a role in it (NET-1)."""
        network = request.network
        if network is None or network.is_public or request.path.startswith(_OPEN):
            return
        if getattr(view, "answers_when_closed", False) or request.viewer.roles or _bears_token(request):
            return
        raise Http404


def _keep_private(request: HttpRequest, response: HttpResponse) -> None:
    """What someone who signed in was shown is theirs: kept nowhere, so that « back » shows nothing of it to who comes next.

    `no-cache` alone lets browsers put a page back as it was left, without asking, after signing out.
    """
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or response.has_header("Cache-Control"):
        return
    if request.user.is_authenticated:
        response["Cache-Control"] = "private, no-cache, no-store"


def _bears_token(request: HttpRequest) -> bool:
    """A program that reads for someone who holds a role; what it may do is still for the API to say."""
    kind, _space, text = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not request.path.startswith("/api/"):
        return False
    token = live_token(text, request.network)
    return token is not None and bool(viewer_for(token.user, request.network).roles)


def _is_page(request: HttpRequest) -> bool:
    return not request.path.startswith(("/api/", "/static/", "/media/"))
