"""The lender's pages: today, all the loans, a month copy by copy, suspensions."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.core.dates import date_format
from maillage.core.doors import allowed
from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.pagination import paginate, with_params
from maillage.core.requests import Request
from maillage.exchange.kit import export_response
from maillage.loans import rules
from maillage.loans.actions import lift, suspend
from maillage.loans.enums import LoanState
from maillage.loans.forms.acts import SuspensionForm
from maillage.loans.models import Suspension
from maillage.loans.queries import board
from maillage.loans.queries.halves import half_said

board_page = allowed(rules.may_see_board)
_PER_PAGE = 40
_COPIES = 30
_COLUMNS = [
    gettext_lazy("Numéro"),
    gettext_lazy("Ressource"),
    gettext_lazy("Prêteur"),
    gettext_lazy("Emprunteur"),
    gettext_lazy("Du"),
    gettext_lazy("Au"),
    gettext_lazy("État"),
    gettext_lazy("Commune"),
    gettext_lazy("Lieu"),
    gettext_lazy("Personnes attendues"),
    gettext_lazy("Personnes touchées"),
]


@board_page
@require_safe
def show_today(request: Request) -> HttpResponse:
    return render(request, "loans/work/today.html", {"today": board.today_of(request.viewer)})


@board_page
@require_safe
def show_table(request: Request) -> HttpResponse:
    viewer, asked = request.viewer, board.filters_of(request.GET)
    counts = board.state_counts(viewer, asked)
    tabs: list[Any] = [
        (_("Tous"), with_params(request.GET, etat=None, page=None), not asked.state, sum(counts.values()))
    ]
    tabs += [
        (label, with_params(request.GET, etat=value, page=None), asked.state == value, counts[value])
        for value, label in LoanState.choices
        if counts.get(value) or asked.state == value
    ]
    context = {
        "page": paginate(board.table(viewer, asked), request.GET, per_page=_PER_PAGE),
        "asked": asked,
        "tabs": tabs,
        "query": request.GET.urlencode(),
    }
    return render(request, "loans/work/table.html", context)


@board_page
@require_safe
def export_table(request: Request) -> HttpResponseBase:
    found = board.table(request.viewer, board.filters_of(request.GET))
    rows = (
        [
            loan.pk,
            loan.resource.title,
            loan.resource.actor.name,
            _borrower(loan),
            half_said(loan.first, form="Y-m-d"),
            half_said(loan.last, form="Y-m-d"),
            loan.get_state_display(),
            loan.commune.name if loan.commune is not None else "",
            loan.place,
            loan.expected,
            loan.reached,
        ]
        for loan in found.iterator(chunk_size=500)
    )
    return export_response("csv", columns=[str(each) for each in _COLUMNS], rows=rows, filename=_("prets"))


def _borrower(loan: Any) -> str:
    if loan.actor is not None:
        return str(loan.actor.name)
    return str(loan.contact.name) if loan.contact is not None else ""


@board_page
@require_safe
def show_month(request: Request) -> HttpResponse:
    month = board.month_of(request.GET.get("mois", ""), timezone.localdate())
    page = paginate(
        board.copies_of(request.viewer).order_by("resource__title_key", "label", "pk"), request.GET, per_page=_COPIES
    )
    rows = board.month_rows(request.viewer, list(page.object_list), month)
    before, after = (month - timedelta(days=1)), (month + timedelta(days=32))
    context = {
        "page": page,
        "rows": rows,
        "days": [day for day, _morning, _afternoon in rows[0].days] if rows else [],
        "month": date_format(month, "F Y"),
        "before": with_params(request.GET, mois=f"{before:%Y-%m}", page=None),
        "after": with_params(request.GET, mois=f"{after:%Y-%m}", page=None),
    }
    return render(request, "loans/work/month.html", context)


@board_page
@require_http_methods(["GET", "HEAD", "POST"])
@once
def list_suspensions(request: Request) -> HttpResponse:
    form = SuspensionForm(request.POST if request.method == "POST" else None, viewer=request.viewer)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                suspend(by=request.viewer, **form.values())
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("La suspension est en place. Son motif n'est montré qu'à vous."))
                return redirect("loans:suspension_list")
    context = {
        "form": form,
        "page": paginate(
            Suspension.objects.visible_to(request.viewer).select_related("actor", "user", "lender"),
            request.GET,
            per_page=_PER_PAGE,
        ),
        "today": timezone.localdate(),
    }
    return render(request, "loans/work/suspensions.html", context, status=status)


@board_page
@require_POST
def lift_suspension(request: Request, pk: int) -> HttpResponse:
    found = Suspension.objects.visible_to(request.viewer).filter(pk=pk, lifted_at=None).first()
    if found is None:
        raise Http404
    lift(by=request.viewer, suspension=found)
    messages.success(request, _("La suspension est levée."))
    return redirect("loans:suspension_list")
