"""Sets `request.viewer`, lazily: a page that never asks costs no query."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from maillage.accounts.queries import viewer_for


class CurrentViewer:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewer = SimpleLazyObject(lambda: viewer_for(request.user, request.network))
        return self.get_response(request)
