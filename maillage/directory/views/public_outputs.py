"""A filtered list as data, as points of a map, and framed in other people's pages."""

import json
from collections.abc import Iterator
from typing import Any

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from maillage.core.mail import absolute_url
from maillage.core.throttle import throttled
from maillage.directory import kit
from maillage.directory.queries import grid
from maillage.directory.queries.rows import CHUNK, COLUMNS, point_facts, public_rows, told_point
from maillage.directory.views.public import EXPORT_KINDS, list_context, network_of
from maillage.directory.views.work_files import csv_lines, workbook

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
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
    zoom = request.GET.get("zoom", "")
    cells: list[grid.Cell] = []
    if len(placed) > POINTS:
        placed, cells = grid.gathered(placed, int(zoom) if zoom.isdecimal() and len(zoom) < 3 else 8, POINTS)
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
    latitude, longitude = told_point(point[1], point[2], private=fact.private) or (point[1], point[2])
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
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
    name = f"acteurs-{network.slug}-{timezone.localdate():%Y-%m-%d}.{kind}"
    response: HttpResponseBase
    if kind == "csv":
        response = StreamingHttpResponse(csv_lines(_table(rows)), content_type="text/csv; charset=utf-8")
    elif kind == "xlsx":
        response = HttpResponse(workbook(_table(rows)), content_type=_XLSX)
    elif kind == "geojson":
        response = StreamingHttpResponse(_geojson(rows), content_type="application/geo+json")
    else:
        about = {
            "network": network.name,
            "url": absolute_url(network, reverse("directory:actor_list") + asked.query),
            "count": asked.selection.count,
        }
        response = StreamingHttpResponse(_json(rows, about), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Robots-Tag"] = "noindex"
    return response


def _table(rows: Iterator[dict[str, Any]]) -> Iterator[list[Any]]:
    """The titles, then a line for each actor; several terms share a cell."""
    yield [str(column.title) for column in COLUMNS]
    for row in rows:
        values = (row[column.name] for column in COLUMNS)
        yield [", ".join(value) if isinstance(value, list) else value for value in values]


def _chunks(parts: Iterator[str]) -> Iterator[str]:
    """Small pieces gathered, so that a server does not send each line in a packet of its own."""
    held: list[str] = []
    for part in parts:
        held.append(part)
        if len(held) >= CHUNK:
            yield "".join(held)
            held = []
    yield "".join(held)


def _json(rows: Iterator[dict[str, Any]], about: dict[str, Any]) -> Iterator[str]:
    def parts() -> Iterator[str]:
        yield json.dumps(about, ensure_ascii=False)[:-1] + ', "actors": [\n'
        for number, row in enumerate(rows):
            yield (",\n" if number else "") + json.dumps(row, ensure_ascii=False)
        yield "\n]}\n"

    return _chunks(parts())


def _geojson(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    """Actors without a point keep a feature, with a null geometry as the format allows."""

    def parts() -> Iterator[str]:
        yield '{"type": "FeatureCollection", "features": [\n'
        for number, row in enumerate(rows):
            latitude, longitude = row.pop("latitude"), row.pop("longitude")
            geometry = {"type": "Point", "coordinates": [longitude, latitude]} if latitude is not None else None
            feature = {"type": "Feature", "id": row.pop("id"), "geometry": geometry, "properties": row}
            yield (",\n" if number else "") + json.dumps(feature, ensure_ascii=False)
        yield "\n]}\n"

    return _chunks(parts())


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
