"""What an actor looks for and proposes, said by its own people; and the page of a personal link, without an account."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.core.doors import answers_when_closed, signed_in
from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.pagination import paginate
from maillage.core.requests import Request
from maillage.core.throttle import throttled
from maillage.directory.models import Actor
from maillage.directory.rules import represents
from maillage.outreach import rules
from maillage.outreach.actions import asking as askings
from maillage.outreach.actions import needs as actions
from maillage.outreach.enums import NeedAnswer, Sharing, Side
from maillage.outreach.forms.needs import ClosingForm, NeedForm
from maillage.outreach.models import Need, NeedAsking
from maillage.outreach.queries import needs as queries
from maillage.outreach.queries.asking import asking_opened_by
from maillage.outreach.views.needs import close
from maillage.outreach.views.team import actor_of

_slow = throttled("outreach.need", limit=60, seconds=3600, methods=("POST",))


def _own_actor(request: Request, pk: int) -> Actor:
    actor = actor_of(request, pk)
    if not represents(request.viewer, actor):
        raise Http404
    return actor


def _own_need(request: Request, pk: int, need: int) -> tuple[Actor, Need]:
    """One that its people may change: what the team notes of the actor for itself does not exist here."""
    actor = _own_actor(request, pk)
    found = get_object_or_404(Need.objects.visible_to(request.viewer).filter(actor=actor).with_all(), pk=need)
    if not rules.may_change_need(request.viewer, found) or not (found.is_own or found.sharing != Sharing.TEAM):
        raise Http404
    return actor, found


@signed_in
@require_safe
def list_own(request: Request, pk: int) -> HttpResponse:
    actor = _own_actor(request, pk)
    shared = queries.own_needs(request.viewer, actor).exclude(is_own=False, sharing=Sharing.TEAM)
    return render(
        request, "outreach/needs/own.html", {"actor": actor, "page": paginate(shared, request.GET, per_page=20)}
    )


@signed_in
@once
@require_http_methods(["GET", "HEAD", "POST"])
def record_own(request: Request, pk: int) -> HttpResponse:
    actor, viewer = _own_actor(request, pk), request.viewer
    side = Side.OFFER if request.GET.get("cote") == "offres" else Side.NEED
    initial: dict[str, Any] = {"side": side, "sharing": Sharing.PUBLIC}
    if actor.commune is not None and actor.commune.department is not None:
        initial |= {"commune": actor.commune, "department": actor.commune.department.code}
    form = NeedForm(request.POST if request.method == "POST" else None, viewer=viewer, owner=actor, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.record_need(by=viewer, actor=actor, terms=form.chosen_terms(), **form.values())
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("C'est noté : l'équipe du réseau cherche qui peut y répondre."))
                return redirect("outreach:own_needs", pk)
    return render(request, "outreach/needs/own_form.html", {"form": form, "actor": actor, "need": None}, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def change_own(request: Request, pk: int, need: int) -> HttpResponse:
    actor, found = _own_need(request, pk, need)
    form = NeedForm(request.POST if request.method == "POST" else None, viewer=request.viewer, owner=actor, need=found)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.change_need(by=request.viewer, need=found, terms=form.chosen_terms(), **form.values())
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("C'est corrigé."))
                return redirect("outreach:own_needs", pk)
    context = {"form": form, "actor": actor, "need": found}
    return render(request, "outreach/needs/own_form.html", context, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def close_own(request: Request, pk: int, need: int) -> HttpResponse:
    actor, found = _own_need(request, pk, need)
    initial = {"outcome_kind": "abandoned"} if request.GET.get("issue") == "abandoned" else {}
    form = ClosingForm(
        request.POST if request.method == "POST" else None, viewer=request.viewer, need=found, initial=initial
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            close(request, found, form)
            return redirect("outreach:own_needs", pk)
    context = {"form": form, "need": found, "actor": actor}
    return render(request, "outreach/needs/own_close.html", context, status=status)


@signed_in
@require_POST
def keep_own(request: Request, pk: int, need: int) -> HttpResponse:
    _actor, found = _own_need(request, pk, need)
    actions.keep_need(by=request.viewer, need=found)
    messages.success(request, _("C'est noté : toujours d'actualité."))
    return redirect("outreach:own_needs", pk)


# --- the personal link --------------------------------------------------------------------------------------------------


def _opened(request: Request, pk: int, token: str) -> NeedAsking:
    asking = asking_opened_by(request.network, pk, token)
    if asking is None:
        raise Http404
    return asking


@answers_when_closed
@never_cache
@_slow
@require_http_methods(["GET", "HEAD", "POST"])
def show_asked(request: Request, pk: int, token: str) -> HttpResponse:
    """The need and three buttons; the one of the link that was followed (`reponse`) comes first. A GET changes nothing."""
    asking = _opened(request, pk, token)
    if not asking.is_open:
        return render(request, "outreach/needs/asked_closed.html", {"need": asking.need}, status=410)
    status, sentence = 200, ""
    if request.method == "POST":
        answer, outcome = (
            request.POST.get("reponse", ""),
            request.POST.get("suite", "").strip()[:500],
        )
        if answer in NeedAnswer.values:
            try:
                askings.answer_asking(asking=asking, answer=NeedAnswer(answer), outcome=outcome)
            except Refused as refusal:
                context = {"need": asking.need, "sentence": refusal.sentence}
                return render(request, "outreach/needs/asked_closed.html", context, status=refusal.status)
            return redirect("outreach:need_asked_done", pk, token)
        status, sentence = 422, _("Choisissez l'une des trois réponses.")
    first = request.GET.get("reponse", "")
    choices = sorted(asking.need.verbs.items(), key=lambda choice: choice[0] != first)
    context = {"asking": asking, "need": asking.need, "choices": choices, "first": first, "sentence": sentence}
    return render(request, "outreach/needs/asked.html", context, status=status)


@answers_when_closed
@never_cache
@require_safe
def thank_asked(request: Request, pk: int, token: str) -> HttpResponse:
    asking = _opened(request, pk, token)
    return render(request, "outreach/needs/asked_done.html", {"asking": asking, "need": asking.need})


@answers_when_closed
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_asked(request: Request, pk: int, token: str) -> HttpResponse:
    """The link at the foot of the message: without signing in, without cookie (RFC 8058); a GET only asks."""
    asking = _opened(request, pk, token)
    if request.method == "POST":
        askings.stop_askings(asking=asking)
    return render(request, "outreach/needs/asked_stop.html", {"need": asking.need, "done": request.method == "POST"})
