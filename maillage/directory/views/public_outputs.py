"""A filtered list as data, as points of a map, and framed in other people's pages."""

from typing import Any

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.core.doors import network_of
from maillage.core.mail import absolute_url
from maillage.core.text import whole_number
from maillage.core.throttle import throttled
from maillage.directory import kit
from maillage.directory.queries import grid
from maillage.directory.queries.rows import COLUMNS, point_facts, public_rows
from maillage.directory.views.public import EXPORT_KINDS, list_context
from maillage.exchange.kit import export_response

POINTS = 1000  # Above, neighbours are grouped: the answer stays under 300 kB whatever the number of actors.
WIDGET_ACTORS = 12


@throttled("directory.points", limit=600, seconds=600)
def points(request: HttpRequest) -> JsonResponse:
    """The list as points (GeoJSON), one by one or grouped; `bbox` (west,south,east,north) and `zoom` narrow them."""
    network = network_of(request)
    asked = kit.ask(request.GET, network)
    placed = asked.selection.points()
    bounds = _bounds(placed)
    if box := grid.box_from(request.GET.get("bbox", "")):
        placed = grid.inside(placed, box)
    zoom = whole_number(request.GET.get("zoom", ""))
    cells: list[grid.Cell] = []
    if len(placed) > POINTS:
        placed, cells = grid.gathered(placed, zoom if zoom is not None and zoom < 100 else 8, POINTS)
    facts = point_facts((pk for pk, _latitude, _longitude in placed), request.viewer)  # type: ignore[attr-defined]
    features = [_feature(point, facts[point[0]]) for point in placed if point[0] in facts]
    features += [_group(cell) for cell in cells]
    content = {
        "type": "FeatureCollection",
        "count": asked.selection.count,
        "grouped": bool(cells),
        "bounds": bounds,
        "features": features,
    }
    return JsonResponse(content, json_dumps_params={"separators": (",", ":"), "ensure_ascii": False})


def _bounds(placed: list[grid.Point]) -> list[float] | None:
    if not placed:
        return None
    latitudes, longitudes = [point[1] for point in placed], [point[2] for point in placed]
    return [round(edge, 4) for edge in (min(longitudes), min(latitudes), max(longitudes), max(latitudes))]


def _feature(point: grid.Point, fact: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [point[2], point[1]]},
        "properties": {
            "name": fact.name,
            "url": reverse("directory:actor_show", args=[fact.slug]),
            "place": fact.commune,
            "hue": fact.hue or 0,
            "shape": fact.shape,
        },
    }


def _group(cell: grid.Cell) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [round(cell.longitude, 4), round(cell.latitude, 4)]},
        "properties": {"count": cell.count, "bbox": [round(edge, 4) for edge in cell.box]},
    }


@throttled("directory.export", limit=30, seconds=3600)
def export_actors(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The whole list as a file, without page; streamed, so that a worker stays small."""
    network = network_of(request)
    asked = kit.ask(request.GET, network)
    rows = public_rows(asked.selection, request.viewer, absolute_url(network, ""))  # type: ignore[attr-defined]
    names = [column.name for column in COLUMNS]
    response = export_response(
        kind,
        columns=[column.title for column in COLUMNS] if kind in ("csv", "xlsx") else names,
        rows=([row[name] for name in names] for row in rows),
        filename=f"acteurs {network.slug}",
        title=_("Acteurs"),
        point=("latitude", "longitude"),
        key="id",
        about={
            "network": network.name,
            "url": absolute_url(network, reverse("directory:actor_list") + asked.query),
            "count": asked.selection.count,
        },
        listed="actors",
    )
    response["X-Robots-Tag"] = "noindex"
    return response


def embed_actors(request: HttpRequest) -> HttpResponse:
    """How to put this list in another site: the snippet, and what it gives."""
    network = network_of(request)
    asked = kit.ask(request.GET, network)
    address = absolute_url(network, reverse("directory:actor_widget") + asked.query)
    return render(
        request,
        "directory/public/embed.html",
        {"count": asked.selection.count, "widget_url": address, "query": asked.query, "export_kinds": EXPORT_KINDS},
    )


@csp_replace({"frame-ancestors": ["*"]})
def show_widget(request: HttpRequest) -> HttpResponse:
    """The list framed in other sites: no cookie, no form, links that say that they leave the frame."""
    network = network_of(request)
    asked = kit.ask(request.GET, network)
    page = kit.page_of(asked.selection, request.GET.get("page"), WIDGET_ACTORS)
    context = list_context(request, asked, page) | {
        "list_url": absolute_url(network, reverse("directory:actor_list") + asked.query)
    }
    return render(request, "directory/public/widget.html", context)
