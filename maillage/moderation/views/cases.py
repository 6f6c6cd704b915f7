"""A case, for the team that decides and for who wrote the content."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maillage.activity.models import Entry
from maillage.activity.queries import WHO, lines_of
from maillage.core.doors import allowed, signed_in
from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.requests import Request
from maillage.moderation import rules
from maillage.moderation.actions import appeal, settle, settle_appeal
from maillage.moderation.enums import CaseState
from maillage.moderation.forms import AppealForm, WordsForm
from maillage.moderation.models import Case
from maillage.moderation.queries import authors_of, content_of, reached, reasons_of, reports_of

_STEPS = 50


def _case(request: Request, pk: int) -> Case:
    visible = Case.objects.visible_to(request.viewer)
    return get_object_or_404(visible.select_related("network", "decided_by", "answered_by"), pk=pk)


# --- for the team -------------------------------------------------------------------------------------------------------


@allowed(rules.may_work)
@require_safe
def show_case(request: Request, pk: int) -> HttpResponse:
    return _page(request, _case(request, pk))


def _page(request: Request, case: Case, status: int = 200, form: WordsForm | None = None) -> HttpResponse:
    viewer, found = request.viewer, content_of(case)
    entries = Entry.objects.visible_to(viewer).about(case).exclude(verb="report.made")  # Told above, with their words.
    entries = entries.select_related(*WHO).order_by("at", "pk")
    context: dict[str, Any] = {
        "case": case,
        "found": found,
        "opens": reached(viewer, case.kind, case.object_id) is not None,
        "reports": reports_of(case),
        "authors": authors_of(case),
        "may_settle": rules.may_settle(viewer, case),
        "steps": lines_of(entries[:_STEPS]),
        "form": form,
        "words_form": form or WordsForm(),
    }
    return render(request, "moderation/case.html", context, status=status)


@allowed(rules.may_work)
@require_POST
@once
def decide(request: Request, pk: int) -> HttpResponse:
    """Keep or remove, as the button says; of what is contested, the last word."""
    case, form = _case(request, pk), WordsForm(request.POST)
    rules.may_settle(request.viewer, case).require()
    if not form.is_valid():
        return _page(request, case, 422, form)
    removed = request.POST.get("decision") == "retirer"
    act = settle_appeal if case.state == CaseState.APPEALED else settle
    try:
        act(by=request.viewer, case=case, removed=removed, words=form.cleaned_data["words"])
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return _page(request, _case(request, pk), refusal.status, form)
    messages.success(
        request, _("C'est retiré, et chacun sait pourquoi.") if removed else _("C'est gardé, et chacun sait pourquoi.")
    )
    return redirect("moderation:case_show", pk)


# --- for who wrote the content ------------------------------------------------------------------------------------------


def _own(request: Request, pk: int) -> Case:
    return get_object_or_404(Case.objects.visible_to(request.viewer).told_to(request.viewer), pk=pk)


@signed_in
@require_safe
def show_own(request: Request, pk: int) -> HttpResponse:
    return _own_page(request, _own(request, pk))


def _own_page(request: Request, case: Case, status: int = 200, form: AppealForm | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "case": case,
        "found": reached(request.viewer, case.kind, case.object_id),
        "reasons": reasons_of(case),
        "may_appeal": rules.may_appeal(request.viewer, case),
        "form": form,
        "appeal_form": form or AppealForm(),
    }
    return render(request, "moderation/own.html", context, status=status)


@signed_in
@require_POST
@once
def contest(request: Request, pk: int) -> HttpResponse:
    case, form = _own(request, pk), AppealForm(request.POST)
    rules.may_appeal(request.viewer, case).require()
    if not form.is_valid():
        return _own_page(request, case, 422, form)
    try:
        appeal(by=request.viewer, case=case, words=form.cleaned_data["words"])
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return _own_page(request, _own(request, pk), refusal.status, form)
    messages.success(request, _("Votre contestation est partie : l'équipe d'animation vous répondra."))
    return redirect("moderation:case_own", pk)
