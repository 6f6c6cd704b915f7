"""The API object: every error a problem, every answer with its ETag, requests counted."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from maillage.api import problems
from maillage.api.auth import Rate, identify
from maillage.api.routers import actors, events, publications, resources, territories, topics


class Api(NinjaAPI):
    def create_response(self, request: HttpRequest, data: Any, **options: Any) -> HttpResponse:
        response = super().create_response(request, data, **options)
        if etag := getattr(request, "api_etag", ""):
            response["ETag"] = etag
        response["Vary"] = "Authorization"
        return response

    def get_openapi_schema(self, **options: Any) -> Any:
        """Ninja declares every body as application/json: problems say their own type."""
        schema = super().get_openapi_schema(**options)
        for operations in schema["paths"].values():
            for operation in operations.values():
                for answer in operation["responses"].values():
                    body = answer.get("content", {}).get("application/json")
                    if body and body["schema"].get("$ref", "").endswith("/Problem"):
                        answer["content"] = {"application/problem+json": body}
        return schema


api = Api(
    title="Maillage",
    version="1",
    description=(
        "Acteurs, agenda, catalogue, publications, territoires et vocabulaires d'un réseau de culture scientifique. La lecture est libre ; "
        "l'écriture demande un jeton créé depuis votre compte."
    ),
    docs_url=None,
    openapi_url="/openapi.json",
    auth=identify,
    throttle=[Rate()],
    urls_namespace="api",
)
problems.install(api)
for router in (
    actors.router,
    events.router,
    publications.router,
    resources.router,
    territories.router,
    topics.router,
):
    api.add_router("", router)
