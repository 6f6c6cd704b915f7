"""Writing an event step by step, by the team or by those who organise it; its dates one by one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from maillage.agenda import rules
from maillage.agenda.actions.editing import edit_event, keep_picture
from maillage.agenda.actions.revising import propose_edit
from maillage.agenda.actions.stating import change_timing, remove_timing
from maillage.agenda.enums import EventState
from maillage.agenda.forms.acts import TimingForm
from maillage.agenda.forms.steps import DatesForm, StepForm, steps_for
from maillage.agenda.models import Event, EventRevision
from maillage.agenda.queries.fields import held_fields
from maillage.agenda.queries.pages import as_date
from maillage.agenda.queries.revisions import over, taken_up
from maillage.agenda.queries.schedules import fields_of
from maillage.agenda.views.asked import own_event
from maillage.core.doors import signed_in
from maillage.core.errors import Conflict, Refused
from maillage.core.pagination import paginate
from maillage.core.requests import Request
from maillage.core.text import whole_number

_NEXT = 10  # Dates told in words after they are saved.
_PER_PAGE = 40


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit_step(request: Request, pk: int, step: str = "essentiel") -> HttpResponse:
    """One step. A change made meanwhile by someone else is shown beside what was typed; an unlikely date is asked about once."""
    viewer, event = request.viewer, own_event(request, pk)
    waits = rules.is_reviewed(viewer, event)
    steps = steps_for(waits)
    if step not in steps:
        raise Http404
    key = whole_number(request.GET.get("reprise", ""))
    again = taken_up(viewer, event, key) if waits else None
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = steps[step](*sent, event=event, viewer=viewer, revision=again)
    status, doubts = 200, []
    adds = "ajouter" in request.POST
    if request.method == "POST" and not adds:
        status = 422
        if form.is_valid():
            doubts = [] if "sur" in request.POST else form.doubts()
            try:
                if not doubts:
                    revision = _save(request, form, event, again, waits=waits)
                    return _saved(request, event, form, revision, waits=waits, names=list(steps))
                status = 200
            except Conflict:
                event, status = own_event(request, pk), 409
                form.tell(over(held_fields(event, viewer, form.held), again))
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
    names = list(steps)
    context = {
        "event": event,
        "form": form,
        "summarised": not adds,
        "conflict": status == 409,
        "doubts": doubts,
        "step": step,
        "title": form.title,
        "number": names.index(step) + 1,
        "steps": [(name, each.title) for name, each in steps.items()],
        "next_step": names[names.index(step) + 1] if step != names[-1] else "",
        "multipart": form.is_multipart(),
        "waits": waits,
        "revision": again,
        "resumed": again is not None and not again.is_waiting,
        "dates": _coming(event) if isinstance(form, DatesForm) else None,
    }
    return render(request, "agenda/work/edit.html", context, status=status)


def _save(
    request: Request, form: StepForm, event: Event, again: EventRevision | None, *, waits: bool
) -> EventRevision | None:
    fields = form.changed()
    if picture := fields.get("image"):
        fields["image"] = keep_picture(picture)
    if not waits:
        if fields:
            edit_event(by=request.viewer, event=event, fields=fields, seen=form.seen)
        return None
    if not fields:
        return again
    return propose_edit(by=request.viewer, event=event, fields=fields, seen=form.seen, again=again)


def _saved(
    request: Request, event: Event, form: StepForm, revision: EventRevision | None, *, waits: bool, names: list[str]
) -> HttpResponse:
    if not waits:
        messages.success(request, _("« %(step)s » est enregistré.") % {"step": form.title})
    elif revision is None:
        messages.info(request, _("Vous ne proposez aucune modification : l'événement reste comme il est."))
    elif revision.is_waiting:
        messages.success(
            request, _("Votre modification attend la relecture de l'équipe. L'événement publié n'a pas changé.")
        )
    if "suivant" in request.POST and form.step != names[-1]:
        return redirect("agenda:event_edit_step", event.pk, names[names.index(form.step) + 1])
    if waits and revision is not None:
        return redirect("agenda:event_revision_show", revision.pk)
    if isinstance(form, DatesForm):
        return redirect("agenda:event_edit_step", event.pk, form.step)
    return redirect("agenda:event_work", event.pk)


def _coming(event: Event) -> dict[str, Any]:
    """The next dates in words, and how many there are in all."""
    coming = event.timings.upcoming().order_by("starts_at", "pk")
    return {
        "next": [(timing.pk, as_date(timing, event)) for timing in coming[:_NEXT]],
        "coming": coming.count(),
        "all": event.timings.count(),
    }


@signed_in
@require_safe
def list_dates(request: Request, pk: int) -> HttpResponse:
    """Every date, those to come first unless `?passees=1`."""
    event = own_event(request, pk)
    past = "passees" in request.GET
    found = event.timings.order_by("-starts_at", "pk") if past else event.timings.upcoming().order_by("starts_at", "pk")
    page = paginate(found, request.GET, per_page=_PER_PAGE)
    context = {
        "event": event,
        "page": page,
        "dates": [(timing, as_date(timing, event)) for timing in page.object_list],
        "past": past,
        "coming": not past,
    }
    return render(request, "agenda/work/dates.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit_date(request: Request, pk: int, timing: int) -> HttpResponse:
    """One date alone: its hours, that it is cancelled, a word; or taken away as if it had never been."""
    viewer, event = request.viewer, own_event(request, pk)
    held = get_object_or_404(event.timings.select_related("event"), pk=timing)
    may_move = bool(rules.may_write(viewer, event))
    form = TimingForm(request.POST if request.method == "POST" else None, event=event, timing=held, may_move=may_move)
    status = 200
    if request.method == "POST":
        status = 422
        is_valid = form.is_valid()
        try:
            if request.POST.get("acte") == "retirer":
                remove_timing(by=viewer, timing=held, seen=form.seen)
                messages.success(request, _("Cette date est retirée ; les autres n'ont pas changé."))
                return redirect("agenda:event_dates", pk)
            if is_valid:
                change_timing(by=viewer, timing=held, fields=form.wanted(), seen=form.seen, **form.values())
                messages.success(request, _("Cette date est changée ; les autres n'ont pas bougé."))
                return redirect("agenda:event_dates", pk)
        except Conflict:
            held.refresh_from_db()
            status = 409
            form.tell(fields_of(held, event))
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
            status = refusal.status
    context = {
        "event": event,
        "timing": held,
        "conflict": status == 409,
        "date": as_date(held, event),
        "form": form,
        "may_move": may_move,
        "is_public": event.state == EventState.PUBLISHED,
    }
    return render(request, "agenda/work/date.html", context, status=status)
