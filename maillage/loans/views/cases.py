"""A damage: what happened, its photos, what its borrower says, what is done about it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from maillage.core.doors import signed_in
from maillage.core.errors import Refused
from maillage.core.requests import Request
from maillage.loans import actions, rules
from maillage.loans.enums import OPEN_CASES
from maillage.loans.forms.cases import AnswerForm, CaseForm
from maillage.loans.models import DamageCase
from maillage.loans.queries.reports import cases_seen_by, photos_of


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show_case(request: Request, pk: int) -> HttpResponse:
    """Read by both sides and the team; its lender says what comes of it."""
    case = get_object_or_404(cases_seen_by(request.viewer), pk=pk)
    form, status = CaseForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.follow_case(by=request.viewer, case=case, **form.changes())
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("La suite est notée, l’emprunteur est prévenu."))
                return redirect("loans:case_show", pk)
    return _page(request, case, {"form": form}, status)


@signed_in
@never_cache
@require_POST
def answer_case(request: Request, pk: int) -> HttpResponse:
    """By its borrower."""
    case = get_object_or_404(cases_seen_by(request.viewer), pk=pk)
    form, status = AnswerForm(request.POST), 422
    if form.is_valid():
        try:
            actions.answer_case(by=request.viewer, case=case, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
            status = refusal.status
        else:
            messages.success(request, _("Votre réponse est envoyée au prêteur."))
            return redirect("loans:case_show", pk)
    return _page(request, case, {"answer_form": form}, status)


def _page(request: Request, case: DamageCase, forms: dict[str, Any], status: int) -> HttpResponse:
    loan = case.unit.loan
    context = {
        "case": case,
        "loan": loan,
        "photos": photos_of(case),
        "may_follow": bool(rules.may_lend(request.viewer, loan)) and case.state in OPEN_CASES,
        "may_answer": bool(rules.may_answer_case(request.viewer, loan, case.state)),
        "form": CaseForm(),
        "answer_form": AnswerForm(initial={"answer": case.answer}),
        **forms,
    }
    return render(request, "loans/reports/case.html", context, status=status)
