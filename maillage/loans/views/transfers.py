"""A transfer from a borrower to the next: planned by the lender, signed by both on one page."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from maillage.core.doors import signed_in
from maillage.core.errors import Refused
from maillage.core.permissions import Denied
from maillage.core.requests import Request
from maillage.loans import actions, rules
from maillage.loans.enums import ReportKind, TransferState
from maillage.loans.forms.reports import ReportForm
from maillage.loans.forms.transfers import TransferForm
from maillage.loans.models import Loan
from maillage.loans.queries.agreements import borrower_named
from maillage.loans.queries.transfers import loan_seen, transfers_seen_by, units_of
from maillage.loans.views.reports import led_to, report_page, sent_before


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def plan_transfer(request: Request, pk: int) -> HttpResponse:
    giving = get_object_or_404(Loan.objects.visible_to(request.viewer).for_lists(), pk=pk)
    if not rules.may_lend(request.viewer, giving):
        raise Http404
    form, status = TransferForm(request.POST if request.method == "POST" else None, giving=giving), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                transfer = actions.plan_transfer(by=request.viewer, giving=giving, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("La remise directe est prévue, les deux emprunteurs sont prévenus."))
                return redirect("loans:transfer_sign", transfer.pk)
    return render(request, "loans/reports/transfer.html", {"loan": giving, "form": form}, status=status)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_transfer(request: Request, pk: int) -> HttpResponse:
    transfer = get_object_or_404(transfers_seen_by(request.viewer), pk=pk)
    giving, receiving = transfer.giving, transfer.receiving
    if (before := sent_before(request, giving)) is not None:
        return led_to(request, before)
    may = rules.may_sign_transfer(request.viewer, giving, receiving)
    if may and transfer.state != TransferState.PLANNED:
        may = Denied(_("Cette remise est déjà faite, ou annulée."), status=409)
    units = units_of(transfer) if may else []
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    known = {"lender": _person(giving), "borrower": _person(receiving)}
    form, status = ReportForm(*posted, units=units, kind=ReportKind.TRANSFER, initial=known), 200
    if posted:
        status = 422
        if not may:
            status = may.status
        elif form.is_valid():
            try:
                report = actions.sign_transfer(
                    by=request.viewer, transfer=transfer, key=form.key, looked=form.looked, signed=form.signed,
                    notes=form.cleaned_data["notes"], made_at=form.cleaned_data["fait"],
                )  # fmt: skip
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("La remise est signée, le prêteur est prévenu."))
                return led_to(request, report.pk)
    seen = loan_seen(request.viewer, transfer)
    context = {"loan": seen, "kind": ReportKind.TRANSFER, "form": form, "may": may, "transfer": transfer}
    context["is_lender"] = bool(rules.may_lend(request.viewer, giving)) and transfer.state == TransferState.PLANNED
    context["parties"] = (borrower_named(giving), borrower_named(receiving))
    return report_page(request, context, status)


def _person(loan: Loan) -> str:
    return loan.contact.name if loan.contact is not None else ""


@signed_in
@require_POST
def cancel_transfer(request: Request, pk: int) -> HttpResponse:
    transfer = get_object_or_404(transfers_seen_by(request.viewer), pk=pk)
    actions.cancel_transfer(by=request.viewer, transfer=transfer)
    messages.success(request, _("La remise directe est annulée."))
    return redirect("loans:loan_show", transfer.giving_id)


@signed_in
@require_POST
def confirm_transfer(request: Request, pk: int) -> HttpResponse:
    transfer = get_object_or_404(transfers_seen_by(request.viewer), pk=pk)
    actions.confirm_transfer(by=request.viewer, transfer=transfer)
    messages.success(request, _("Votre signature est confirmée avec votre compte."))
    return redirect("loans:loan_show", loan_seen(request.viewer, transfer).pk)
