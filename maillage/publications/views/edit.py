"""Writing a publication step by step, saved by a button or, where scripts run, as one types."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from maillage.core.dates import date_format
from maillage.core.doors import signed_in
from maillage.core.errors import Conflict, Refused
from maillage.core.requests import Request
from maillage.publications import rules
from maillage.publications.actions.editing import change_settings, edit_publication, keep_picture
from maillage.publications.enums import State
from maillage.publications.forms.acts import SettingsForm
from maillage.publications.forms.steps import StepForm, steps_for
from maillage.publications.models import Publication
from maillage.publications.queries.fields import held_fields, open_version
from maillage.publications.views.asked import own_publication


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit_step(request: Request, pk: int, step: str = "texte") -> HttpResponse:
    """One step. A change made meanwhile by someone else is shown beside what was typed. With the header `X-Autosave` the answer
    is JSON: what was saved and the marks that the next save sends, or why not."""
    publication = own_publication(request, pk)
    steps = steps_for(publication)
    if step not in steps:
        raise Http404
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = steps[step](*sent, publication=publication, viewer=request.viewer)
    quiet = request.method == "POST" and request.headers.get("X-Autosave") == "1"
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _save(request, form, publication)
                return _kept(request, pk, form) if quiet else _saved(request, pk, form, list(steps))
            except Conflict as conflict:
                status = 409
                if quiet:
                    return JsonResponse({"sentence": conflict.sentence}, status=409)
                form.tell(held_fields(own_publication(request, pk), request.viewer, form.held))
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
        if quiet:
            return JsonResponse({"sentence": _("Pas enregistré : un champ est à corriger.")}, status=status)
    names = list(steps)
    context = {
        "publication": publication,
        "form": form,
        "conflict": status == 409,
        "step": step,
        "title": form.title,
        "number": names.index(step) + 1,
        "steps": [(name, each.title) for name, each in steps.items()],
        "next_step": names[names.index(step) + 1] if step != names[-1] else "",
        "multipart": form.is_multipart(),
        **apart(publication, request),
    }
    return render(request, "publications/work/edit.html", context, status=status)


def apart(publication: Publication, request: Request) -> dict[str, Any]:
    """Whether changes are kept apart from what everyone reads, and who publishes them."""
    is_apart = publication.state == State.PUBLISHED
    return {
        "is_apart": is_apart,
        "version": open_version(publication) if is_apart else None,
        "at_once": bool(rules.may_publish(request.viewer, publication)),
    }


def _save(request: Request, form: StepForm, publication: Publication) -> None:
    fields = form.changed()
    if picture := fields.get("image"):
        fields["image"] = keep_picture(picture)
    if fields:
        edit_publication(by=request.viewer, publication=publication, fields=fields, seen=form.seen)


def _kept(request: Request, pk: int, form: StepForm) -> JsonResponse:
    now = type(form)(publication=own_publication(request, pk), viewer=request.viewer)
    said = _("Enregistré à %s") % date_format(timezone.localtime(), "G:i")
    return JsonResponse({"vu": now.vu, "sentence": said})


def _saved(request: Request, pk: int, form: StepForm, names: list[str]) -> HttpResponse:
    messages.success(request, _("« %(step)s » est enregistré.") % {"step": form.title})
    if "suivant" in request.POST and form.step != names[-1]:
        return redirect("publications:publication_edit_step", pk, names[names.index(form.step) + 1])
    return redirect("publications:publication_work", pk)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit_settings(request: Request, pk: int) -> HttpResponse:
    """When it appears, and whether readers comment."""
    publication = own_publication(request, pk)
    form = SettingsForm(request.POST if request.method == "POST" else None, publication=publication)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                change_settings(
                    by=request.viewer,
                    publication=publication,
                    publish_at=form.cleaned_data["publish_at"],
                    comments_open=form.cleaned_data["comments_open"],
                )
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("C'est enregistré."))
                return redirect("publications:publication_work", pk)
    return render(request, "publications/work/settings.html", {"publication": publication, "form": form}, status=status)
