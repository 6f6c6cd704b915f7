"""The working page of a publication: for the team that reads it and answers, and for those who sign it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maillage.activity.models import Entry
from maillage.activity.queries import WHO, lines_of
from maillage.core.doors import signed_in
from maillage.core.errors import Refused
from maillage.core.mail import absolute_url
from maillage.core.pagination import paginate
from maillage.core.requests import Request
from maillage.moderation.queries import page_about
from maillage.publications import rules
from maillage.publications.actions.stating import (
    print_of,
    publish_publication,
    refuse_publication,
    require_whole,
    submit_publication,
)
from maillage.publications.enums import Kind, RefusalReason, State
from maillage.publications.forms.acts import NoteForm, RefusalForm
from maillage.publications.forms.steps import steps_for
from maillage.publications.models import Publication
from maillage.publications.queries.gathering import pieces_of
from maillage.publications.queries.reading import page_of_publication, readings_of
from maillage.publications.registry import TEXT
from maillage.publications.views.asked import own_publication, publication_of
from maillage.publications.views.edit import apart
from maillage.sharing.rules import is_offered

_ENTRIES = 15


@signed_in
@require_safe
def show_publication(request: Request, pk: int) -> HttpResponse:
    return page_of(request, publication_of(request, pk))


def page_of(request: Request, publication: Publication, status: int = 200, form: Any = None) -> HttpResponse:
    viewer = request.viewer
    may_edit = rules.may_edit(viewer, publication)
    if not viewer.runs_network:
        may_edit.require()
    may_review = bool(rules.may_review(viewer, publication))
    entries = Entry.objects.visible_to(viewer).about(publication).filter(network=viewer.network)
    page = paginate(entries.select_related(*WHO), request.GET, per_page=_ENTRIES) if viewer.runs_network else None
    preview = reverse("publications:publication_preview", args=[f"{publication.pk}-{publication.preview_key}"])
    context: dict[str, Any] = {
        "publication": publication,
        "told": page_of_publication(publication, viewer),
        "pieces": pieces_of(publication, viewer) if publication.kind == Kind.DOSSIER else [],
        "may_edit": may_edit,
        "may_review": may_review,
        "may_delete": bool(rules.may_delete(viewer, publication)),
        "reads": may_review and publication.state == State.PROPOSED,
        "is_open": publication.state in (State.DRAFT, State.REFUSED, State.PROPOSED, State.TAKEN_BACK),
        "seen": print_of(publication) if may_review else "",
        "lacks": _lacks(publication) if may_edit and publication.state != State.PUBLISHED else "",
        "reason_label": dict(RefusalReason.choices).get(publication.code, ""),
        "steps": [(name, each.title) for name, each in steps_for(publication).items()] if may_edit else [],
        "credits": list(publication.credits.standing().select_related("actor")),
        "shares": is_offered(viewer, TEXT, publication),
        "reports_url": page_about(viewer, TEXT, publication),
        "readings": readings_of(publication),
        "preview_url": absolute_url(viewer.network, preview) if may_edit and not publication.is_shown else "",
        "page": page,
        "journal": lines_of(page.object_list) if page is not None else [],
        "refusal_form": form if isinstance(form, RefusalForm) else RefusalForm(auto_id="refus-%s"),
        "note_form": form if isinstance(form, NoteForm) else NoteForm(auto_id="note-%s"),
        "form": form,
        **apart(publication, request),
    }
    return render(request, "publications/work/show.html", context, status=status)


def _lacks(publication: Publication) -> str:
    """What is missing for everyone to read it."""
    try:
        require_whole(publication)
    except Refused as refusal:
        return refusal.sentence
    return ""


@signed_in
@require_POST
def submit(request: Request, pk: int) -> HttpResponse:
    """Publish, or propose to the team."""
    publication = own_publication(request, pk)
    try:
        publication = submit_publication(by=request.viewer, publication=publication)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return page_of(request, publication_of(request, pk), refusal.status)
    if publication.state == State.PUBLISHED:
        messages.success(request, _("C'est programmé.") if publication.is_embargoed else _("C'est publié."))
        return redirect(
            publication if publication.is_shown else "publications:publication_work",
            *([] if publication.is_shown else [pk]),
        )
    messages.success(request, _("C'est envoyé : l'équipe d'animation le relit, vous recevrez sa réponse."))
    return redirect("publications:publication_work", pk)


@signed_in
@require_POST
def publish(request: Request, pk: int) -> HttpResponse:
    publication = publication_of(request, pk)
    rules.may_review(request.viewer, publication).require()
    try:
        publish_publication(by=request.viewer, publication=publication, seen=request.POST.get("vu", ""))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return page_of(request, publication_of(request, pk), refusal.status)
    messages.success(request, _("C'est publié ; les personnes qui signent sont prévenues."))
    return redirect("publications:publication_work", pk)


@signed_in
@require_POST
def refuse(request: Request, pk: int) -> HttpResponse:
    publication = publication_of(request, pk)
    rules.may_review(request.viewer, publication).require()
    form = RefusalForm(request.POST, auto_id="refus-%s")
    if not form.is_valid():
        return page_of(request, publication, 422, form)
    refuse_publication(by=request.viewer, publication=publication, **form.cleaned_data)
    messages.success(request, _("Ce n'est pas publié ; les personnes qui signent reçoivent vos raisons."))
    return redirect(f"{reverse('directory:queue')}?nature=publication")
