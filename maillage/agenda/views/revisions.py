"""Words proposed for a published event: for their author, who may change them or take them back, and for the team."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maillage.agenda import rules
from maillage.agenda.actions import revising
from maillage.agenda.forms.acts import RefusalForm, WordForm
from maillage.agenda.forms.steps import STEPS, step_of
from maillage.agenda.models import EventRevision
from maillage.agenda.queries.fields import held_fields
from maillage.agenda.queries.revisions import compared_now
from maillage.core.doors import signed_in
from maillage.core.errors import Refused
from maillage.core.requests import Request
from maillage.core.seen import marks, read


def _revision(request: Request, pk: int) -> EventRevision:
    related = ("event__commune__department", "event__network", "network", "author", "decided_by")
    return get_object_or_404(EventRevision.objects.visible_to(request.viewer).select_related(*related), pk=pk)


@signed_in
@require_safe
def show_revision(request: Request, pk: int) -> HttpResponse:
    return _page(request, _revision(request, pk))


def _page(request: Request, revision: EventRevision, status: int = 200, **forms: Any) -> HttpResponse:
    viewer, event = request.viewer, revision.event
    proposals = compared_now(revision, viewer)
    own = revision.author_id == viewer.user_id
    may_answer = bool(rules.may_review_revision(viewer, revision))
    steps = dict.fromkeys(filter(None, (step_of(each.name) for each in proposals)))
    context = {
        "revision": revision,
        "event": event,
        "own": own,
        "proposals": proposals,
        "picture": revision.values.get("image") if revision.is_waiting else "",
        "picture_alt": revision.values.get("image_alt", event.image_alt),
        "takes": any(not each.already and not each.with_picture for each in proposals),
        "moved": any(each.moved for each in proposals) and revision.is_waiting,
        "seen": marks(held_fields(event, viewer, list(revision.values))) if may_answer else "",
        "may_answer": may_answer,
        "may_resume": own and revision.state in ("waiting", "refused"),
        "steps": [(step, STEPS[step].title) for step in steps],
        "form": next(iter(forms.values()), None),
        "refusal_form": forms.get("refusal") or RefusalForm(auto_id="refus-%s"),
        "word_form": forms.get("word") or WordForm(request.POST or None, auto_id="mot-%s"),
    }
    return render(request, "agenda/work/revision.html", context, status=status)


@signed_in
@require_POST
def accept_revision(request: Request, pk: int) -> HttpResponse:
    revision = _revision(request, pk)
    rules.may_review_revision(request.viewer, revision).require()
    form = WordForm(request.POST, auto_id="mot-%s")
    if not form.is_valid():
        return _page(request, revision, 422, word=form)
    try:
        revising.accept_revision(
            by=request.viewer,
            revision=revision,
            names=request.POST.getlist("champs"),
            seen=read(request.POST.get("vu", "")),
            word=form.cleaned_data["word"],
        )
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return _page(request, _revision(request, pk), refusal.status)
    messages.success(request, _("L'événement est à jour ; la personne est prévenue."))
    return redirect(f"{reverse('directory:queue')}?nature=event_revision")


@signed_in
@require_POST
def refuse_revision(request: Request, pk: int) -> HttpResponse:
    revision = _revision(request, pk)
    rules.may_review_revision(request.viewer, revision).require()
    form = RefusalForm(request.POST, auto_id="refus-%s")
    if not form.is_valid():
        return _page(request, revision, 422, refusal=form)
    revising.refuse_revision(by=request.viewer, revision=revision, **form.cleaned_data)
    messages.success(request, _("La modification n'est pas retenue ; la personne reçoit vos raisons."))
    return redirect(f"{reverse('directory:queue')}?nature=event_revision")


@signed_in
@require_POST
def withdraw_revision(request: Request, pk: int) -> HttpResponse:
    revision = _revision(request, pk)
    if revision.author_id != request.viewer.user_id:
        raise Http404
    revising.withdraw_revision(by=request.viewer, revision=revision)
    messages.success(request, _("Votre modification est retirée : l'événement reste comme il est."))
    return redirect("agenda:event_work", revision.event_id)
