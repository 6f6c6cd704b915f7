"""Subscribers for the team: how many, by what they chose, those whose address is refused; addresses for administrators alone."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.requests import Request
from maillage.exchange.kit import export_response
from maillage.newsletters import rules
from maillage.newsletters.actions import importing
from maillage.newsletters.forms.letters import ImportForm
from maillage.newsletters.models import Subscription
from maillage.newsletters.queries import figures
from maillage.newsletters.queries.subscribers import COLUMNS, rows_of
from maillage.newsletters.views.asked import admin_page, team_page

_REFUSED = 50


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Request) -> HttpResponse:
    """An address is searched for by a form that is posted: it is in no address of page, nor in any log."""
    viewer = request.viewer
    may_read = bool(rules.may_read_addresses(viewer))
    asked, found = "", None
    if request.method == "POST":
        rules.may_read_addresses(viewer).require()
        asked = request.POST.get("adresse", "").strip()[:254]
        visible = Subscription.objects.visible_to(viewer).prefetch_related("themes", "departments")
        found = visible.filter(email=asked.lower()).first()
    departments, themes, without = figures.counts_by_choice(viewer)
    context: dict[str, Any] = {
        "counts": figures.counts_by_state(viewer),
        "departments": departments,
        "themes": themes,
        "without": without,
        "months": figures.months_of(viewer),
        "refused": Subscription.objects.visible_to(viewer)
        .filter(failed_at__isnull=False)
        .order_by("-failed_at", "-pk")[:_REFUSED],
        "may_read": may_read,
        "asked": asked,
        "found": found,
        "proofs": [] if found is None else figures.proofs_of(viewer, found),
    }
    return render(request, "newsletters/work/subscribers.html", context)


@admin_page
@require_POST
def export(request: Request) -> HttpResponseBase:
    viewer = request.viewer
    found = Subscription.objects.visible_to(viewer).active()
    importing.note_export(by=viewer, count=found.count())
    return export_response(
        "csv", columns=COLUMNS, rows=rows_of(found), filename=f"abonnes {viewer.network.slug}", title="Abonnés"
    )


@admin_page
@once
@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: Request) -> HttpResponse:
    form = ImportForm(request.POST if request.method == "POST" else None)
    status, taken = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                taken = importing.import_addresses(
                    by=request.viewer,
                    addresses=given["addresses"].splitlines(),
                    source=given["source"],
                    consented_on=given["consented_on"],
                )
                status = 200
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
    context = {"form": form, "taken": taken, "asks": form.is_bound and form.data.get("consent") == "ask"}
    return render(request, "newsletters/work/import.html", context, status=status)
