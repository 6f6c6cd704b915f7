"""The page of a personal link: a proposal, three buttons, no account; a GET changes nothing."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from maillage.core.doors import answers_when_closed
from maillage.core.errors import Refused
from maillage.core.requests import Request
from maillage.core.throttle import throttled
from maillage.outreach.actions import answering
from maillage.outreach.enums import CampaignAnswer
from maillage.outreach.forms.campaigns import AnswerForm
from maillage.outreach.models import CampaignMessage
from maillage.outreach.queries.campaign_letters import letter_for
from maillage.outreach.queries.proposals import message_opened_by

_slow = throttled("outreach.proposal", limit=60, seconds=3600, methods=("POST",))


def _opened(request: Request, pk: int, token: str) -> CampaignMessage:
    message = message_opened_by(request.network, pk, token)
    if message is None:
        raise Http404
    return message


def _closed(request: Request, message: CampaignMessage, status: int = 410, sentence: str = "") -> HttpResponse:
    context = {"message": message, "network": message.network, "sentence": sentence}
    return render(request, "outreach/proposals/closed.html", context, status=status)


@answers_when_closed
@never_cache
@_slow
@require_http_methods(["GET", "HEAD", "POST"])
def show_proposal(request: Request, pk: int, token: str) -> HttpResponse:
    message = _opened(request, pk, token)
    if not message.is_open:
        return _closed(request, message)
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        initial={"mois": message.later_on.isoformat() if message.later_on else "", "mot": message.word},
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                answering.answer_campaign(
                    message=message,
                    answer=CampaignAnswer(form.cleaned_data["reponse"]),
                    later_on=form.month(),
                    word=form.cleaned_data["mot"],
                )
            except Refused as refusal:
                return _closed(request, message, refusal.status, refusal.sentence)
            messages.success(request, _("Merci, votre réponse est notée."))
            return redirect("outreach:proposal_show", pk, token)
    context = {
        "message": message,
        "campaign": message.campaign,
        "actor": message.actor,
        "network": message.network,
        "letter": letter_for(message.campaign, message.actor),
        "form": form,
    }
    return render(request, "outreach/proposals/show.html", context, status=status)


@answers_when_closed
@never_cache
@_slow
@require_POST
def open_sheet(request: Request, pk: int, token: str) -> HttpResponse:
    """To correct one's sheet, or to withdraw it (`retirer`), by the link that serves for that."""
    message = _opened(request, pk, token)
    if not message.is_open:
        return _closed(request, message)
    try:
        reminder = answering.open_own_sheet(message=message)
    except Refused as refusal:
        return _closed(request, message, refusal.status, refusal.sentence)
    name = "directory:reminder_object" if request.POST.get("retirer") else "directory:reminder_edit"
    return redirect(name, reminder.pk, reminder.token)


@answers_when_closed
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_campaigns(request: Request, pk: int, token: str) -> HttpResponse:
    """The link at the foot of the message: without signing in, without cookie (RFC 8058); a GET only asks."""
    message = _opened(request, pk, token)
    if request.method == "POST":
        answering.stop_campaigns(message=message)
    context = {"network": message.network, "done": request.method == "POST"}
    return render(request, "outreach/proposals/stop.html", context)
