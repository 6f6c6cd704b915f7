"""Actors proposed as one types, for the fields that name one."""

from django.http import JsonResponse
from django.views.decorators.http import require_safe

from maillage.core.requests import Request
from maillage.directory.queries.naming import detail_of, named_so, shown_actor
from maillage.directory.views.work import team_page


@team_page
@require_safe
def list_options(request: Request) -> JsonResponse:
    """As the combobox of the site reads them."""
    found = named_so(request.GET.get("q", ""), request.viewer)
    rows = [{"value": str(actor.pk), "label": shown_actor(actor), "detail": detail_of(actor)} for actor in found]
    return JsonResponse({"results": rows})
