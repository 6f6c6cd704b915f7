"""Condition reports: written on a phone, perhaps without a network; read by both sides."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from maillage.core import documents
from maillage.core.doors import signed_in
from maillage.core.errors import Refused
from maillage.core.permissions import Denied
from maillage.core.requests import Request
from maillage.loans import actions, rules
from maillage.loans.enums import ReportKind
from maillage.loans.forms.reports import ReportForm
from maillage.loans.models import Loan
from maillage.loans.queries.reports import (
    photos_seen_by,
    report_sent_before,
    reports_seen_by,
    units_to_report,
    whole,
)
from maillage.loans.queries.transfers import loan_seen, signature_said

KINDS = {"depart": ReportKind.OUT, "retour": ReportKind.IN, "apres": ReportKind.LATER}


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write_report(request: Request, pk: int, moment: str) -> HttpResponse:
    """The page stays when there is nothing left to report: what a device still keeps for it is sent from there."""
    loan = get_object_or_404(Loan.objects.visible_to(request.viewer).for_lists(), pk=pk)
    kind = KINDS.get(moment)
    if kind is None or not rules.may_lend(request.viewer, loan):
        raise Http404
    if (before := sent_before(request, loan)) is not None:
        return led_to(request, before)
    may = rules.may_report(request.viewer, loan, kind)
    units = units_to_report(loan, kind) if may else []
    if may and not units and kind == ReportKind.LATER:
        may = Denied(
            _("Le délai pour signaler un dommage est passé, ou ces exemplaires sont repartis depuis."), status=409
        )
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    known = {"lender": request.viewer.user.name, "borrower": loan.contact.name if loan.contact else ""}
    form, status = ReportForm(*posted, units=units, kind=kind, initial=known), 200
    if posted:
        status = 422
        if not may:
            status = may.status
        elif form.is_valid():
            try:
                report = actions.file_report(
                    by=request.viewer, loan=loan, kind=kind, key=form.key, looked=form.looked, signed=form.signed,
                    notes=form.cleaned_data["notes"], made_at=form.cleaned_data["fait"],
                )  # fmt: skip
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("Le constat est enregistré."))
                return led_to(request, report.pk)
    return report_page(request, {"loan": loan, "kind": kind, "form": form, "may": may}, status)


def sent_before(request: Request, loan: Loan) -> int | None:
    if request.method == "POST":
        with suppress(ValueError):
            found = report_sent_before(request.viewer, loan, UUID(request.POST.get("cle", "")))
            return found.pk if found is not None else None
    return None


def led_to(request: Request, pk: int) -> HttpResponse:
    """A device that keeps its report until it is here is told where it is; following a redirect would eat the message."""
    if "X-Report" in request.headers:
        return JsonResponse({"to": reverse("loans:report_show", args=[pk])})
    return redirect("loans:report_show", pk)


def report_page(request: Request, context: dict[str, Any], status: int) -> HttpResponse:
    context = {"transfer": None, "is_lender": False, "parties": (), **context}
    return render(request, "loans/reports/write.html", context, status=status)


@signed_in
@never_cache
@require_safe
def show_report(request: Request, pk: int) -> HttpResponse:
    report = get_object_or_404(whole(reports_seen_by(request.viewer)), pk=pk)
    photos: dict[int | None, list[Any]] = {}
    for photo in report.photos.all():
        photos.setdefault(photo.unit_id, []).append(photo)
    lines = [(row, photos.get(row.unit_id, [])) for row in report.units.all()]
    loan = loan_seen(request.viewer, report.transfer) if report.transfer is not None else report.loan
    context = {"report": report, "loan": loan, "lines": lines, "signed": {}, "may_confirm": False}
    if (transfer := report.transfer) is not None:
        context["signed"] = {side: signature_said(transfer, side, report.author) for side in ("giver", "receiver")}
        context["may_confirm"] = bool(rules.sides_to_confirm(request.viewer, transfer))
    return render(request, "loans/reports/show.html", context)


@signed_in
@never_cache
@require_safe
def show_photo(request: Request, pk: int) -> HttpResponse:
    """Private: whoever sees the loan, and nobody else."""
    photo = get_object_or_404(photos_seen_by(request.viewer), pk=pk)
    return documents.shown(photo.image, "image/webp")  # type: ignore[return-value]  # A FileResponse is one too.
