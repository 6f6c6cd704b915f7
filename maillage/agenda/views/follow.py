"""The working page of an event: for the team that reads it and answers, and for those who wrote or organise it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maillage.activity.queries import WHO, lines_of
from maillage.agenda import rules
from maillage.agenda.actions.editing import judge_distinct
from maillage.agenda.actions.stating import publish_event, refuse_event, submit_event
from maillage.agenda.enums import EventState, RefusalReason
from maillage.agenda.forms.acts import RefusalForm
from maillage.agenda.forms.steps import steps_for
from maillage.agenda.models import Event
from maillage.agenda.queries.history import entries_about
from maillage.agenda.queries.lookalikes import lookalikes
from maillage.agenda.queries.pages import page_of_event
from maillage.agenda.queries.revisions import own_revisions
from maillage.agenda.queries.schedules import schedule_of
from maillage.agenda.queries.sentences import schedule_in_words
from maillage.agenda.registry import EVENT, event_work
from maillage.agenda.views.asked import event_of, own_event
from maillage.core.doors import signed_in
from maillage.core.errors import Refused
from maillage.core.pagination import paginate
from maillage.core.requests import Request
from maillage.core.richtext import shown
from maillage.core.text import whole_number
from maillage.moderation.queries import page_about
from maillage.sharing.rules import is_offered

_ENTRIES = 15


@signed_in
@require_safe
def show_event(request: Request, pk: int) -> HttpResponse:
    return page_of(request, event_of(request, pk))


def page_of(request: Request, event: Event, status: int = 200, refusal: RefusalForm | None = None) -> HttpResponse:
    viewer = request.viewer
    may_edit = rules.may_edit(viewer, event)
    if not viewer.runs_network:
        may_edit.require()
    told = page_of_event(event.pk, viewer)
    schedule = schedule_of(event)
    may_review = bool(rules.may_review(viewer, event))
    reads = may_review and event.state == EventState.PROPOSED
    entries = entries_about(event, viewer).select_related(*WHO).order_by("-at", "-pk")
    page = paginate(entries, request.GET, per_page=_ENTRIES) if viewer.runs_network else None
    waits = rules.is_reviewed(viewer, event) if may_edit else False
    context: dict[str, Any] = {
        "event": event,
        "told": told,
        "schedule": schedule_in_words(schedule),
        "description": shown(event.description),
        "may_edit": may_edit,
        "may_publish": bool(rules.may_publish(viewer, event)),
        "may_review": may_review,
        "may_delete": bool(rules.may_delete(viewer, event)),
        "reads": reads,
        "is_open": event.state in (EventState.DRAFT, EventState.REFUSED, EventState.PROPOSED),
        "waits": waits,
        "reason_label": dict(RefusalReason.choices).get(event.code, ""),
        "steps": [(name, form.title) for name, form in steps_for(waits).items()] if may_edit else [],
        "alike": lookalikes(event, viewer) if reads else [],
        "own_revisions": own_revisions(viewer, event),
        "others_revisions": list(event.revisions.waiting().exclude(author=viewer.user_id).select_related("author"))
        if may_review
        else [],
        "shares": is_offered(viewer, EVENT, event),
        "reports_url": page_about(viewer, EVENT, event),
        "leaves": _own_organisers(request, event),
        "page": page,
        "journal": lines_of(page.object_list) if page is not None else [],
        "refusal_form": refusal or RefusalForm(auto_id="refus-%s"),
        "form": refusal,
        "work_panels": event_work.panels(viewer, event),
        "lacks": _lacks(event) if may_edit and event.state != EventState.PUBLISHED else [],
    }
    return render(request, "agenda/work/show.html", context, status=status)


def _own_organisers(request: Request, event: Event) -> list[Any]:
    own = request.viewer.user.actor_memberships.values("actor")
    return list(event.organisers.filter(actor__in=own, withdrawn_at=None).select_related("actor"))


def _lacks(event: Event) -> list[tuple[str, str]]:
    """(step, what is missing) for everyone to read it."""
    found = []
    if event.first_at is None and not event.by_appointment:
        found.append(("dates", _("une date, ou « sur rendez-vous »")))
    if event.attendance != "online" and event.commune_id is None:
        found.append(("lieu", _("un lieu")))
    return found


@signed_in
@require_POST
def submit(request: Request, pk: int) -> HttpResponse:
    """Publish, or propose to the team; look-alikes are shown before."""
    viewer, event = request.viewer, own_event(request, pk)
    found = lookalikes(event, viewer)
    if not {each.pk for each in found} <= {whole_number(key) for key in request.POST.getlist("vus")}:
        context = {"event": event, "alike": found, "may_publish": bool(rules.may_publish(viewer, event))}
        return render(request, "agenda/work/submit.html", context)
    try:
        judge_distinct(by=viewer, event=event, others=found)
        event = submit_event(by=viewer, event=event)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return page_of(request, event_of(request, pk), refusal.status)
    if event.state == EventState.PUBLISHED:
        messages.success(request, _("C'est publié."))
    else:
        messages.success(request, _("C'est envoyé : l'équipe d'animation le relit, vous recevrez sa réponse."))
    return redirect(event)


@signed_in
@require_POST
def publish(request: Request, pk: int) -> HttpResponse:
    event = event_of(request, pk)
    rules.may_review(request.viewer, event).require()
    try:
        publish_event(by=request.viewer, event=event)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return page_of(request, event_of(request, pk), refusal.status)
    messages.success(request, _("L'événement est publié ; la personne qui l'a proposé est prévenue."))
    return redirect("agenda:event_work", pk)


@signed_in
@require_POST
def refuse(request: Request, pk: int) -> HttpResponse:
    event = event_of(request, pk)
    rules.may_review(request.viewer, event).require()
    form = RefusalForm(request.POST, auto_id="refus-%s")
    if not form.is_valid():
        return page_of(request, event, 422, form)
    refuse_event(by=request.viewer, event=event, **form.cleaned_data)
    messages.success(request, _("L'événement n'est pas publié ; la personne reçoit vos raisons."))
    return redirect(f"{reverse('directory:queue')}?nature=event")
