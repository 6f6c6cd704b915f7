"""On what terms a lender lends, and when it is closed: nothing is changed before its page shows the bookings that it breaks."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from maillage.catalogue import actions, rules
from maillage.catalogue.actions.stocking import now_half
from maillage.catalogue.forms.stock import ClosureForm, TermsForm
from maillage.catalogue.models import Resource
from maillage.catalogue.queries import reaching
from maillage.catalogue.queries.clashes import Clash, broken_by_closure, broken_by_hours
from maillage.catalogue.queries.lending import WEEKDAYS, default_terms
from maillage.catalogue.views.asked import done, lender_of, own_resource, page, say
from maillage.core.doors import signed_in
from maillage.core.errors import Refused
from maillage.core.requests import Request
from maillage.directory.models import Actor

_GET_POST = ["GET", "HEAD", "POST"]


@signed_in
@require_http_methods(_GET_POST)
def edit_terms(request: Request, pk: int) -> HttpResponse:
    """Of a lender; its closures stand on the same page."""
    actor = lender_of(request, pk)
    terms = reaching.terms_said(request.network, actor)
    default = default_terms(request.network)
    form = TermsForm(
        request.POST if request.method == "POST" else None, viewer=request.viewer, terms=terms, default=default
    )
    status, clashes = _changed(request, form, actor, None, default)
    if status == 302:
        messages.success(request, _("Vos conditions de prêt sont enregistrées."))
        return redirect("catalogue:lending_terms", pk)
    return _page(request, actor, status, form=form, clashes=clashes)


def _changed(
    request: Request, form: Any, actor: Actor, resource: Resource | None, default: Any
) -> tuple[int, list[Clash]]:
    if request.method != "POST":
        return 200, []
    if not form.is_valid():
        return 422, []
    fields = form.fields_of()
    clashes: list[Clash] = []
    if request.POST.get("confirme") != "1":
        halves = fields["open_halves"] or sorted(default.open_halves) or WEEKDAYS
        holidays = fields["closed_on_holidays"]
        clashes = broken_by_hours(
            request.network, actor, halves, now_half(request.network), resource,
            holidays=default.closed_on_holidays if holidays is None else holidays,
        )  # fmt: skip
    if clashes:
        return 409, clashes
    try:
        actions.set_terms(by=request.viewer, actor=actor, resource=resource, fields=fields)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return refusal.status, []
    return 302, []


def _page(request: Request, actor: Actor, status: int, **context: Any) -> HttpResponse:
    lent = Resource.objects.visible_to(request.viewer).filter(actor=actor).order_by("title_key")
    told = {
        "actor": actor,
        "closures": list(reaching.closures(request.viewer, actor)),
        "closure_form": ClosureForm(auto_id="fermeture-%s"),
        "clashes": [],
        "closure_clashes": [],
        "resources": [each for each in lent if each.is_lent],
    }
    return render(request, "catalogue/work/lender.html", told | context, status=status)


@signed_in
@require_POST
def add_closure(request: Request, pk: int) -> HttpResponse:
    actor = lender_of(request, pk)
    form = ClosureForm(request.POST, auto_id="fermeture-%s")
    status, clashes = 422, []
    if form.is_valid():
        given = form.cleaned_data
        if request.POST.get("confirme") != "1":
            now = now_half(request.network)
            clashes = broken_by_closure(request.network, actor, given["first_on"], given["last_on"], now)
        status = 409
        if not clashes:
            try:
                actions.add_closure(by=request.viewer, actor=actor, **given)
            except Refused as refusal:
                say(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("La fermeture est annoncée."))
                return redirect("catalogue:lending_terms", pk)
    terms = reaching.terms_said(request.network, actor)
    terms_form = TermsForm(viewer=request.viewer, terms=terms, default=default_terms(request.network))
    return _page(request, actor, status, form=terms_form, closure_form=form, closure_clashes=clashes)


@signed_in
@require_POST
def remove_closure(request: Request, pk: int) -> HttpResponse:
    closure = get_object_or_404(reaching.closures(request.viewer), pk=pk)
    rules.may_lend(request.viewer, lender_of(request, closure.actor_id)).require()
    act = lambda: actions.remove_closure(by=request.viewer, closure=closure)  # noqa: E731
    return done(request, act, _("La fermeture est annulée."), "catalogue:lending_terms", closure.actor_id)


@signed_in
@require_http_methods(_GET_POST)
def edit_resource_terms(request: Request, pk: int) -> HttpResponse:
    """What one resource says of its own; its lender's terms are shown in the boxes."""
    resource = own_resource(request, pk)
    terms = reaching.terms_said(request.network, resource.actor, resource)
    default = default_terms(request.network, resource.actor)
    form = TermsForm(
        request.POST if request.method == "POST" else None, viewer=request.viewer, terms=terms, default=default
    )
    rules.may_lend(request.viewer, resource.actor).require()
    status, clashes = _changed(request, form, resource.actor, resource, default)
    if status == 302:
        messages.success(request, _("Les conditions de prêt de cette ressource sont enregistrées."))
        return redirect("catalogue:resource_work", pk)
    return page(request, "terms", resource, status, form=form, clashes=clashes)
