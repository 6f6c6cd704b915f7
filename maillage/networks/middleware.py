"""Which network a request is for, by its host name; and whole public pages kept until the network changes."""

from collections.abc import Callable, Iterable, Iterator
from copy import copy
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotModified
from django.utils import timezone
from django.utils.translation import get_language_from_request

import maillage
from maillage.core.context import theme_of
from maillage.networks.models import Network

_PROBES = {"/healthz", "/readyz", "/metrics"}
_LOOPBACK = {"localhost", "127.0.0.1", "[::1]", "testserver"}

Handler = Callable[[HttpRequest], HttpResponse]

_kept: dict[str, tuple[tuple[Any, ...], Network]] = {}


@cache
def _columns() -> str:
    return ", ".join(f'"{field.column}"' for field in Network._meta.concrete_fields)


def _read(name: str, condition: str, params: list[Any]) -> Network | None:
    """The network of a condition. The row is read each time; the object is made anew only when the row has changed."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_columns()} FROM networks_network {condition}", params)  # noqa: S608  (constants)
        row = cursor.fetchone()
    if row is None:
        return None
    kept = _kept.get(name)
    if kept is None or kept[0] != row:
        kept = _kept[name] = (row, _built(row))
        if len(_kept) > 1000:  # Host names are those of networks, so this is only for the unforeseen.
            _kept.clear()
    network = copy(kept[1])  # A view may change its own: what is kept stays as the row says.
    network.settings = dict(network.settings)
    return network


def _built(row: tuple[Any, ...]) -> Network:
    """The object of a row as the database gave it, as Django would have made it: without asking a second time."""
    compiler = Network.objects.order_by().query.get_compiler(connection=connection)
    compiler.pre_sql_setup()
    converters = compiler.get_converters([column for column, _, _ in compiler.select])
    values = next(iter(compiler.apply_converters([row], converters))) if converters else row
    return Network.from_db(connection.alias, [field.attname for field in Network._meta.concrete_fields], values)


def network_for(host: str) -> Network | None:
    """The network of a host name; with a single network on the instance, it answers to local and extra hosts too."""
    found = _read(host, "WHERE host = %s", [host])
    if found is None and (host in _LOOPBACK or host in settings.EXTRA_HOSTS):
        return _read("", "ORDER BY id LIMIT 1", [])
    return found


class CurrentNetwork:
    """Sets `request.network` and the clock by which it lives; an unknown host is refused with 400 before anything else runs."""

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
        zone = request.network.zone if request.network is not None else None
        with timezone.override(zone):
            response = self.get_response(request)
        if response.streaming and zone is not None and zone.key != settings.TIME_ZONE:
            response.streaming_content = _by_the_clock(zone, response.streaming_content)
        return response


def _by_the_clock(zone: ZoneInfo, parts: Iterable[bytes]) -> Iterator[bytes]:
    """What is written while it leaves, once the view has answered."""
    with timezone.override(zone):
        yield from parts


_NEVER = ("/api/", "/static/", "/fichiers/", "/compte/")
_VARIES = {"cookie", "accept-language", "accept-encoding", "hx-request", "hx-target", "hx-boosted"}
_LARGEST = 512_000  # Bytes of a page that is kept.


@cache
def _release() -> str:
    """What changes pages without changing the network: the program, its static files, its settings."""
    from django.contrib.staticfiles.storage import staticfiles_storage

    files = getattr(staticfiles_storage, "manifest_hash", "")
    program = max(path.stat().st_mtime_ns for path in Path(maillage.__file__).parent.rglob("*.[hp][ty]*"))
    return f"{program} {files} {settings.DEMO} {settings.TILES_URL} {settings.TILES_CREDIT}"


def page_key(request: HttpRequest) -> str | None:
    """The name of an anonymous page as it is now, or None when the page is not to be shared.

    The version of the network is read from the database with the network itself, so a write outdates every page of every
    process as soon as it is committed. A page rendered while a write commits is kept under the older version, which
    nobody asks for any more.
    """
    network: Network | None = request.network
    if request.method != "GET" or network is None or not network.is_public or request.path.startswith(_NEVER):
        return None
    meta, cookies = request.META, request.COOKIES
    if settings.SESSION_COOKIE_NAME in cookies or "messages" in cookies or "HTTP_AUTHORIZATION" in meta:
        return None
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        return None
    parts = (
        _release(),
        network.pk,
        network.content_version,
        network.updated_at.timestamp(),
        timezone.localdate(),
        request.scheme,
        request.get_host(),
        request.get_full_path(),
        get_language_from_request(request),
        theme_of(request),
        # All that htmx says of where it asks from: a view may answer a whole page to one header, and a part to another.
        sorted((name, value) for name, value in meta.items() if name.startswith("HTTP_HX_")),
    )
    return blake2b("\n".join(map(str, parts)).encode(), digest_size=16).hexdigest()


class PageCache:
    """Anonymous pages carry an ETag made from the version of the network's content, answer 304 without being rendered,
    and are kept whole until that version changes. Stands above all that a page passes through, so that an answer which
    is kept costs one query."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = page_key(request)
        if key is None:
            return self.get_response(request)
        etag = f'W/"{key}"'
        if key in request.META.get("HTTP_IF_NONE_MATCH", ""):
            return HttpResponseNotModified(headers=_headers(etag))
        kept = caches["pages"].get(key)
        if kept is not None:
            content, headers = kept
            return HttpResponse(content, headers=headers)
        response = self.get_response(request)
        if _may_be_kept(request, response):
            for name, value in _headers(etag).items():
                response.headers[name] = value
            caches["pages"].set(key, (response.content, dict(response.items())))
        return response


def _headers(etag: str) -> dict[str, str]:
    """Browsers keep the page and ask each time whether it is still true."""
    return {"ETag": etag, "Cache-Control": "no-cache", "Vary": "Accept-Language, Cookie, HX-Request, HX-Target"}


def _may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    """Only whole answers that are the same for everyone: no cookie, no nonce, nothing said otherwise by the view."""
    if response.status_code != 200 or response.streaming or response.cookies or settings.DEBUG:
        return False
    if response.has_header("Cache-Control") or response.has_header("ETag") or hasattr(request, "_csp_nonce"):
        return False
    varies = {each.strip().lower() for each in response.get("Vary", "").split(",") if each.strip()}
    return varies <= _VARIES and len(response.content) <= _LARGEST
