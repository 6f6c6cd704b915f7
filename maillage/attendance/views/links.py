"""The personal page of a registration, by the link of its messages: a GET only shows buttons."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maillage.attendance import actions, rules
from maillage.attendance.enums import State
from maillage.attendance.forms.registering import FewerForm
from maillage.attendance.models import Registration
from maillage.attendance.queries.links import active_twin, rank_of
from maillage.attendance.queries.standing import date_of
from maillage.attendance.views.asked import linked_registration
from maillage.core.doors import answers_when_closed
from maillage.core.errors import Refused
from maillage.core.requests import Request


@answers_when_closed
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Request, pk: int, token: str) -> HttpResponse:
    registration = linked_registration(request, pk, token)
    fewer = FewerForm(request.POST if "places" in request.POST else None, registration=registration)
    status = 200
    if request.method == "POST":
        try:
            if done := _do(request.POST.get("acte", ""), registration, fewer):
                messages.success(request, done)
                return redirect("attendance:registration_show", pk, token)
            status = 422
        except Refused as refusal:
            messages.error(request, refusal.sentence)
            status = refusal.status
        registration = linked_registration(request, pk, token)
    now = timezone.now()
    date = date_of(registration.session, now)
    context = {
        "registration": registration,
        "event": registration.event,
        "date": date,
        "fewer": fewer,
        "form": fewer,
        "rank": rank_of(registration) if registration.state == State.WAITING else 0,
        "may_change": bool(rules.may_change(registration, now)),
        "is_late": registration.state in (State.PENDING, State.OFFERED)
        and registration.expires_at is not None
        and registration.expires_at <= now,
        "twin": active_twin(registration) if registration.is_unconfirmed and registration.email else None,
        "why": rules.why_not(date.standing),
        "may_keep": bool(rules.may_keep(registration.session, now)),
    }
    return render(request, "attendance/links/show.html", context, status=status)


def _do(act: str, registration: Registration, fewer: FewerForm) -> str:
    """What to tell of what was done; "" when nothing was."""
    if act == "reduire":
        if not fewer.is_valid():
            return ""
        actions.reduce_registration(registration=registration, places=fewer.cleaned_data["places"])
        return _("C'est noté : les autres places sont rendues.")
    if act == "confirmer":
        state = actions.confirm_registration(registration=registration).state
        return _("Votre inscription est confirmée.") if state == State.CONFIRMED else _("Vous êtes en liste d'attente.")
    if act == "annuler":
        actions.cancel_registration(registration=registration)
        return _("Votre inscription est annulée.")
    if act == "accepter":
        actions.accept_offer(registration=registration)
        return _("La place est à vous.")
    if act == "refuser":
        actions.decline_offer(registration=registration)
        return _("C'est noté : la place va à la personne suivante.")
    return ""
