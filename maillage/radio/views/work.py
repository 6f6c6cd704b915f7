"""The team's table of episodes, its programmes."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from maillage.core.errors import Conflict, Refused
from maillage.core.once import once
from maillage.core.pagination import paginate, with_params
from maillage.core.requests import Request
from maillage.radio.actions import create_show, edit_show
from maillage.radio.actions.editing import keep_picture
from maillage.radio.enums import EpisodeState
from maillage.radio.forms.shows import ShowForm
from maillage.radio.models import Show
from maillage.radio.queries import table
from maillage.radio.queries.fields import show_fields
from maillage.radio.views.asked import show_of, team_page

_PER_PAGE = 40


@team_page
@require_safe
def list_episodes(request: Request) -> HttpResponse:
    viewer, asked = request.viewer, table.filters_of(request.GET)
    counts = table.state_counts(viewer, asked)
    tabs: list[Any] = [
        (_("Tous les états"), with_params(request.GET, etat=None, page=None), not asked.state, sum(counts.values()))
    ]
    tabs += [
        (label, with_params(request.GET, etat=value, page=None), asked.state == value, counts.get(value, 0))
        for value, label in EpisodeState.choices
    ]
    context = {
        "page": paginate(table.episodes(viewer, asked), request.GET, per_page=_PER_PAGE),
        "asked": asked,
        "tabs": tabs,
        "shows": list(table.shows_with_counts(viewer)),
    }
    return render(request, "radio/work/table.html", context)


@team_page
@require_safe
def list_shows(request: Request) -> HttpResponse:
    return render(request, "radio/work/shows.html", {"shows": list(table.shows_with_counts(request.viewer))})


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
@once
def add_show(request: Request) -> HttpResponse:
    email = request.network.contact_email if request.network is not None else ""
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ShowForm(*sent, email=email)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                show = create_show(by=request.viewer, fields=_with_picture(form.cleaned_data))
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("L'émission « %s » est créée.") % show.name)
                return redirect("radio:episode_table")
    return render(request, "radio/work/show_edit.html", {"form": form, "show": None}, status=status)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def change_show(request: Request, show: str) -> HttpResponse:
    found = show_of(request, show)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ShowForm(*sent, show=found)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                edit_show(by=request.viewer, show=found, fields=_with_picture(form.changed()), seen=form.seen)
            except Conflict:
                status = 409
                form.tell(show_fields(Show.objects.visible_to(request.viewer).get(pk=found.pk)))
            except (Refused, ValidationError) as refusal:
                form.add_error(None, getattr(refusal, "sentence", refusal))
                status = getattr(refusal, "status", 422)
            else:
                messages.success(request, _("L'émission est enregistrée."))
                return redirect("radio:show_list_work")
    context = {"form": form, "show": found, "conflict": status == 409}
    return render(request, "radio/work/show_edit.html", context, status=status)


def _with_picture(fields: dict[str, Any]) -> dict[str, Any]:
    """A picture received is stored, and named."""
    picture = fields.get("image")
    if picture and not isinstance(picture, str):
        return {**fields, "image": keep_picture(picture)}
    return fields
