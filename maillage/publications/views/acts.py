"""Acts on a publication that ask a word first: taking it out, taking it back, deleting a draft; its preview link; featuring it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from maillage.core.doors import signed_in
from maillage.core.errors import Refused
from maillage.core.requests import Request
from maillage.publications import actions, rules
from maillage.publications.forms.acts import HidingForm, TakingBackForm
from maillage.publications.models import Publication
from maillage.publications.views.asked import own_publication, publication_of


def _page(request: Request, name: str, publication: Publication, status: int = 200, **context: Any) -> HttpResponse:
    template = f"publications/work/{name}.html"
    return render(request, template, {"publication": publication, "form": None, **context}, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def hide(request: Request, pk: int) -> HttpResponse:
    publication = publication_of(request, pk)
    rules.may_review(request.viewer, publication).require()
    form = HidingForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.hide_publication(by=request.viewer, publication=publication, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("Le texte a quitté le site, les flux et la recherche."))
                return redirect("publications:publication_work", pk)
    return _page(request, "hide", publication, status, form=form)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: Request, pk: int) -> HttpResponse:
    publication = own_publication(request, pk)
    rules.may_take_back(request.viewer, publication).require()
    form = TakingBackForm(request.POST if request.method == "POST" else None, viewer=request.viewer)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.take_back_publication(by=request.viewer, publication=publication, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("Le texte n'est plus en ligne. Vous pouvez le publier de nouveau."))
                return redirect("publications:publication_work", pk)
    return _page(request, "take_back", publication, status, form=form)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: Request, pk: int) -> HttpResponse:
    publication = own_publication(request, pk)
    rules.may_delete(request.viewer, publication).require()
    if request.method == "POST":
        actions.delete_publication(by=request.viewer, publication=publication)
        messages.success(request, _("« %(title)s » est supprimé.") % {"title": publication.title})
        return redirect("publications:own_publications")
    return _page(request, "delete", publication)


@signed_in
@require_POST
def feature(request: Request, pk: int) -> HttpResponse:
    publication = publication_of(request, pk)
    wanted = "retirer" not in request.POST
    actions.feature_publication(by=request.viewer, publication=publication, featured=wanted)
    messages.success(request, _("Le texte est à la une.") if wanted else _("Le texte n'est plus à la une."))
    return redirect("publications:publication_work", pk)


@signed_in
@require_POST
def renew_preview(request: Request, pk: int) -> HttpResponse:
    """Those who had the former link read no more."""
    actions.renew_preview(by=request.viewer, publication=own_publication(request, pk))
    messages.success(request, _("Le lien d'aperçu a changé : l'ancien ne montre plus rien."))
    return redirect("publications:publication_work", pk)
