"""Running communities: the team's table, opening one, writing it and its charter, archiving, taking it away."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from maillage.communities import actions, rules
from maillage.communities.enums import MemberRole
from maillage.communities.forms import CharterForm, CommunityForm, NewCommunityForm
from maillage.communities.queries import reading
from maillage.communities.queries.exporting import archive_of
from maillage.communities.views.asked import managed_community, team_page
from maillage.core.doors import signed_in
from maillage.core.errors import Conflict, Refused
from maillage.core.once import once
from maillage.core.pagination import paginate
from maillage.core.requests import Request

_PER_PAGE = 50


@team_page
@require_safe
def list_communities(request: Request) -> HttpResponse:
    asked = reading.asked_in(request.GET)
    page = paginate(reading.managed(request.viewer, asked), request.GET, per_page=_PER_PAGE)
    return render(request, "communities/work/table.html", {"page": page, "asked": asked})


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
@once
def create(request: Request) -> HttpResponse:
    viewer = request.viewer
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = NewCommunityForm(*sent, viewer=viewer)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                with transaction.atomic():
                    made = actions.create_community(by=viewer, fields=form.fields_of(), charter=given["charter"])
                    if given["animator"] and given["animator"].lower() != viewer.user.email.lower():
                        actions.invite(by=viewer, community=made, email=given["animator"], role=MemberRole.ANIMATOR)
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("La communauté est ouverte."))
                return redirect(made)
    return render(request, "communities/work/edit.html", {"form": form, "community": None}, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, slug: str) -> HttpResponse:
    viewer, community = request.viewer, managed_community(request, slug)
    rules.may_change(viewer, community).require()
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = CommunityForm(*sent, viewer=viewer, community=community)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.edit_community(by=viewer, community=community, fields=form.changed(), seen=form.seen)
            except Conflict as conflict:
                form.tell(actions.held_fields(managed_community(request, slug)))
                form.add_error(None, conflict.sentence)
                status = conflict.status
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("C'est enregistré."))
                return redirect("communities:community_show", slug)
    return render(request, "communities/work/edit.html", {"form": form, "community": community}, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit_charter(request: Request, slug: str) -> HttpResponse:
    viewer, community = request.viewer, managed_community(request, slug)
    rules.may_change(viewer, community).require()
    current = community.charters.first()
    form = CharterForm(
        request.POST if request.method == "POST" else None, initial={"body": current.body if current else ""}
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = actions.change_charter(by=viewer, community=community, body=form.cleaned_data["body"])
            except Refused as refusal:
                form.add_error("body", refusal.sentence)
                status = refusal.status
            else:
                text = _("La nouvelle charte est en vigueur : les membres sont invités à la relire.")
                messages.success(request, text if made else _("Le texte n'a pas changé."))
                return redirect("communities:community_charter", slug)
    context = {"form": form, "community": community, "current": current}
    return render(request, "communities/work/charter.html", context, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def archive(request: Request, slug: str) -> HttpResponse:
    """Archived, or reopened."""
    viewer, community = request.viewer, managed_community(request, slug)
    rules.may_archive(viewer, community).require()
    if request.method == "POST":
        if community.is_archived:
            actions.reopen_community(by=viewer, community=community)
            messages.success(request, _("La communauté est rouverte."))
        else:
            actions.archive_community(by=viewer, community=community)
            messages.success(request, _("La communauté est archivée : elle se lit et ne change plus."))
        if viewer.runs_network:
            return redirect("communities:community_table")
        return redirect("communities:community_show", slug)
    return render(request, "communities/work/archive.html", {"community": community})


@signed_in
@never_cache
@require_safe
def export(request: Request, slug: str) -> HttpResponse:
    """For those who animate it: it holds addresses."""
    community = managed_community(request, slug)
    rules.may_animate(request.viewer, community).require()
    response = HttpResponse(archive_of(request.viewer, community), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{community.slug}.zip"'
    response["X-Robots-Tag"] = "noindex"
    return response
