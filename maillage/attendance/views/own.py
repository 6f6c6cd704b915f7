"""« Mes inscriptions », of someone who has an account."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from maillage.attendance.models import Registration
from maillage.attendance.queries.standing import in_words
from maillage.core.doors import network_of, signed_in
from maillage.core.pagination import paginate
from maillage.core.requests import Request


@signed_in
@never_cache
@require_safe
def list_own(request: Request) -> HttpResponse:
    """Those to come, the soonest first; else those past, the last first."""
    network_of(request)
    past = "passees" in request.GET
    found = Registration.objects.visible_to(request.viewer).whole().filter(user=request.viewer.user_id)
    now = timezone.now()
    if past:
        found = found.filter(session__ends_at__lte=now).order_by("-session__starts_at", "-pk")
    else:
        found = found.filter(session__ends_at__gt=now).order_by("session__starts_at", "pk")
    page = paginate(found, request.GET, per_page=30)
    rows = [(each, in_words(each.session)) for each in page.object_list]
    context = {"page": page, "rows": rows, "past": past, "coming": not past}
    return render(request, "attendance/own.html", context)
