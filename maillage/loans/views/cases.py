"""A damage: what happened, its photos, what is done about it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maillage.core.doors import signed_in
from maillage.core.errors import Refused
from maillage.core.requests import Request
from maillage.loans import actions, rules
from maillage.loans.enums import CaseState
from maillage.loans.forms.cases import CaseForm
from maillage.loans.queries.reports import cases_seen_by, photos_of


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show_case(request: Request, pk: int) -> HttpResponse:
    """Read by both sides and the team; its lender says what comes of it."""
    case = get_object_or_404(cases_seen_by(request.viewer), pk=pk)
    loan = case.unit.loan
    is_lender = bool(rules.may_lend(request.viewer, loan))
    is_open = case.state in (CaseState.OPEN, CaseState.CLAIMED)
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
    context = {"case": case, "loan": loan, "photos": photos_of(case), "may_follow": is_lender and is_open, "form": form}
    return render(request, "loans/reports/case.html", context, status=status)
