"""Doors of views: who must be signed in, who must hold a right."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse

from maillage.core.permissions import Answer
from maillage.core.requests import Request
from maillage.core.resending import give_back, page_before, typed_in
from maillage.core.viewer import Viewer

View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """Anonymous visitors go to the sign-in page and come back; a form sent after the session ended keeps what was typed."""

    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.viewer.is_authenticated:
            sign_in = redirect_to_login(page_before(request))
            fields = typed_in(request) if request.method == "POST" and not request.htmx else []
            return give_back(request, fields, sign_in=sign_in.url) if fields else sign_in
        return view(request, *args, **kwargs)

    return guarded


def allowed(rule: Callable[[Viewer], Answer]) -> Callable[[View], View]:
    """Anonymous visitors go to the sign-in page; others without the right read the rule's sentence (403)."""

    def decorate(view: View) -> View:
        @signed_in
        @wraps(view)
        def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            rule(request.viewer).require()
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def answers_when_closed(view: View) -> View:
    """For pages that the law, or a message already sent, owes to anyone: a network closed to the public shows them too."""
    view.answers_when_closed = True  # type: ignore[attr-defined]
    return view


def network_of(request: HttpRequest) -> Any:
    """The network of the address; an instance without any has no page of one."""
    network = getattr(request, "network", None)
    if network is None:
        raise Http404
    return network
