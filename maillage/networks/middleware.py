"""Which network a request is for, by its host name; and whole public pages kept until the network changes."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest

from maillage.networks.models import Network

_PROBES = {"/healthz", "/readyz", "/metrics"}
_LOOPBACK = {"localhost", "127.0.0.1", "[::1]", "testserver"}

Handler = Callable[[HttpRequest], HttpResponse]


def network_for(host: str) -> Network | None:
    """The network of a host name; with a single network on the instance, it answers to local and extra hosts too."""
    found = Network.objects.filter(host=host).first()
    if found is None and (host in _LOOPBACK or host in settings.EXTRA_HOSTS):
        return Network.objects.order_by("pk").first()
    return found


class CurrentNetwork:
    """Sets `request.network`; an unknown host is refused with 400 before anything else runs."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.network = None
        if request.path in _PROBES:
            return self.get_response(request)
        host = request.get_host().rsplit(":", 1)[0].lower() if "]" not in request.get_host() else "[::1]"
        request.network = network_for(host)
        if request.network is None and not (host in _LOOPBACK or host in settings.EXTRA_HOSTS):
            return HttpResponseBadRequest("Adresse inconnue.", content_type="text/plain; charset=utf-8")
        return self.get_response(request)


class PageCache:
    """Kept simple until the public pages exist: passes everything through."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)
