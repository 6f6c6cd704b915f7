"""Errors as problem+json (RFC 9457): `title` and `detail` are for people, `errors` names the fields."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled
from ninja.errors import ValidationError as BadRequest

from maillage.core.errors import RETRY_AFTER, Refused, is_outage

_TITLES = {
    400: "Demande incorrecte",
    401: "Jeton nécessaire",
    403: "Refusé",
    404: "Introuvable",
    409: "Conflit",
    412: "Version dépassée",
    422: "Valeurs incorrectes",
    429: "Trop de demandes",
    503: "Indisponible",
}


def problem(status: int, detail: str = "", **more: Any) -> HttpResponse:
    body = {"type": "about:blank", "title": _TITLES.get(status, "Erreur"), "status": status, "detail": detail, **more}
    response = JsonResponse(
        body, status=status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False}
    )
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def install(api: NinjaAPI) -> None:
    """Make every error of `api` a problem."""

    @api.exception_handler(BadRequest)
    def bad_request(request: HttpRequest, error: BadRequest) -> HttpResponse:
        errors = [
            {"field": ".".join(str(part) for part in item["loc"]), "message": item["msg"]} for item in error.errors
        ]
        return problem(422, _("Des valeurs ne conviennent pas."), errors=errors)

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        fields = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        errors = [{"field": name, "message": message} for name, messages in fields.items() for message in messages]
        return problem(422, _("Des valeurs ne conviennent pas."), errors=errors)

    @api.exception_handler(AuthenticationError)
    def unauthenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return problem(401, _("Donnez un jeton valable dans l'en-tête Authorization."))

    @api.exception_handler(Refused)
    def refused(request: HttpRequest, error: Refused) -> HttpResponse:
        return problem(error.status, error.sentence)

    @api.exception_handler(Http404)
    def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem(404, _("Rien à cette adresse, ou rien que vous puissiez voir."))

    @api.exception_handler(Throttled)
    def throttled(request: HttpRequest, error: Throttled) -> HttpResponse:
        response = problem(429, _("Trop de demandes : attendez avant de recommencer."))
        response["Retry-After"] = str(int(error.wait or 60) + 1)
        return response

    @api.exception_handler(OperationalError)
    @api.exception_handler(OSError)
    def out_of_order(request: HttpRequest, error: Exception) -> HttpResponse:
        if not is_outage(error):
            raise error
        response = problem(503, _("Le service ne peut pas répondre pour l'instant : réessayez dans quelques minutes."))
        response["Retry-After"] = RETRY_AFTER
        return response

    @api.exception_handler(HttpError)
    def other(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, str(error))
