"""The page of the API, made from its own schema: nothing fetched, nothing to run."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found

from maillage.api.problems import problem
from maillage.api.root import api

_METHODS = ("get", "post", "patch", "put", "delete")


def show_documentation(request: HttpRequest) -> HttpResponse:
    schema = api.get_openapi_schema()
    operations = [
        {
            "method": method.upper(),
            "path": path,
            "summary": operation.get("summary", ""),
            "description": operation.get("description", ""),
            "parameters": [{"description": "", **parameter} for parameter in operation.get("parameters", [])],
            "needs_token": any(operation.get("security", [])),
            "responses": sorted(str(code) for code in operation.get("responses", {})),
        }
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        if method in _METHODS
    ]
    shapes = [
        {"name": name, "fields": _fields(shape)}
        for name, shape in sorted(schema["components"]["schemas"].items())
        if "properties" in shape
    ]
    return render(
        request, "api/documentation.html", {"operations": operations, "shapes": shapes, "info": schema["info"]}
    )


def not_found(request: HttpRequest) -> HttpResponse:
    return problem(404, _("Rien à cette adresse."))


def handle_404(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What does not exist, or is not for who asks (a closed network): programs are answered as the API answers them."""
    if request.path.startswith("/api/") and request.path != reverse("api_documentation"):
        return not_found(request)
    return page_not_found(request, exception)


def _fields(shape: dict[str, Any]) -> list[dict[str, str]]:
    return [
        {"name": name, "type": _type(field), "description": field.get("description", "")}
        for name, field in shape["properties"].items()
    ]


def _type(field: dict[str, Any]) -> str:
    if "anyOf" in field:
        return " | ".join(_type(choice) for choice in field["anyOf"])
    if "$ref" in field:
        return str(field["$ref"]).rsplit("/", 1)[1]
    if field.get("type") == "array":
        return f"[{_type(field['items'])}]"
    if "enum" in field:
        return " | ".join(map(str, field["enum"]))
    return str(field.get("format") or field.get("type") or field.get("const", ""))
