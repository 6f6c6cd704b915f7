"""Registering for an event, with an account or without."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from maillage.attendance.actions.registering import proved_account
from maillage.attendance.actions.registering import register as register_for
from maillage.attendance.enums import Standing, State
from maillage.attendance.forms.registering import RegisterForm, VisitorRegisterForm
from maillage.attendance.queries.standing import dates_of
from maillage.attendance.registry import HOLD, KEPT
from maillage.attendance.rules import why_not
from maillage.attendance.views.asked import opening_of_page
from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.requests import Request
from maillage.core.throttle import client_of, hit, too_many

_HOUR, _PER_CLIENT = 3600, 20


@never_cache
@once
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: Request, slug: str) -> HttpResponse:
    opening = opening_of_page(request, slug)
    event, network = opening.event, opening.event.network
    dates = dates_of(opening)
    taking = [date for date in dates if date.takes]
    user = proved_account(request.viewer)
    chosen = request.GET.get("date", "")
    initial = {"session": chosen if chosen in {str(date.session.pk) for date in taking} else None}
    if user is not None:
        initial["name"] = user.name
    data, status = (request.POST if request.method == "POST" else None), 200
    form: RegisterForm = (RegisterForm if user is not None else VisitorRegisterForm)(
        data, initial={key: value for key, value in initial.items() if value}, opening=opening, dates=taking
    )
    if request.method == "POST":
        status = 422
        if wait := hit("attendance.register", client_of(request), limit=_PER_CLIENT, seconds=_HOUR):
            return too_many(request, wait)
        if form.is_valid():
            values = {"email": "", **form.values()}
            try:
                made = register_for(by=request.viewer, session=form.date.session, **values)
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                if user is None or made is None:
                    return redirect("attendance:register_done", slug)
                messages.success(
                    request,
                    _("C'est fait : vous êtes inscrit·e.")
                    if made.state == State.CONFIRMED
                    else _("Vous êtes en liste d'attente."),
                )
                return redirect("attendance:registration_show", made.pk, made.token)
    # Of dates that take nobody yet, the one that will says why.
    best = next((date for date in dates if date.standing == Standing.SOON), dates[0] if dates else None)
    context: dict[str, Any] = {
        "event": event,
        "opening": opening,
        "form": form,
        "taking": taking,
        "user": user,
        "all_full": bool(taking) and all(date.is_full for date in taking),
        "why": why_not(best.standing) if best is not None else _("Il n'y a plus de date à venir."),
        "opens_at": opening.opens_at if best is not None and best.standing == Standing.SOON else None,
        "hold_hours": int(network.setting(HOLD.name)),
        "kept_days": int(network.setting(KEPT.name)),
    }
    return render(request, "attendance/public/register.html", context, status=status)


@never_cache
@require_safe
def register_done(request: Request, slug: str) -> HttpResponse:
    """The same whatever is known of the address."""
    opening = opening_of_page(request, slug)
    hours = int(opening.event.network.setting(HOLD.name))
    return render(request, "attendance/public/done.html", {"event": opening.event, "hold_hours": hours})
