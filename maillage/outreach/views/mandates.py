"""Mandates of an elected official: adding, correcting, ending, taking away one entered by mistake."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.requests import Request
from maillage.outreach import rules
from maillage.outreach.actions import officials as actions
from maillage.outreach.forms.officials import MandateForm
from maillage.outreach.models import Mandate, Official
from maillage.outreach.views.team import official_of, team_page


def _mandate(request: Request, pk: int) -> tuple[Mandate, Official]:
    visible = Mandate.objects.visible_to(request.viewer)
    mandate = get_object_or_404(visible.select_related("territory"), pk=pk)
    return mandate, official_of(request, mandate.official_id)


@team_page
@once
@require_http_methods(["GET", "HEAD", "POST"])
def add_mandate(request: Request, pk: int) -> HttpResponse:
    return _fill(request, official_of(request, pk), None)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def change_mandate(request: Request, pk: int) -> HttpResponse:
    mandate, official = _mandate(request, pk)
    return _fill(request, official, mandate)


def _fill(request: Request, official: Official, mandate: Mandate | None) -> HttpResponse:
    rules.may_note(request.viewer, official).require()
    form = MandateForm(request.POST if request.method == "POST" else None, viewer=request.viewer, mandate=mandate)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                if mandate is None:
                    actions.add_mandate(by=request.viewer, official=official, **form.values())
                else:
                    actions.change_mandate(by=request.viewer, mandate=mandate, **form.values())
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            except ValidationError:
                form.add_error("function", _("Ce mandat est déjà noté, avec la même date."))
            else:
                messages.success(request, _("Le mandat est noté."))
                return redirect(official)
    context = {"form": form, "official": official, "mandate": mandate}
    return render(request, "outreach/officials/mandate.html", context, status=status)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def remove_mandate(request: Request, pk: int) -> HttpResponse:
    mandate, official = _mandate(request, pk)
    rules.may_note(request.viewer, official).require()
    if request.method != "POST":
        context = {"official": official, "mandate": mandate}
        return render(request, "outreach/officials/mandate_remove.html", context)
    try:
        actions.remove_mandate(by=request.viewer, mandate=mandate)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Le mandat est retiré."))
    return redirect(official)
