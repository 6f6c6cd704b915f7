"""Errors as problem+json (RFC 9457): `title` and `detail` are for people, `errors` names the fields."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
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


# The checks of the schema, which pydantic says in English, by their type; a family of types by its first words.
_WRONG = {
    "missing": gettext_lazy("Cette valeur manque."),
    "extra_forbidden": gettext_lazy("Ce champ n'existe pas."),
    "int": gettext_lazy("Donnez un nombre entier."),
    "float": gettext_lazy("Donnez un nombre."),
    "bool": gettext_lazy("Donnez true ou false."),
    "datetime": gettext_lazy(
        "Donnez une date avec son heure au format ISO 8601, par exemple 2026-11-27T10:00:00+01:00."
    ),
    "string_too_long": gettext_lazy("Au plus %(max_length)s caractères."),
    "string_too_short": gettext_lazy("Au moins %(min_length)s caractères."),
    "string_type": gettext_lazy("Donnez un texte."),
    "too_long": gettext_lazy("Au plus %(max_length)s éléments."),
    "list": gettext_lazy("Donnez une liste."),
    "greater_than_equal": gettext_lazy("Au moins %(ge)s."),
    "less_than_equal": gettext_lazy("Au plus %(le)s."),
    "literal_error": gettext_lazy("Une de ces valeurs : %(expected)s."),
    "enum": gettext_lazy("Une de ces valeurs : %(expected)s."),
    "json": gettext_lazy("Ce n'est pas du JSON."),
    "model": gettext_lazy("Donnez un objet JSON."),
    "dict": gettext_lazy("Donnez un objet JSON."),
}


def _said(item: Mapping[str, Any]) -> str:
    """What is wrong with a value, in words; what is not foreseen as pydantic says it."""
    kind = str(item["type"])
    text = _WRONG.get(kind) or _WRONG.get(kind.split("_", maxsplit=1)[0])
    told = {name: str(value).replace(" or ", _(" ou ")) for name, value in item.get("ctx", {}).items()}
    return str(text) % told if text else str(item["msg"])


def install(api: NinjaAPI) -> None:
    """Make every error of `api` a problem."""

    @api.exception_handler(BadRequest)
    def bad_request(request: HttpRequest, error: BadRequest) -> HttpResponse:
        errors = [
            {"field": ".".join(str(part) for part in item["loc"]), "message": _said(item)} for item in error.errors
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
        response = problem(429, _("Trop de demandes : attendez avant de recommencer."))
        response["Retry-After"] = str(int(error.wait or 60) + 1)
        return response

    @api.exception_handler(OperationalError)
    @api.exception_handler(OSError)
    def out_of_order(request: HttpRequest, error: Exception) -> HttpResponse:
        if not is_outage(error):
            raise error
        response = problem(503, _("Le service ne peut pas répondre pour l'instant : réessayez dans quelques minutes."))
        response["Retry-After"] = RETRY_AFTER
        return response

    @api.exception_handler(HttpError)
    def other(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, str(error))
