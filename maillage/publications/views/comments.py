"""Comments under a publication: written by readers with an account, answered by the team."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maillage.core.doors import signed_in
from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.requests import Request
from maillage.core.throttle import hit, too_many
from maillage.publications import rules
from maillage.publications.actions import accept_comment, refuse_comment, remove_comment, write_comment
from maillage.publications.enums import CommentState
from maillage.publications.forms.acts import CommentForm, RefusalForm
from maillage.publications.models import Comment, Publication
from maillage.publications.views.public import page_of

_AN_HOUR = 20


@signed_in
@require_POST
@once
def write(request: Request, section: str, slug: str) -> HttpResponse:
    viewer = request.viewer
    publication = Publication.objects.visible_to(viewer).in_section(section).filter(slug=slug).first()
    if publication is None:
        raise Http404
    form = CommentForm(request.POST)
    if not form.is_valid():
        return page_of(request, publication, 422, form)
    if not viewer.runs_network and (
        wait := hit("publications.comment", str(viewer.user_id), limit=_AN_HOUR, seconds=3600)
    ):
        return too_many(request, wait)
    try:
        comment = write_comment(by=viewer, publication=publication, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return page_of(request, publication, refusal.status, form)
    if comment.state == CommentState.WAITING:
        messages.success(request, _("Merci. L'équipe relit ce premier commentaire avant qu'il paraisse."))
    else:
        messages.success(request, _("Votre commentaire est en ligne."))
    return redirect(comment)


def _comment(request: Request, pk: int) -> Comment:
    found = Comment.objects.visible_to(request.viewer).select_related("publication__network", "author", "decided_by")
    return get_object_or_404(found, pk=pk)


@signed_in
@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    comment = _comment(request, pk)
    remove_comment(by=request.viewer, comment=comment)
    messages.success(request, _("Votre commentaire est supprimé."))
    return redirect(comment.publication)


@signed_in
@require_safe
def show(request: Request, pk: int) -> HttpResponse:
    comment = _comment(request, pk)
    rules.may_moderate_comment(request.viewer, comment).require()
    return _page(request, comment)


def _page(request: Request, comment: Comment, status: int = 200, form: Any = None) -> HttpResponse:
    context = {"comment": comment, "publication": comment.publication, "form": form or RefusalForm()}
    return render(request, "publications/work/comment.html", context, status=status)


@signed_in
@require_POST
def accept(request: Request, pk: int) -> HttpResponse:
    accept_comment(by=request.viewer, comment=_comment(request, pk))
    messages.success(request, _("Le commentaire est en ligne ; la personne est prévenue."))
    return redirect(f"{reverse('directory:queue')}?nature=comment")


@signed_in
@require_POST
def refuse(request: Request, pk: int) -> HttpResponse:
    comment = _comment(request, pk)
    rules.may_moderate_comment(request.viewer, comment).require()
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return _page(request, comment, 422, form)
    refuse_comment(by=request.viewer, comment=comment, **form.cleaned_data)
    messages.success(request, _("Le commentaire n'est pas en ligne ; la personne reçoit vos raisons."))
    return redirect(f"{reverse('directory:queue')}?nature=comment")
