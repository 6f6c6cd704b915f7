"""Error pages, the probes of operators, and what every page needs: colours, drawn pictures, appearance."""

import sys
from http import HTTPStatus

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from maillage.core import pattern as mesh
from maillage.core.colour import stylesheet
from maillage.core.context import THEME_COOKIE, THEMES, colours_of
from maillage.core.errors import RETRY_AFTER, is_outage
from maillage.core.resending import give_back, typed_in

_FOREVER = "public, max-age=31536000, immutable"


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    if fields := typed_in(request):
        return give_back(request, fields)
    sentence = _("Le formulaire a expiré. Revenez à la page précédente, rechargez-la et envoyez-le de nouveau.")
    return render(request, "403.html", {"sentence": sentence}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """What no view caught; the page asks nothing of the database, which may be what failed."""
    if is_outage(sys.exc_info()[1]):
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": RETRY_AFTER})
    return HttpResponse(render_to_string("500.html"), status=500)


def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """The process and its database answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "database"}, status=503)
    return JsonResponse({"status": "ok"})


@require_GET
def network_css(request: HttpRequest) -> HttpResponse:
    """The network's palette; its address carries the colours' digest, so it may be kept for ever."""
    body = stylesheet(*colours_of(getattr(request, "network", None)))
    return HttpResponse(body, content_type="text/css; charset=utf-8", headers={"Cache-Control": _FOREVER})


@require_GET
def pattern(request: HttpRequest, hue: int) -> HttpResponse:
    if hue not in mesh.ANGLES:
        raise Http404
    return HttpResponse(mesh.drawing(hue), content_type="image/svg+xml", headers={"Cache-Control": _FOREVER})


@csrf_exempt  # Changes nothing but the look of the sender's own screen; pages kept in the cache carry no token.
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or (empty) as the device says."""
    theme, back = request.POST.get("theme", ""), request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    answer = HttpResponseRedirect(back, status=HTTPStatus.SEE_OTHER)
    if theme in THEMES:
        answer.set_cookie(THEME_COOKIE, theme, max_age=31_536_000, secure=settings.HTTPS, httponly=True, samesite="Lax")
    else:
        answer.delete_cookie(THEME_COOKIE)
    return answer
