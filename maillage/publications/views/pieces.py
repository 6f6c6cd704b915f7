"""Composing a dossier."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from maillage.core.doors import signed_in
from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.requests import Request
from maillage.core.text import whole_number
from maillage.publications import rules
from maillage.publications.actions.composing import add_piece, move_piece, remove_piece
from maillage.publications.enums import Kind
from maillage.publications.forms.acts import FoundForm, PieceForm
from maillage.publications.queries.gathering import found_for, with_things
from maillage.publications.views.asked import own_publication
from maillage.search.registry import sources


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@once
def compose(request: Request, pk: int) -> HttpResponse:
    viewer, dossier = request.viewer, own_publication(request, pk)
    if dossier.kind != Kind.DOSSIER:
        raise Http404
    rules.may_publish(viewer, dossier).require()
    act = request.POST.get("acte", "")
    words = (request.POST if act == "choisir" else request.GET).get("q", "").replace("\x00", "").strip()[:200]
    hits = found_for(viewer, words)
    named = {source.kind: source.label_of_one for source in sources()}
    found = FoundForm(request.POST if act == "choisir" else None, viewer=viewer, hits=hits, named=named)
    form = PieceForm(request.POST if act == "ajouter" else None, viewer=viewer, host=request.get_host())
    status = 200
    if request.method == "POST":
        status = 422
        try:
            adding: Any = {"ajouter": form, "choisir": found}.get(act)
            if adding is not None and adding.is_valid():
                of = dict(adding.cleaned_data["of"])
                thing = of.pop("thing", None)
                piece = add_piece(by=viewer, dossier=dossier, words=adding.cleaned_data["words"], **of)
                messages.success(request, _("« %s » est dans le dossier.") % (thing or piece.name))
                return redirect("publications:publication_pieces", pk)
            if act in ("monter", "descendre", "retirer"):
                piece = get_object_or_404(
                    dossier.pieces.select_related("publication", "event", "actor", "dossier__network"),
                    pk=whole_number(request.POST.get("element", "")) or 0,
                )
                if act == "retirer":
                    remove_piece(by=viewer, piece=piece)
                    messages.success(request, _("« %s » n'est plus dans le dossier.") % piece.name)
                else:
                    move_piece(by=viewer, piece=piece, up=act == "monter")
                return redirect("publications:publication_pieces", pk)
        except Refused as refusal:
            bound = next((each for each in (form, found) if each.is_bound), None)
            bound.add_error(None, refusal.sentence) if bound else messages.error(request, refusal.sentence)
            status = refusal.status
    context = {
        "publication": dossier,
        "form": form,
        "found": found,
        "hits": hits,
        "words": words,
        "pieces": with_things(dossier.pieces.select_related("publication", "event", "actor"), viewer),
    }
    return render(request, "publications/work/pieces.html", context, status=status)
