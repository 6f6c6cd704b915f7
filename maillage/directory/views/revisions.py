"""A revision: for its author, who may change it, take it back or propose it again, and for the team that answers it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maillage.activity.models import Entry
from maillage.activity.queries import lines_of
from maillage.core import documents
from maillage.core.doors import signed_in
from maillage.core.errors import Refused
from maillage.core.requests import Request
from maillage.core.seen import marks, read
from maillage.directory import rules
from maillage.directory.actions import revising
from maillage.directory.forms.actors import STEPS, step_of
from maillage.directory.forms.revisions import AgainForm, WordForm
from maillage.directory.forms.suggestions import RefusalForm
from maillage.directory.models import Revision
from maillage.directory.queries.fields import held_fields
from maillage.directory.queries.revisions import compared_now, open_revision
from maillage.directory.queries.trust import deserves_trust
from maillage.directory.views.work import go_on, in_queue


def _revision(request: Request, pk: int) -> Revision:
    visible = Revision.objects.visible_to(request.viewer)
    related = ("actor__commune__department", "actor__home_network", "network", "author", "decided_by")
    return get_object_or_404(visible.select_related(*related), pk=pk)


@signed_in
@require_safe
def show_revision(request: Request, pk: int) -> HttpResponse:
    return _page(request, _revision(request, pk))


def _page(request: Request, revision: Revision, status: int = 200, **forms: Any) -> HttpResponse:
    viewer, actor = request.viewer, revision.actor
    own = revision.author_id == viewer.user_id
    proposals = compared_now(revision, viewer)
    may_answer = rules.may_answer_revision(viewer, revision)
    entries = Entry.objects.visible_to(viewer).about(revision).select_related("user").order_by("at", "pk")
    steps = dict.fromkeys(filter(None, (step_of(each.name) for each in proposals)))
    context = {
        "revision": revision,
        "actor": actor,
        "own": own,
        "proposals": proposals,
        "picture_alt": revision.values.get("image_alt", actor.image_alt),
        "takes": any(not each.already and not each.with_picture for each in proposals),
        "picture_words": [each.difference.label for each in proposals if each.with_picture],
        "moved": any(each.moved for each in proposals) and revision.is_waiting,
        "seen": marks(held_fields(actor, viewer, list(revision.values))) if may_answer else "",
        "may_answer": may_answer,
        "in_queue": in_queue(request),
        "steps": [(step, STEPS[step].title) for step in steps],
        "journal": lines_of(entries) if viewer.runs_network and not own else [],
        "deserves": deserves_trust(viewer, revision.author) if may_answer and rules.may_trust(viewer) else 0,
        "form": next(iter(forms.values()), None),
        "refusal_form": forms.get("refusal") or RefusalForm(auto_id="refus-%s"),
        "word_form": forms.get("word") or WordForm(request.POST or None, auto_id="mot-%s"),
        "again_form": forms.get("again") or AgainForm(auto_id="encore-%s"),
    }
    return render(request, "directory/revisions/show.html", context, status=status)


@signed_in
@require_POST
def accept_revision(request: Request, pk: int) -> HttpResponse:
    revision = _revision(request, pk)
    rules.may_answer_revision(request.viewer, revision).require()
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
    messages.success(request, _("La fiche est à jour ; la personne est prévenue."))
    return go_on(request, revision.sent_at)


@signed_in
@require_POST
def refuse_revision(request: Request, pk: int) -> HttpResponse:
    revision = _revision(request, pk)
    rules.may_answer_revision(request.viewer, revision).require()
    form = RefusalForm(request.POST, auto_id="refus-%s")
    if not form.is_valid():
        return _page(request, revision, 422, refusal=form)
    revising.refuse_revision(by=request.viewer, revision=revision, **form.cleaned_data)
    messages.success(request, _("La modification n'est pas retenue ; la personne reçoit vos raisons."))
    return go_on(request, revision.sent_at)


@signed_in
@require_POST
def withdraw_revision(request: Request, pk: int) -> HttpResponse:
    revision = revising.withdraw_revision(by=request.viewer, revision=_revision(request, pk))
    messages.success(request, _("Votre modification est retirée : la fiche reste comme elle est."))
    return redirect("directory:own_sheet", revision.actor_id)


@signed_in
@require_POST
def resubmit_revision(request: Request, pk: int) -> HttpResponse:
    revision = _revision(request, pk)
    if revision.author_id != request.viewer.user_id:
        raise Http404
    form = AgainForm(request.POST, auto_id="encore-%s")
    if not form.is_valid():
        return _page(request, revision, 422, again=form)
    try:
        revising.resubmit_revision(by=request.viewer, revision=revision, message=form.cleaned_data["message"])
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return _page(request, _revision(request, pk), refusal.status, again=form)
    messages.success(request, _("Votre modification attend de nouveau la relecture de l'équipe."))
    return redirect("directory:revision_show", pk)


@signed_in
@require_safe
def resume_revision(request: Request, pk: int) -> HttpResponse:
    """Where the answer to a refused revision leads: to the one form that holds what was proposed, else to the page that
    leads to each."""
    revision = _revision(request, pk)
    viewer, actor = request.viewer, revision.actor
    steps = set(filter(None, map(step_of, revision.values)))
    own = revision.author_id == viewer.user_id and revision.is_refused
    if own and len(steps) == 1 and rules.may_edit(viewer, actor) and rules.is_reviewed(viewer, actor):
        if open_revision(viewer, actor) is None:
            address = reverse("directory:actor_edit_step", args=[actor.pk, steps.pop()])
            return redirect(f"{address}?reprise={pk}")
    return redirect("directory:revision_show", pk)


@signed_in
@require_safe
def show_picture(request: Request, pk: int) -> HttpResponseBase:
    """The picture that waits, for its author and for those who review it; it exists for nobody else."""
    revision = _revision(request, pk)
    if not revision.picture:
        raise Http404
    return documents.shown(revision.picture, "image/webp")
