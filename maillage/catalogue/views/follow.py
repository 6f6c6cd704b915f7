"""The working page of a resource: for the team that reads it and answers, and for those who offer it; acts that ask a word."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.activity.models import Entry
from maillage.activity.queries import WHO, lines_of
from maillage.catalogue import actions, rules
from maillage.catalogue.actions.stating import print_of, require_whole
from maillage.catalogue.enums import Kind, RefusalReason, State
from maillage.catalogue.forms.acts import HidingForm, RefusalForm, RetiringForm
from maillage.catalogue.forms.steps import STEPS
from maillage.catalogue.models import Resource
from maillage.catalogue.queries import table
from maillage.catalogue.queries.clashes import shown_bookings
from maillage.catalogue.queries.reading import downloads_of, page_of_resource
from maillage.catalogue.registry import RESOURCE, resource_work
from maillage.catalogue.views.asked import done, filled, own_resource, page, resource_of, team_page
from maillage.core.doors import signed_in
from maillage.core.errors import Refused
from maillage.core.pagination import paginate, with_params
from maillage.core.requests import Request
from maillage.moderation.queries import page_about

_ENTRIES, _PER_PAGE = 15, 50


@team_page
@require_safe
def list_resources(request: Request) -> HttpResponse:
    viewer, asked = request.viewer, table.filters_of(request.GET)
    counts = table.state_counts(viewer, asked)
    tabs: list[Any] = [
        (_("Tous les états"), with_params(request.GET, etat=None, page=None), not asked.state, sum(counts.values()))
    ]
    tabs += [
        (label, with_params(request.GET, etat=value, page=None), asked.state == value, counts.get(value, 0))
        for value, label in State.choices
        if value != State.DRAFT or counts.get(value)
    ]
    context = {
        "page": paginate(table.resources(viewer, asked), request.GET, per_page=_PER_PAGE),
        "asked": asked,
        "tabs": tabs,
        "forms": [(kind.value, kind.label) for kind in table.Form],
    }
    return render(request, "catalogue/work/table.html", context)


@signed_in
@require_safe
def show_resource(request: Request, pk: int) -> HttpResponse:
    return page_of(request, resource_of(request, pk))


def page_of(request: Request, resource: Resource, status: int = 200, form: Any = None) -> HttpResponse:
    viewer = request.viewer
    may_edit = rules.may_edit(viewer, resource)
    if not viewer.runs_network:
        may_edit.require()
    may_review = bool(rules.may_review(viewer, resource))
    entries = Entry.objects.visible_to(viewer).about(resource).filter(network=viewer.network)
    pages = paginate(entries.select_related(*WHO), request.GET, per_page=_ENTRIES) if viewer.runs_network else None
    context: dict[str, Any] = {
        "told": page_of_resource(resource, viewer),
        "may_edit": may_edit,
        "may_review": may_review,
        "may_delete": bool(rules.may_delete(viewer, resource)),
        "at_once": bool(rules.may_publish(viewer, resource)),
        "reads_reason": may_review and resource.state == State.RETIRED and resource.reason_waits,
        "reads": may_review and resource.state == State.PROPOSED,
        "is_open": resource.state in (State.DRAFT, State.REFUSED, State.PROPOSED, State.RETIRED),
        "seen": print_of(resource) if may_review else "",
        "lacks": _lacks(resource) if may_edit and resource.state != State.PUBLISHED else "",
        "reason_label": dict(RefusalReason.choices).get(resource.code, ""),
        "steps": [(name, each.title) for name, each in STEPS.items()],
        "stock": resource.copies.count(),
        "has_stock": resource.is_lent or resource.kind == Kind.VEHICLE,
        "downloads": downloads_of(resource),
        "reports_url": page_about(viewer, RESOURCE, resource),
        "page": pages,
        "journal": lines_of(pages.object_list) if pages is not None else [],
        "refusal_form": form if isinstance(form, RefusalForm) else RefusalForm(auto_id="refus-%s"),
        "panels": resource_work.panels(viewer, resource),
        "form": form,
    }
    return page(request, "show", resource, status, **context)


def _lacks(resource: Resource) -> str:
    """What is missing for everyone to find it."""
    try:
        require_whole(resource)
    except Refused as refusal:
        return refusal.sentence
    return ""


@signed_in
@require_POST
def submit(request: Request, pk: int) -> HttpResponse:
    """Publish, or propose to the team."""
    resource = own_resource(request, pk)
    try:
        resource = actions.submit_resource(by=request.viewer, resource=resource)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return page_of(request, resource_of(request, pk), refusal.status)
    if resource.state == State.PUBLISHED:
        messages.success(request, _("C'est publié."))
        return redirect(resource)
    messages.success(request, _("C'est envoyé : l'équipe d'animation la relit, vous recevrez sa réponse."))
    return redirect("catalogue:resource_work", pk)


@signed_in
@require_POST
def publish(request: Request, pk: int) -> HttpResponse:
    resource = resource_of(request, pk)
    rules.may_review(request.viewer, resource).require()
    try:
        actions.publish_resource(by=request.viewer, resource=resource, seen=request.POST.get("vu", ""))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return page_of(request, resource_of(request, pk), refusal.status)
    messages.success(request, _("C'est publié ; les personnes de la structure sont prévenues."))
    return redirect("catalogue:resource_work", pk)


@signed_in
@require_POST
def refuse(request: Request, pk: int) -> HttpResponse:
    resource = resource_of(request, pk)
    rules.may_review(request.viewer, resource).require()
    form = RefusalForm(request.POST, auto_id="refus-%s")
    status, _answer = filled(
        request, form, lambda given: actions.refuse_resource(by=request.viewer, resource=resource, **given)
    )
    if status != 302:
        return page_of(request, resource, status, form)
    messages.success(request, _("Ce n'est pas publié ; les personnes de la structure reçoivent vos raisons."))
    return redirect(f"{reverse('directory:queue')}?nature=resource")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def hide(request: Request, pk: int) -> HttpResponse:
    resource = resource_of(request, pk)
    rules.may_review(request.viewer, resource).require()
    form = HidingForm(request.POST if request.method == "POST" else None)
    status, _answer = filled(
        request, form, lambda given: actions.hide_resource(by=request.viewer, resource=resource, **given)
    )
    if status != 302:
        return page(request, "hide", resource, status, form=form)
    messages.success(request, _("La ressource a quitté le site, les flux et la recherche."))
    return redirect("catalogue:resource_work", pk)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def retire(request: Request, pk: int) -> HttpResponse:
    resource = own_resource(request, pk)
    rules.may_retire(request.viewer, resource).require()
    form = RetiringForm(request.POST if request.method == "POST" else None, viewer=request.viewer)
    seen = request.POST.get("confirme") == "1"
    status, _answer = filled(
        request,
        form,
        lambda given: actions.retire_resource(by=request.viewer, resource=resource, despite_bookings=seen, **given),
    )
    if status != 302:
        waits = not rules.writes_at_once(request.viewer, resource)
        bookings = shown_bookings(resource)
        return page(request, "retire", resource, status, form=form, bookings=bookings, waits=waits, seen=seen)
    messages.success(request, _("Elle n'est plus proposée. Vous pourrez la remettre."))
    return redirect("catalogue:resource_work", pk)


@signed_in
@require_POST
def answer_reason(request: Request, pk: int) -> HttpResponse:
    """The team shows the words of a stub, or erases them."""
    resource = resource_of(request, pk)
    rules.may_review(request.viewer, resource).require()
    kept = request.POST.get("acte") != "effacer"
    return done(
        request,
        lambda: actions.answer_reason(
            by=request.viewer, resource=resource, reason=request.POST.get("motif", ""), kept=kept
        ),
        _("Le motif est sur sa page.") if kept else _("Le motif est effacé."),
        "catalogue:resource_work",
        pk,
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: Request, pk: int) -> HttpResponse:
    resource = own_resource(request, pk)
    rules.may_delete(request.viewer, resource).require()
    if request.method == "POST":
        try:
            actions.delete_resource(by=request.viewer, resource=resource)
        except Refused as refusal:
            messages.error(request, refusal.sentence)
            return redirect("catalogue:resource_work", pk)
        messages.success(request, _("« %(title)s » est supprimée.") % {"title": resource.title})
        return redirect("catalogue:own_resources")
    return page(request, "delete", resource)


@signed_in
@require_POST
def feature(request: Request, pk: int) -> HttpResponse:
    resource = resource_of(request, pk)
    rules.may_review(request.viewer, resource).require()
    wanted = "retirer" not in request.POST
    return done(
        request,
        lambda: actions.feature_resource(by=request.viewer, resource=resource, featured=wanted),
        _("Elle est mise en avant.") if wanted else _("Elle n'est plus mise en avant."),
        "catalogue:resource_work",
        pk,
    )
