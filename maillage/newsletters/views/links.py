"""The links of messages, without an account: confirming, choosing, stopping, being forgotten. A GET only shows a button."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from maillage.core.doors import answers_when_closed
from maillage.core.errors import Refused
from maillage.core.requests import Request
from maillage.newsletters.actions import subscribing
from maillage.newsletters.forms.subscribing import PreferencesForm
from maillage.newsletters.views.asked import subscription_of

_both = require_http_methods(["GET", "HEAD", "POST"])


@answers_when_closed
@never_cache
@_both
def confirm(request: Request, pk: int, token: str) -> HttpResponse:
    subscription = subscription_of(request, pk, token, confirming=True)
    status = 200
    if request.method == "POST" and request.POST.get("acte") == "redemander":
        subscribing.ask_again(subscription=subscription, token=token)
        return render(request, "newsletters/links/asked_again.html", {"subscription": subscription})
    if request.method == "POST":
        try:
            subscription = subscribing.confirm_subscription(subscription=subscription, token=token)
        except Refused as refusal:
            status = refusal.status
        else:
            messages.success(request, _("C'est confirmé : vous recevrez la prochaine lettre."))
            return redirect("newsletters:subscription_edit", subscription.pk, subscription.token)
    elif not subscription.is_active and not subscription.awaits:
        status = 410
    return render(request, "newsletters/links/confirm.html", {"subscription": subscription}, status=status)


@answers_when_closed
@never_cache
@_both
def edit(request: Request, pk: int, token: str) -> HttpResponse:
    subscription = subscription_of(request, pk, token)
    form = PreferencesForm(request.POST if request.method == "POST" else None, subscription=subscription)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                subscribing.change_preferences(
                    subscription=subscription,
                    themes=form.chosen("themes"),
                    departments=form.chosen("departments"),
                    paused_until=form.paused_until,
                )
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("Vos préférences sont enregistrées."))
                return redirect("newsletters:subscription_edit", pk, token)
    context = {"subscription": subscription, "form": form, "token": token}
    return render(request, "newsletters/links/edit.html", context, status=status)


@answers_when_closed
@csrf_exempt
@never_cache
@_both
def stop(request: Request, pk: int, token: str) -> HttpResponse:
    """At the foot of each letter and in its header: without signing in, without cookie (RFC 8058)."""
    subscription = subscription_of(request, pk, token)
    done = request.method == "POST"
    if done:
        subscribing.stop_subscription(subscription=subscription)
    context = {"subscription": subscription, "done": done, "token": token}
    return render(request, "newsletters/links/stop.html", context)


@answers_when_closed
@never_cache
@_both
def erase(request: Request, pk: int, token: str) -> HttpResponse:
    subscription = subscription_of(request, pk, token)
    done = request.method == "POST"
    if done:
        subscribing.erase_address(subscription=subscription)
    context = {"subscription": subscription, "done": done, "token": token}
    return render(request, "newsletters/links/erase.html", context)
