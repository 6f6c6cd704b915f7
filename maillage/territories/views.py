"""Proposals of communes as one types, and the contours of base maps."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from maillage.territories.enums import TerritoryKind
from maillage.territories.kit import shown_commune
from maillage.territories.queries import contours_of, contours_version, feature_collection, find_communes, towns_of

_LIMIT = 10


@require_safe
def list_communes(request: HttpRequest) -> HttpResponse:
    """The communes that `q` may mean: JSON for the combobox of the site, else the options as HTML.

    `near=lat,lon` puts the nearest first among equals. Territories are public and the same in every network.
    """
    communes = find_communes(request.GET.get("q", ""), near=_point(request.GET.get("near", "")), limit=_LIMIT)
    answer: HttpResponse
    if (
        request.GET.get("format") == "json"
        or request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    ):
        results = [
            {"value": found.commune.code, "label": shown_commune(found.commune), "detail": found.detail}
            for found in communes
        ]
        answer = JsonResponse({"results": results})
    else:
        answer = render(request, "territories/_commune_options.html", {"communes": communes})
    patch_cache_control(answer, public=True, max_age=3600)
    patch_vary_headers(answer, ["Accept"])
    return answer


def _point(text: str) -> tuple[float, float] | None:
    try:
        latitude, longitude = (float(part) for part in text.split(","))
    except ValueError:
        return None
    return (latitude, longitude) if -90 <= latitude <= 90 and -180 <= longitude <= 180 else None


@require_safe
def show_contours(request: HttpRequest, kind: str, scope: str) -> HttpResponse:
    """Contours as GeoJSON, with the communes there (`towns`): kept for ever under the address of their version, checked again under any other."""
    version = contours_version()
    tag = f'"{version}"'
    if request.headers.get("If-None-Match") == tag:
        answer = HttpResponse(status=304)
    else:
        contours = contours_of(kind, scope) if kind in TerritoryKind.values else None
        if contours is None:
            raise Http404
        written = {"separators": (",", ":"), "ensure_ascii": False}  # A third lighter.
        answer = JsonResponse(
            feature_collection(contours, towns_of(scope)),
            content_type="application/geo+json",
            json_dumps_params=written,
        )
    answer["ETag"] = tag
    if request.GET.get("v") == version:
        patch_cache_control(answer, public=True, max_age=31_536_000, immutable=True)
    else:
        patch_cache_control(answer, public=True, no_cache=True)
    return answer
