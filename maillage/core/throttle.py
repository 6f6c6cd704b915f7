"""Slowing down who asks too much: counters in the shared cache, by name of limit and by address.

    wait = hit("export", client_of(request), limit=20, seconds=3600)   # 0, or seconds to wait

    @throttled("contact", limit=5, seconds=3600, methods=("POST",))    # answers 429 with Retry-After
    def write_actor(request, slug): ...

A fixed window keeps two short keys per address. Two requests at the very same instant may count as one: the limit
protects against harvesting, it is not an account book. Addresses are kept hashed, for the length of the window.
"""

import hashlib
import time
from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

View = Callable[..., HttpResponseBase]


def client_of(request: HttpRequest) -> str:
    """The address a request comes from; an IPv6 one counts with its whole /64, which one subscriber holds.

    Behind a trusted proxy, the last address it added: what stands before may be invented by the client.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUST_PROXY and (forwarded := request.headers.get("X-Forwarded-For", "")):
        address = forwarded.rsplit(",", 1)[-1].strip()
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 6:
        return str(ip_network(f"{parsed}/64", strict=False).network_address)
    return str(parsed)


def hit(name: str, who: str, *, limit: int, seconds: int) -> int:
    """Count one request; 0 when it is within the limit, else the seconds until the window ends."""
    now = int(time.time())
    window = now // seconds
    digest = hashlib.sha256(f"{name}:{who}".encode()).hexdigest()[:32]
    key = f"throttle:{name}:{window}:{digest}"
    if cache.add(key, 1, timeout=seconds):
        return 0
    left = (window + 1) * seconds - now
    try:
        count = cache.incr(key)
    except ValueError:  # It expired in between.
        return 0
    cache.touch(key, left)  # A cache without counters of its own writes it anew, for the time it gives to anything.
    return 0 if count <= limit else left


def throttled(
    name: str, *, limit: int, seconds: int, methods: tuple[str, ...] = ("GET", "HEAD", "POST")
) -> Callable[[View], View]:
    """At most `limit` requests of `methods` an address in `seconds`; beyond, a page that says when to come back."""

    def decorate(view: View) -> View:
        @wraps(view)
        def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method in methods and (wait := hit(name, client_of(request), limit=limit, seconds=seconds)):
                return too_many(request, wait)
            return view(request, *args, **kwargs)

        return limited

    return decorate


def too_many(request: HttpRequest, wait: int) -> HttpResponse:
    minutes = max(1, round(wait / 60))
    sentence = _("Trop de demandes depuis votre connexion. Réessayez dans %(minutes)d min.") % {"minutes": minutes}
    response = render(request, "429.html", {"sentence": sentence, "minutes": minutes}, status=429)
    response["Retry-After"] = str(wait)
    return response
