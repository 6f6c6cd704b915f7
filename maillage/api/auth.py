"""Tokens of the API: bound to a person and a network, limited to scopes; reading public data needs none."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer
from ninja.throttling import SimpleRateThrottle

from maillage.accounts.actions import note_token_use
from maillage.accounts.enums import TokenScope
from maillage.accounts.queries import live_token, viewer_for
from maillage.core.errors import Refused
from maillage.core.viewer import Viewer


def viewer_of(request: HttpRequest) -> Viewer:
    """Who asks: the bearer of the token, else an anonymous visitor; the session's cookie does not count here."""
    return getattr(request, "api_viewer", None) or Viewer(network=request.network)


def _bearer(request: HttpRequest, token: str) -> Viewer | None:
    held = live_token(token, request.network)
    if held is None:
        return None
    note_token_use(token=held)
    viewer = viewer_for(held.user, request.network)
    return Viewer(network=viewer.network, user=viewer.user, roles=viewer.roles, scopes=frozenset(held.scopes))


def _require(viewer: Viewer, scope: TokenScope) -> None:
    if scope not in (viewer.scopes or ()):
        raise Refused(_("Ce jeton ne permet pas cela : il lui faut « %s ».") % scope.label)


class Token(HttpBearer):
    """`Authorization: Bearer …` with the scope an operation needs."""

    openapi_bearerFormat = "opaque"  # noqa: N815  (the name ninja reads)

    def __init__(self, scope: TokenScope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        viewer = _bearer(request, token)
        if viewer is None:
            return None
        _require(viewer, self.scope)
        request.api_viewer = viewer
        return viewer


def identify(request: HttpRequest) -> bool:
    """For operations open to all: a wrong token is an error, no token is a visitor."""
    header = request.headers.get("Authorization", "")
    if header:
        kind, _space, token = header.partition(" ")
        viewer = _bearer(request, token) if kind.lower() == "bearer" and token else None
        if viewer is None:
            raise AuthenticationError
        _require(viewer, TokenScope.READ)
        request.api_viewer = viewer
    return True


class Rate(SimpleRateThrottle):
    """So many requests for an address, more for a token (`settings.API_RATES`)."""

    def __init__(self) -> None:
        super().__init__(settings.API_RATES[0])

    def get_cache_key(self, request: HttpRequest) -> str:
        viewer = viewer_of(request)
        self.num_requests, self.duration = self.parse_rate(settings.API_RATES[viewer.is_authenticated])
        who = f"user:{viewer.user_id}" if viewer.is_authenticated else f"address:{self.get_ident(request)}"
        return f"api:{who}"
