"""Versions of a publication: those that everyone read, with what each changed; the one being written, sent and answered."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maillage.core.doors import signed_in
from maillage.core.errors import Refused
from maillage.core.pagination import paginate
from maillage.core.requests import Request
from maillage.publications import rules
from maillage.publications.actions.revising import (
    accept_version,
    discard_version,
    print_of,
    refuse_version,
    send_version,
)
from maillage.publications.enums import VersionState
from maillage.publications.forms.acts import NoteForm, RefusalForm
from maillage.publications.models import Version
from maillage.publications.queries.history import changes_between, differences_of, shown_now
from maillage.publications.views.asked import own_publication, publication_of
from maillage.publications.views.follow import page_of

_PER_PAGE = 10


def _version(request: Request, pk: int) -> Version:
    found = Version.objects.visible_to(request.viewer).being_written()
    return get_object_or_404(found.select_related("publication__network", "author", "decided_by"), pk=pk)


@signed_in
@require_safe
def list_versions(request: Request, pk: int) -> HttpResponse:
    """The last first, each with what it changed of the one before."""
    publication = own_publication(request, pk)
    page = paginate(
        publication.versions.published().select_related("author").order_by("-number"), request.GET, per_page=_PER_PAGE
    )
    shown = list(page.object_list)
    numbers = [each.number - 1 for each in shown if each.number]
    before = dict(publication.versions.filter(number__in=numbers).values_list("number", "values"))
    changes = [changes_between(before.get((each.number or 1) - 1, {}), each.values) for each in shown]
    rows = list(zip(shown, differences_of(changes), strict=True))
    return render(request, "publications/work/versions.html", {"publication": publication, "page": page, "rows": rows})


@signed_in
@require_safe
def show_version(request: Request, pk: int) -> HttpResponse:
    return _page(request, _version(request, pk))


def _page(request: Request, version: Version, status: int = 200, form: Any = None) -> HttpResponse:
    viewer, publication = request.viewer, version.publication
    (differences,) = differences_of([changes_between(shown_now(publication, version.values), version.values)])
    context = {
        "version": version,
        "publication": publication,
        "differences": differences,
        "picture": version.values.get("image", ""),
        "seen": print_of(version),
        "may_answer": bool(rules.may_review_version(viewer, version)),
        "may_edit": bool(rules.may_edit(viewer, publication)),
        "at_once": bool(rules.may_publish(viewer, publication)),
        "form": form,
        "refusal_form": form if isinstance(form, RefusalForm) else RefusalForm(auto_id="refus-%s"),
        "note_form": form if isinstance(form, NoteForm) else NoteForm(auto_id="note-%s"),
    }
    return render(request, "publications/work/version.html", context, status=status)


@signed_in
@require_POST
def send(request: Request, pk: int) -> HttpResponse:
    """Publish the changes, or propose them to the team."""
    publication = own_publication(request, pk)
    form = NoteForm(request.POST, auto_id="note-%s")
    if not form.is_valid():
        return page_of(request, publication, 422, form)
    try:
        version = send_version(
            by=request.viewer, publication=publication, seen=request.POST.get("vu"), **form.cleaned_data
        )
    except Refused as refusal:
        form.add_error("note" if refusal.status == 422 else None, refusal.sentence)
        return page_of(request, publication_of(request, pk), refusal.status, form)
    if version.state == VersionState.WAITING:
        messages.success(
            request, _("Votre modification attend la relecture de l'équipe. Le texte en ligne n'a pas changé.")
        )
        return redirect("publications:publication_work", pk)
    messages.success(request, _("La modification est en ligne."))
    return redirect(own_publication(request, pk))


@signed_in
@require_POST
def discard(request: Request, pk: int) -> HttpResponse:
    discard_version(by=request.viewer, publication=own_publication(request, pk))
    messages.success(request, _("Les modifications sont abandonnées : le texte en ligne reste comme il est."))
    return redirect("publications:publication_work", pk)


@signed_in
@require_POST
def accept(request: Request, pk: int) -> HttpResponse:
    version = _version(request, pk)
    rules.may_review_version(request.viewer, version).require()
    try:
        accept_version(by=request.viewer, version=version, seen=request.POST.get("vu", ""))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return _page(request, _version(request, pk), refusal.status)
    messages.success(request, _("La modification est en ligne ; les personnes qui signent sont prévenues."))
    return redirect(f"{reverse('directory:queue')}?nature=version")


@signed_in
@require_POST
def refuse(request: Request, pk: int) -> HttpResponse:
    version = _version(request, pk)
    rules.may_review_version(request.viewer, version).require()
    form = RefusalForm(request.POST, auto_id="refus-%s")
    if not form.is_valid():
        return _page(request, version, 422, form)
    refuse_version(by=request.viewer, version=version, **form.cleaned_data)
    messages.success(request, _("La modification n'est pas retenue ; la personne reçoit vos raisons."))
    return redirect(f"{reverse('directory:queue')}?nature=version")
