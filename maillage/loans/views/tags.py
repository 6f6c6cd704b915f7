"""The page that the QR code of a copy leads to; sheets of labels to print."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from maillage.core.doors import allowed
from maillage.core.errors import Refused
from maillage.core.requests import Request
from maillage.core.text import whole_number
from maillage.directory.rules import represents
from maillage.loans import rules
from maillage.loans.enums import ReportKind
from maillage.loans.queries.tags import MOST, copies_lent_by, copy_of, labels, loan_now


@never_cache
@require_safe
def show_tag(request: Request, tag: str) -> HttpResponse:
    """Whoever finds it reads what it is and whom to bring it back to; who borrows is for those who see the loan."""
    viewer = request.viewer
    copy = copy_of(viewer, tag)
    if copy is None:
        raise Http404
    loan = loan_now(viewer, copy)
    context = {
        "copy": copy,
        "resource": copy.resource,
        "is_lender": viewer.runs_network or represents(viewer, copy.resource.actor),
        "loan": loan,
        "may_leave": loan is not None and bool(rules.may_report(viewer, loan, ReportKind.OUT)),
        "may_return": loan is not None and bool(rules.may_report(viewer, loan, ReportKind.IN)),
    }
    return render(request, "loans/tags/show.html", context)


@allowed(rules.may_see_board)
@require_safe
def choose_labels(request: Request) -> HttpResponse:
    copies = list(copies_lent_by(request.viewer)[:MOST])
    return render(request, "loans/tags/labels.html", {"copies": copies})


@allowed(rules.may_see_board)
@require_safe
def print_labels(request: Request) -> HttpResponse:
    keys = [key for text in request.GET.getlist("ex")[:MOST] if (key := whole_number(text)) is not None]
    copies = list(copies_lent_by(request.viewer).filter(pk__in=keys))
    if not copies:
        raise Refused(_("Choisissez au moins un exemplaire."), status=422)
    return HttpResponse(
        labels(request.viewer.network, copies),
        content_type="application/pdf",
        headers={"Content-Disposition": 'attachment; filename="etiquettes.pdf"', "X-Content-Type-Options": "nosniff"},
    )
