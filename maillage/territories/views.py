"""Proposals of communes as one types."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from maillage.territories.kit import shown_commune
from maillage.territories.queries import find_communes

_LIMIT = 10


@require_safe
def list_communes(request: HttpRequest) -> HttpResponse:
    """The communes that `q` may mean: JSON for the combobox of the site, else the options as HTML.

    `near=lat,lon` puts the nearest first among equals. Territories are public and the same in every network.
    """
    communes = find_communes(request.GET.get("q", ""), near=_point(request.GET.get("near", "")), limit=_LIMIT)
    answer: HttpResponse
    if request.GET.get("format") == "json" or request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        results = [
            {"value": found.commune.code, "label": shown_commune(found.commune), "detail": found.detail} for found in communes
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
