"""Conditional requests: answers carry an ETag made from the version of the network's content and the half-day, which filters of the
agenda and of the catalogue depend on; a match answers 304."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import parse_etags

from maillage.api.auth import viewer_of
from maillage.catalogue.queries.halves import half_at


def _etag(request: HttpRequest) -> str:
    viewer = viewer_of(request)
    version = request.network.content_version if request.network is not None else 0
    parts = (
        version,
        viewer.network_id,
        viewer.user_id,
        request.get_full_path(),
        half_at(timezone.now(), timezone.get_current_timezone()),
    )
    return f'W/"{hashlib.blake2s(repr(parts).encode(), digest_size=12).hexdigest()}"'


def conditional(operation: Callable[..., Any]) -> Callable[..., Any]:
    """Give a reading operation its ETag, and 304 to who has that version already. Weak: the bytes may be compressed."""

    @wraps(operation)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        etag = _etag(request)
        given = parse_etags(request.headers.get("If-None-Match", ""))
        if "*" in given or etag.removeprefix("W/") in {tag.removeprefix("W/") for tag in given}:
            response: Any = HttpResponse(status=304)
            response["ETag"] = etag
            return response
        result = operation(request, *args, **kwargs)
        request.api_etag = etag
        return result

    return answer
