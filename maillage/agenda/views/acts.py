"""Acts on an event that ask a word first: its status, taking it out, taking it up again, deleting a draft, leaving it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from maillage.agenda import rules
from maillage.agenda.actions.duplicating import duplicate_event, first_day
from maillage.agenda.actions.stating import delete_event, feature_event, hide_event, leave_event, tell_status
from maillage.agenda.forms.acts import DuplicateForm, HidingForm, StatusForm
from maillage.agenda.models import Event
from maillage.agenda.queries.schedules import schedule_of
from maillage.agenda.queries.sentences import schedule_in_words
from maillage.agenda.views.asked import event_of, own_event
from maillage.core.doors import signed_in
from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.requests import Request
from maillage.directory.models import Actor


def _page(request: Request, name: str, event: Event, status: int, **context: Any) -> HttpResponse:
    return render(request, f"agenda/work/{name}.html", {"event": event, "form": None, **context}, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def change_status(request: Request, pk: int) -> HttpResponse:
    viewer, event = request.viewer, own_event(request, pk)
    rules.may_tell_status(viewer, event).require()
    initial = {"status": request.GET.get("est") or event.status, "note": event.status_note}
    form = StatusForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                tell_status(by=viewer, event=event, seen_status=request.POST.get("vu"), **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                event, status = event_of(request, pk), refusal.status
            else:
                messages.success(request, _("C'est dit : tout le monde le lit sur la page de l'événement."))
                return redirect("agenda:event_work", pk)
    return _page(request, "status", event, status, form=form)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def hide(request: Request, pk: int) -> HttpResponse:
    viewer, event = request.viewer, event_of(request, pk)
    rules.may_hide(viewer, event).require()
    form = HidingForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                hide_event(by=viewer, event=event, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("L'événement a quitté l'agenda, les flux et la recherche."))
                return redirect("agenda:event_work", pk)
    return _page(request, "hide", event, status, form=form)


@signed_in
@require_POST
def feature(request: Request, pk: int) -> HttpResponse:
    event = event_of(request, pk)
    wanted = "retirer" not in request.POST
    feature_event(by=request.viewer, event=event, featured=wanted)
    messages.success(
        request, _("L'événement est « à ne pas manquer ».") if wanted else _("L'événement n'est plus mis en avant.")
    )
    return redirect("agenda:event_work", pk)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@once
def duplicate(request: Request, pk: int) -> HttpResponse:
    viewer, event = request.viewer, own_event(request, pk)
    schedule = schedule_of(event)
    form = DuplicateForm(request.POST if request.method == "POST" else None, initial={"first_on": first_day(schedule)})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = duplicate_event(by=viewer, event=event, first_on=form.first_day)
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(
                    request, _("Voici un brouillon avec tout le reste : vérifiez ses dates, puis publiez-le.")
                )
                return redirect("agenda:event_edit_step", made.pk, "dates")
    return _page(request, "duplicate", event, status, form=form, schedule=schedule_in_words(schedule))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: Request, pk: int) -> HttpResponse:
    event = own_event(request, pk)
    rules.may_delete(request.viewer, event).require()
    if request.method == "POST":
        delete_event(by=request.viewer, event=event)
        messages.success(request, _("« %(title)s » est supprimé.") % {"title": event.title})
        return redirect("agenda:own_events")
    return _page(request, "delete", event, 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: Request, pk: int, actor: int) -> HttpResponse:
    """The people of an actor say that it does not organise this."""
    event = own_event(request, pk)
    row = get_object_or_404(event.organisers.filter(withdrawn_at=None).select_related("actor"), actor=actor)
    left: Actor = row.actor
    rules.may_withdraw_organiser(request.viewer, event, left.pk).require()
    if request.method == "POST":
        leave_event(by=request.viewer, event=event, actor=left)
        messages.success(request, _("« %(actor)s » n'est plus parmi les organisateurs.") % {"actor": left.name})
        return redirect("agenda:own_events")
    return _page(request, "leave", event, 200, actor=left)
