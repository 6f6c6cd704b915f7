"""Editing a sheet step by step, by the team or by those who look after it; creating one, look-alikes first; placing."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.core.doors import signed_in
from maillage.core.errors import Conflict
from maillage.core.geo import distance_km
from maillage.core.once import once
from maillage.core.text import whole_number
from maillage.directory import actions, rules
from maillage.directory.actions.creating import create_checked
from maillage.directory.actions.editing import follow_picture
from maillage.directory.actions.revising import propose_edit
from maillage.directory.actions.suggesting import answer_missing
from maillage.directory.actions.writing import FAR_KM
from maillage.directory.enums import RevisionState
from maillage.directory.forms.actors import STEPS
from maillage.directory.forms.actors.place import PlaceForm
from maillage.directory.forms.actors.step import StepForm
from maillage.directory.forms.working import CreateForm, PositionForm
from maillage.directory.models import Actor, Revision
from maillage.directory.queries.base_map import base_map, frame_of
from maillage.directory.queries.fields import held_fields
from maillage.directory.queries.history import provenance
from maillage.directory.queries.likeness import Alike, alike
from maillage.directory.queries.revisions import open_revision, over
from maillage.directory.queries.suggestions import given
from maillage.directory.queries.table import rows_of
from maillage.directory.queries.todo import own_selection
from maillage.directory.views.suggestions import suggested_actor
from maillage.directory.views.work import actor_of, team_page
from maillage.territories.models import Territory


def back_to(request: HttpRequest, actor: Actor) -> str:
    """The sheet that the editor works from."""
    name = "directory:actor_work" if request.viewer.runs_network else "directory:own_sheet"
    return reverse(name, args=[actor.pk])


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit_actor(request: HttpRequest, pk: int, step: str = "identite") -> HttpResponse:
    """One step of the sheet. A change made meanwhile by someone else is shown beside what was typed."""
    viewer = request.viewer
    if step not in STEPS:
        raise Http404
    actor = actor_of(request, pk)
    rules.may_edit(viewer, actor).require()
    status = 200
    again, waits = _taken_up(request, actor)
    form = STEPS[step](*_sent(request), actor=actor, viewer=viewer, revision=again)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                revision = _save(request, form, actor, again, waits)
            except Conflict:
                actor, status = actor_of(request, pk), 409
                again, waits = _taken_up(request, actor)
                form.tell(over(held_fields(actor, viewer, form.held), again))
            else:
                return _proposed(request, actor, step, revision) if waits else _next(request, actor, step)
    names = list(STEPS)
    wrote = provenance(actor, viewer)
    context = {
        "actor": actor,
        "form": form,
        "fields": [(field, wrote.get(form.records.get(field.name, ""))) for field in form],
        "conflict": status == 409,
        "step": step,
        "title": form.title,
        "number": names.index(step) + 1,
        "steps": [(name, each.title) for name, each in STEPS.items()],
        "next_step": names[names.index(step) + 1] if step != names[-1] else "",
        "back": back_to(request, actor),
        "multipart": form.is_multipart(),
        "waits": waits,
        "revision": again,
        "resumed": again is not None and again.is_refused,
    }
    return render(request, "directory/work/edit.html", context, status=status)


def _sent(request: HttpRequest) -> tuple[Any, ...]:
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _taken_up(request: HttpRequest, actor: Actor) -> tuple[Revision | None, bool]:
    """The revision whose words the form shows, and whether what is written waits for the team: the one that waits, else the
    refused one that the address names (`?reprise=12`)."""
    if not rules.is_reviewed(request.viewer, actor):
        return None, False
    revision = open_revision(request.viewer, actor)
    key = whole_number(request.GET.get("reprise", ""))
    if revision is None and key is not None:
        own = Revision.objects.visible_to(request.viewer).filter(actor=actor, author=request.viewer.user_id)
        revision = own.filter(pk=key, state=RevisionState.REFUSED).first()
    return revision, True


def _save(request: HttpRequest, form: StepForm, actor: Actor, again: Revision | None, waits: bool) -> Revision | None:
    old = actor.image.name
    with transaction.atomic():
        fields = form.changed()
        if waits:
            if fields:
                return propose_edit(by=request.viewer, actor=actor, fields=fields, seen=form.seen, again=again)
            return again
        written = actions.edit_sheet(by=request.viewer, actor=actor, fields=fields, seen=form.seen)
        follow_picture(written, old)
    return None


def _proposed(request: HttpRequest, actor: Actor, step: str, revision: Revision | None) -> HttpResponse:
    if revision is None:
        messages.info(request, _("Vous ne proposez aucune modification : la fiche reste comme elle est."))
    elif revision.is_waiting:
        messages.success(
            request, _("Votre modification attend la relecture de l'équipe. La fiche publiée n'a pas changé.")
        )
    names = list(STEPS)
    if "suivant" in request.POST and step != names[-1]:
        return redirect("directory:actor_edit_step", actor.pk, names[names.index(step) + 1])
    return (
        redirect("directory:revision_show", revision.pk) if revision is not None else redirect(back_to(request, actor))
    )


def _next(request: HttpRequest, actor: Actor, step: str) -> HttpResponse:
    messages.success(request, _("« %(step)s » est enregistré.") % {"step": STEPS[step].title})
    if step == PlaceForm.step:
        kept = actor_of(request, actor.pk)
        if away := _too_far(kept.commune, kept.latitude, kept.longitude):
            waiting = _("En attendant, l'acteur n'est pas montré sur la carte.")
            messages.warning(request, f"{away} {waiting}")
    names = list(STEPS)
    if "suivant" in request.POST and step != names[-1]:
        return redirect("directory:actor_edit_step", actor.pk, names[names.index(step) + 1])
    return redirect(back_to(request, actor))


@signed_in
@require_POST
def confirm_actor(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request, pk)
    actions.confirm(by=request.viewer, actor=actor)
    messages.success(request, _("Merci : la fiche est confirmée à jour."))
    return redirect(back_to(request, actor))


# --- creating -----------------------------------------------------------------------------------------------------------


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
@once
def create_actor(request: HttpRequest) -> HttpResponse:
    """Nothing is written before the look-alikes were shown: those in `vus` were, and were not chosen."""
    viewer = request.viewer
    rules.may_create(viewer).require()
    found: list[Alike] = []
    suggestion = suggested_actor(request)
    form = CreateForm(request.POST or None, viewer=viewer)
    if suggestion is not None:
        form.initial.update(given(suggestion))
    if request.method == "POST" and form.is_valid():
        values = form.values()
        seen = {whole_number(pk) for pk in request.POST.getlist("vus")}
        found = alike(values, viewer)
        parent = next((each for each in found if str(each.actor.pk) == request.POST.get("antenne")), None)
        if parent is not None or {each.actor.pk for each in found} <= seen:
            with transaction.atomic():
                actor = create_checked(
                    by=viewer, values=values, shown=[each.actor for each in found], parent=parent and parent.actor
                )
                if suggestion is not None:
                    answer_missing(by=viewer, suggestion=suggestion, actor=actor)
            messages.success(
                request, _("« %(name)s » est créé. Complétez sa fiche, puis publiez-la.") % {"name": actor.name}
            )
            return redirect("directory:actor_edit_step", actor.pk, "activite")
    context = {"form": form, "alike": found, "asked": request.method == "POST", "suggestion": suggestion}
    return render(request, "directory/work/create.html", context, status=422 if form.errors else 200)


@team_page
@require_POST
def show_lookalikes(request: HttpRequest) -> HttpResponse:
    """While typing: the look-alikes of what is already there."""
    form = CreateForm(request.POST, viewer=request.viewer)
    return render(
        request, "directory/work/_alike.html", {"alike": alike(form.partial(), request.viewer), "asked": False}
    )


# --- placing ------------------------------------------------------------------------------------------------------------


@team_page
@require_safe
def list_to_place(request: HttpRequest) -> HttpResponse:
    ids = _to_place(request)
    return render(
        request, "directory/work/to_place.html", {"rows": rows_of(request.viewer, ids[:100]), "count": len(ids)}
    )


def _to_place(request: HttpRequest) -> list[int]:
    """Ids of the actors that the viewer has to place, by name."""
    selection, _scope = own_selection(request.viewer)
    index = selection.index
    return index.page(index.by_name(selection.mask & index.mask("position", "to_place")), 0, index.size)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def place_actor(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request, pk)
    rules.may_edit(request.viewer, actor).require()
    initial = {"commune": actor.commune, "latitude": actor.latitude, "longitude": actor.longitude}
    form = PositionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.values(actor)
        if away := _too_far(values["commune"], values["latitude"], values["longitude"]):
            form.add_error("latitude", away)
    if request.method == "POST" and form.is_valid():
        actions.update_actor(by=request.viewer, actor=actor, values=values)
        messages.success(request, _("« %(name)s » est placé.") % {"name": actor.name})
        left = [each for each in _to_place(request) if each != pk]
        return (
            redirect("directory:actor_place", left[0])
            if "suivant" in request.POST and left
            else redirect("directory:actors_to_place")
        )
    context = {
        "actor": actor,
        "form": form,
        "left": len(_to_place(request)),
        "bounds": _frame(actor),
        "contours_url": base_map(request.viewer.network),
    }
    return render(request, "directory/work/place.html", context, status=422 if form.errors else 200)


_AROUND = 0.06  # Degrees, about 7 km: the neighbouring towns are named.


def _frame(actor: Actor) -> str:
    """Around the actor and its commune: where they are far apart, both are in sight."""
    places = [(place.latitude, place.longitude) for place in (actor, actor.commune) if place is not None]
    known = [(latitude, longitude) for latitude, longitude in places if latitude is not None and longitude is not None]
    return frame_of(known, margin=_AROUND)


def _too_far(commune: Territory | None, latitude: float | None, longitude: float | None) -> str:
    """A point that contradicts the commune is not trusted: say it now."""
    if latitude is None or longitude is None:
        return ""
    if commune is None or commune.latitude is None or commune.longitude is None:
        return ""
    away = distance_km(latitude, longitude, commune.latitude, commune.longitude)
    if away <= FAR_KM:
        return ""
    return _("Ce point est à %(away)d km de %(commune)s : corrigez le point ou la commune.") % {
        "away": away,
        "commune": commune.name,
    }
