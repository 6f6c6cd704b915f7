"""« Mes prêts » : what one borrows, what one waits for, their calendar."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.core.doors import answers_when_closed, signed_in
from maillage.core.mail import absolute_url
from maillage.core.pagination import paginate
from maillage.core.requests import Request
from maillage.core.throttle import throttled
from maillage.loans import rules
from maillage.loans.actions.calendars import renew_calendar
from maillage.loans.actions.waiting import leave_waiting, take_offer
from maillage.loans.enums import WAITS
from maillage.loans.models import CalendarKey, WaitingEntry
from maillage.loans.queries.own import calendar_of, key_of, key_opened_by, own_loans
from maillage.loans.views.asked import entry_of


@signed_in
@require_safe
def list_own(request: Request) -> HttpResponse:
    viewer = request.viewer
    waiting = WaitingEntry.objects.visible_to(viewer).filter(state__in=WAITS).select_related("resource").order_by("pk")
    key = key_of(viewer)
    context: dict[str, Any] = {
        "page": paginate(own_loans(viewer), request.GET, per_page=20),
        "waiting": list(waiting[:20]),
        "lends": bool(rules.may_see_board(viewer)),
        "calendar": absolute_url(request.network, _address(key)) if key is not None else "",
    }
    return render(request, "loans/own.html", context)


def _address(key: CalendarKey) -> str:
    return reverse("loans:calendar", args=[key.pk, key.token])


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def show_waiting(request: Request, pk: int) -> HttpResponse:
    entry = entry_of(request, pk)
    if request.method == "POST":
        if request.POST.get("acte") == "prendre":
            loan = take_offer(by=request.viewer, entry=entry)
            messages.success(request, _("Votre demande est partie avec les exemplaires qui vous étaient gardés."))
            return redirect("loans:loan_show", loan.pk)
        leave_waiting(by=request.viewer, entry=entry)
        messages.success(request, _("Vous n'êtes plus en liste d'attente."))
        return redirect("loans:own_list")
    return render(request, "loans/waiting.html", {"entry": entry, "lines": list(entry.lines.select_related("module"))})


@signed_in
@require_POST
def renew(request: Request) -> HttpResponse:
    renew_calendar(by=request.viewer)
    messages.success(request, _("L'adresse de votre calendrier est nouvelle : la précédente ne répond plus."))
    return redirect("loans:own_list")


@answers_when_closed
@never_cache
@throttled("loans.calendar", limit=120, seconds=3600)
@require_safe
def follow_calendar(request: Request, pk: int, token: str) -> HttpResponse:
    """The loans of whoever holds the secret address, borrowed and lent."""
    key = key_opened_by(request.network, pk, token)
    if key is None:
        raise Http404
    response = HttpResponse(calendar_of(key), content_type="text/calendar; charset=utf-8")
    response["X-Robots-Tag"] = "noindex"
    return response
