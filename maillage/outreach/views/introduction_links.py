"""The pages of personal links, without an account: agreeing to an introduction, telling what came of it, wanting no more."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from maillage.core.doors import answers_when_closed
from maillage.core.errors import Refused
from maillage.core.requests import Request
from maillage.core.throttle import throttled
from maillage.directory.models import Actor
from maillage.outreach.actions import introductions as actions
from maillage.outreach.actions import outcomes, partnerships
from maillage.outreach.enums import Outcome, SideAnswer
from maillage.outreach.forms.introductions import AnswerForm, OutcomeForm
from maillage.outreach.models import IntroductionSide
from maillage.outreach.queries.introductions import other_side, side_opened_by
from maillage.outreach.queries.partnerships import partnership_opened_by

_slow = throttled("outreach.links", limit=60, seconds=3600, methods=("POST",))
# A provider's servers ask on behalf of its many readers.
_slow_stops = throttled("outreach.stops", limit=300, seconds=3600, methods=("POST",))


def _opened(request: Request, pk: int, token: str) -> IntroductionSide:
    side = side_opened_by(request.network, pk, token)
    if side is None:
        raise Http404
    return side


def closed(request: Request, sentence: str = "", status: int = 410) -> HttpResponse:
    return render(request, "outreach/links/closed.html", {"sentence": sentence}, status=status)


@answers_when_closed
@never_cache
@_slow
@require_http_methods(["GET", "HEAD", "POST"])
def answer_link(request: Request, pk: int, token: str) -> HttpResponse:
    """Who asks what, and three buttons; nothing of the other's contact before both said yes (MAT-2)."""
    side = _opened(request, pk, token)
    introduction = side.introduction
    if not side.is_open or (side.actor is not None and side.actor.archived_at is not None):
        return closed(request)
    if request.method == "POST":
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return _asked(request, side, 422)
        try:
            actions.answer_by_link(side=side, **form.cleaned_data)
        except Refused as refusal:
            return closed(request, refusal.sentence, refusal.status)
        return redirect("outreach:introduction_link", pk, token)
    if not introduction.is_open and not introduction.is_met and not side.answer:
        return closed(request)
    return _asked(request, side)


def _asked(request: Request, side: IntroductionSide, status: int = 200) -> HttpResponse:
    other = other_side(side)
    visible = Actor.objects.visible_to(request.viewer).current()
    context = {
        "side": side,
        "other": other,
        "sheet": visible.filter(pk=other.actor_id).first() if other.actor_id is not None else None,
        "introduction": side.introduction,
        "answers": SideAnswer,
        "is_wrong": status == 422,
    }
    return render(request, "outreach/links/answer.html", context, status=status)


@answers_when_closed
@never_cache
@_slow
@require_http_methods(["GET", "HEAD", "POST"])
def tell_news(request: Request, pk: int, token: str) -> HttpResponse:
    """« Où en êtes-vous ? »: the answer clicked in the message (`reponse`) is proposed; a button gives it. A project that was
    born may be declared as a partnership (`objet`)."""
    side = _opened(request, pk, token)
    if not side.is_open or not side.introduction.is_met:
        return closed(request)
    proposed = request.GET.get("reponse", "")
    context = {
        "side": side,
        "other": other_side(side),
        "introduction": side.introduction,
        "outcomes": Outcome.choices,
        "proposed": proposed if proposed in Outcome.values else "",
        "told": next((each for each in reversed(side.follow_ups.all()) if each.answer), None),
        "error": "",
    }
    status = 200
    if request.method == "POST" and "objet" in request.POST:
        title = request.POST["objet"].strip()[:200]
        try:
            if not title:
                return render(request, "outreach/links/news.html", context | {"error": "objet"}, status=422)
            made = partnerships.declare_by_link(side=side, title=title)
        except Refused as refusal:
            return closed(request, refusal.sentence, refusal.status)
        return render(request, "outreach/links/declared.html", {"partnership": made, "other": context["other"]})
    if request.method == "POST":
        form = OutcomeForm(request.POST)
        if form.is_valid():
            try:
                outcomes.tell_outcome_by_link(side=side, answer=form.cleaned_data["answer"])
            except Refused as refusal:
                return closed(request, refusal.sentence, refusal.status)
            return redirect("outreach:introduction_news", pk, token)
        status = 422
    return render(request, "outreach/links/news.html", context, status=status)


@answers_when_closed
@csrf_exempt
@never_cache
@_slow_stops
@require_http_methods(["GET", "HEAD", "POST"])
def stop_introductions(request: Request, pk: int, token: str) -> HttpResponse:
    """The link at the foot of the message: without signing in, without cookie (RFC 8058); a GET only asks."""
    side = _opened(request, pk, token)
    if request.method == "POST":
        actions.stop_by_link(side=side)
    return render(request, "outreach/links/stop.html", {"side": side, "done": request.method == "POST"})


@answers_when_closed
@never_cache
@_slow
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_link(request: Request, pk: int, token: str) -> HttpResponse:
    """The other side of a partnership confirms it, or not (MAT-6)."""
    partnership = partnership_opened_by(request.network, pk, token)
    if partnership is None:
        raise Http404
    if partnership.waits and not partnership.is_open:
        return closed(request)
    status = 200
    if request.method == "POST" and request.POST.get("reponse") not in ("oui", "non"):
        status = 422
    elif request.method == "POST":
        try:
            partnerships.decide_by_link(partnership=partnership, confirmed=request.POST.get("reponse") == "oui")
        except Refused as refusal:
            return closed(request, refusal.sentence, refusal.status)
        return redirect("outreach:partnership_link", pk, token)
    return render(request, "outreach/links/partnership.html", {"partnership": partnership}, status=status)


@answers_when_closed
@csrf_exempt
@never_cache
@_slow_stops
@require_http_methods(["GET", "HEAD", "POST"])
def stop_confirmations(request: Request, pk: int, token: str) -> HttpResponse:
    """As `stop_introductions`: no more messages that ask to confirm a partnership."""
    partnership = partnership_opened_by(request.network, pk, token)
    if partnership is None:
        raise Http404
    if request.method == "POST":
        partnerships.stop_asking(partnership=partnership)
    context = {"partnership": partnership, "done": request.method == "POST"}
    return render(request, "outreach/links/partnership_stop.html", context)
