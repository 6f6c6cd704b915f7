"""Subscribing to the letter, and the letters sent, for everyone."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.core.doors import network_of, signed_in
from maillage.core.errors import Refused
from maillage.core.mail import absolute_url
from maillage.core.once import once
from maillage.core.pagination import paginate
from maillage.core.requests import Request
from maillage.core.throttle import client_of, hit, too_many
from maillage.newsletters.actions import subscribing
from maillage.newsletters.forms.subscribing import SubscribeForm
from maillage.newsletters.models import Letter
from maillage.newsletters.queries.links import own_subscription
from maillage.newsletters.queries.reading import content_of, message_of
from maillage.newsletters.registry import CONSENT_TEXTS, CONSENT_VERSION
from maillage.publications.enums import Section

_HOUR, _PER_CLIENT = 3600, 10


@never_cache
@once
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: Request) -> HttpResponse:
    """The same answer whatever is known of the address: who reads it is told by mail."""
    network = network_of(request)
    form = SubscribeForm(request.POST if request.method == "POST" else None, network=network)
    if request.method == "POST":
        if wait := hit("newsletters.subscribe", client_of(request), limit=_PER_CLIENT, seconds=_HOUR):
            return too_many(request, wait)
        if form.is_valid():
            subscribing.ask_subscription(
                by=request.viewer,
                email=form.cleaned_data["email"],
                themes=form.chosen("themes"),
                departments=form.chosen("departments"),
                version=form.cleaned_data["version"],
            )
            return redirect("newsletters:subscribe_done")
    user = request.viewer.user
    context = {
        "form": form,
        "sections": Section.choices,
        "own": own_subscription(network, user.email) if user is not None else None,
        "may_click": user is not None,
        "consent": CONSENT_TEXTS[CONSENT_VERSION] % {"network": network.name},
        "latest": Letter.objects.visible_to(request.viewer).published().order_by("-started_at", "-pk")[:3],
        "canonical": absolute_url(network, reverse("newsletters:subscribe")),
    }
    return render(request, "newsletters/public/subscribe.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def subscribe_account(request: Request) -> HttpResponse:
    network_of(request)
    try:
        subscription = subscribing.subscribe_account(by=request.viewer)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("newsletters:subscribe")
    messages.success(request, _("Vous êtes abonné·e. Choisissez ici ce qui passe d'abord dans vos lettres."))
    return redirect("newsletters:subscription_edit", subscription.pk, subscription.token)


@require_safe
def subscribe_done(request: Request) -> HttpResponse:
    network_of(request)
    return render(request, "newsletters/public/done.html")


@require_safe
def list_letters(request: Request) -> HttpResponse:
    network = network_of(request)
    found = Letter.objects.visible_to(request.viewer).published().order_by("-started_at", "-pk")
    context = {
        "page": paginate(found, request.GET, per_page=24),
        "sections": Section.choices,
        "canonical": absolute_url(network, reverse("newsletters:letter_archive")),
    }
    return render(request, "newsletters/public/archive.html", context)


@require_safe
def show_letter(request: Request, slug: str) -> HttpResponse:
    """As it reads today: what is no longer public left it."""
    network_of(request)
    letter = Letter.objects.visible_to(request.viewer).published().select_related("network").filter(slug=slug).first()
    if letter is None:
        raise Http404
    message: dict[str, Any] = message_of(letter, content_of(letter).parts)
    others = Letter.objects.visible_to(request.viewer).published()
    context = {
        **message,
        "canonical": message["online_url"],
        "before": others.filter(started_at__lt=letter.started_at).order_by("-started_at", "-pk").first(),
        "after": others.filter(started_at__gt=letter.started_at).order_by("started_at", "pk").first(),
        "sections": Section.choices,
    }
    return render(request, "newsletters/public/letter.html", context)
