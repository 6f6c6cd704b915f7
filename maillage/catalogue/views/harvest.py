"""OAI-PMH: every answer is 200, its errors are words of the protocol."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from maillage.catalogue.queries.harvesting import response
from maillage.core.doors import network_of
from maillage.core.mail import absolute_url
from maillage.core.throttle import throttled


@throttled("catalogue.oai", limit=1200, seconds=3600)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest) -> HttpResponse:
    """By GET, or by POST as the protocol also allows; nothing is written."""
    network = network_of(request)
    params = request.POST if request.method == "POST" else request.GET
    told = response(network, dict(params.lists()), absolute_url(network, reverse("catalogue:oai")))
    return HttpResponse(told, content_type="text/xml; charset=utf-8")
