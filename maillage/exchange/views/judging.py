"""Judging the resemblances of an import one at a time, until they vouch for the rest."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from maillage.core.errors import Refused
from maillage.core.requests import Request
from maillage.core.text import whole_number
from maillage.exchange import actions, registry, rules
from maillage.exchange.enums import Decision
from maillage.exchange.models import Batch
from maillage.exchange.queries import showing
from maillage.exchange.queries.automating import automation_of
from maillage.exchange.views.importing import batch_of, team_page


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def judge_lines(request: Request, pk: int) -> HttpResponse:
    """The line that teaches most, then the next; what they say together is told as they are judged."""
    viewer, batch = request.viewer, batch_of(request, pk)
    rules.may_handle(viewer, batch).require()
    refusal = ""
    if request.method == "POST":
        line, decision = whole_number(request.POST.get("ligne", "")), request.POST.get("decision", "")
        if line is not None and decision in Decision.values:
            try:
                actions.decide(by=viewer, batch=batch, decision=decision, lines=[line])
                return redirect("exchange:batch_judge", pk=batch.pk)
            except Refused as error:
                if error.status not in (409, 422):
                    raise
                refusal = error.sentence
        else:
            refusal = _("Choisissez ce que vous décidez de cette ligne.")
    found = automation_of(batch)
    if found is None or found.next_line is None:
        return redirect("exchange:batch_show", pk=batch.pk)
    (shown,) = showing.shown_lines([batch.lines.get(pk=found.next_line)], registry.target(batch.target))
    context = {"batch": batch, "each": shown, "automated": found, "refusal": refusal}
    return render(request, "exchange/batch_judge.html", context, status=422 if refusal else 200)


@team_page
@require_POST
def decide_certain(request: Request, pk: int) -> HttpResponse:
    batch = batch_of(request, pk)
    try:
        count = actions.decide_certain(by=request.viewer, batch=batch)
    except Refused as refusal:
        return _told(request, batch, refusal)
    messages.success(
        request,
        ngettext(
            "%s ligne est décidée : « c'est le même ». Rien n'est encore écrit.",
            "%s lignes sont décidées : « c'est le même ». Rien n'est encore écrit.",
            count,
        )
        % count,
    )
    return redirect("exchange:batch_show", pk=batch.pk)


@team_page
@require_POST
def withdraw_certain(request: Request, pk: int) -> HttpResponse:
    batch = batch_of(request, pk)
    count = actions.withdraw_certain(by=request.viewer, batch=batch)
    messages.success(request, ngettext("%s ligne est à décider.", "%s lignes sont à décider.", count) % count)
    return redirect("exchange:batch_show", pk=batch.pk)


def _told(request: Request, batch: Batch, refusal: Refused) -> HttpResponse:
    """The state of things forbids it: say so on the page of the import."""
    if refusal.status != 409:
        raise refusal
    messages.warning(request, refusal.sentence)
    return redirect("exchange:batch_show", pk=batch.pk)
