"""« Je contribue »: what one may tell the network; a publication told in two minutes; one's own."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from maillage.agenda.queries.own import own_actors
from maillage.core.dates import date_format
from maillage.core.doors import signed_in
from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.pagination import paginate, with_params
from maillage.core.requests import Request
from maillage.core.seen import marks, read
from maillage.core.text import whole_number
from maillage.core.throttle import hit, too_many
from maillage.directory.models import Actor
from maillage.publications import rules
from maillage.publications.actions.contributing import contribute
from maillage.publications.enums import Kind, Section, State
from maillage.publications.forms.contribution import ContributionForm, as_typed
from maillage.publications.models import Publication
from maillage.publications.queries.fields import held_fields
from maillage.publications.queries.own import STATES, asked_of, own_publications, state_counts

_PER_PAGE = 20
_AN_HOUR = 60  # Forms that one person sends in an hour, those refused included: each keeps a picture for a day.
KINDS = {
    Section.ARTICLES: (Kind.ARTICLE, Kind.PORTRAIT),
    Section.ANNOUNCEMENTS: (Kind.ANNOUNCEMENT,),
    Section.DOSSIERS: (Kind.DOSSIER,),
}


_SENT = gettext_lazy("Ce texte est déjà envoyé : changez-le depuis « Mes textes ».")


@require_safe
def choose(request: Request) -> HttpResponse:
    """What can be told, for anyone to see before an account is asked for."""
    may_compose = bool(rules.may_contribute(request.viewer, Kind.DOSSIER))
    return render(request, "publications/work/choose.html", {"may_compose": may_compose})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@once
def propose(request: Request, section: str) -> HttpResponse:
    viewer = request.viewer
    kinds = KINDS[Section(section)]
    asked = (request.POST if request.method == "POST" else request.GET).get("nature", "")
    kind = asked if asked in kinds else kinds[0]
    rules.may_contribute(viewer, kind).require()
    own = own_actors(viewer, first=whole_number(request.GET.get("acteur", "")))
    if request.method == "POST" and request.headers.get("X-Autosave") == "1":
        return _keep(request, kind, own)
    draft = request.POST.get("acte") == "brouillon" or kind == Kind.DOSSIER
    kept = _kept_draft(request, kind)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    initial = {"signed_by": str(own[0].pk)} if own and request.GET.get("acteur") else None
    form = ContributionForm(*sent, viewer=viewer, kind=kind, own=own, is_draft=draft, initial=initial)
    status, vu = 200, request.POST.get("vu", "") if kept else ""
    if request.method == "POST":
        status = 422
        if not viewer.runs_network and (
            wait := hit("publications.propose", str(viewer.user_id), limit=_AN_HOUR, seconds=3600)
        ):
            return too_many(request, wait)
        if kept is None and _was_sent(request):
            form.add_error(None, _SENT)
            status = 409
        elif form.is_valid():
            try:
                made = contribute(
                    by=viewer, kind=kind, fields=form.fields_of(), signed_by=form.signer(), submit=not draft, draft=kept,
                    seen=read(vu) if kept else None,
                )  # fmt: skip
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
                if kept and status == 409:  # Once read, sending again overwrites knowingly.
                    vu = marks(held_fields(kept, viewer, form.written))
            else:
                return _arrived(request, made)
    context = {
        "form": form,
        "kind": Kind(kind),
        "section": Section(section),
        "kept": kept,
        "vu": vu,
        "at_once": rules.writes_at_once(viewer, Publication(network=viewer.network, author=viewer.user)),
    }
    return render(request, "publications/work/propose.html", context, status=status)


def _kept_draft(request: Request, kind: str) -> Publication | None:
    """The draft that the form being written is already kept in."""
    pk = whole_number(request.POST.get("brouillon", "")) or 0
    mine = Publication.objects.editable_by(request.viewer).filter(author=request.viewer.user_id, state=State.DRAFT)
    return mine.select_related("network").filter(pk=pk, kind=kind, published_at=None).first()


def _was_sent(request: Request) -> bool:
    """What is being written is a text of theirs that left the drafts meanwhile: sending it again would make a second one."""
    pk = whole_number(request.POST.get("brouillon", "")) or 0
    mine = Publication.objects.editable_by(request.viewer).filter(author=request.viewer.user_id, pk=pk)
    return mine.exclude(state=State.DRAFT, published_at=None).exists()


def _keep(request: Request, kind: str, own: list[Actor]) -> JsonResponse:
    """As one types: a draft, whose address the page takes, so that reloading it opens what was written. What changed is told in
    JSON, with the marks that the next save sends."""
    viewer, kept = request.viewer, _kept_draft(request, kind)
    typed = as_typed(request.POST)
    if kept is None and _was_sent(request):
        return JsonResponse({"sentence": _SENT}, status=409)
    if typed is None:
        return JsonResponse({"sentence": "", "vu": request.POST.get("vu", "")})
    if kept is None and hit("publications.keep", str(viewer.user_id), limit=_AN_HOUR, seconds=3600):
        return JsonResponse({"sentence": _("Pas enregistré : trop de brouillons en une heure.")}, status=429)
    form = ContributionForm(typed, viewer=viewer, kind=kind, own=own, is_draft=True)
    if not form.is_valid():
        return JsonResponse({"sentence": _("Pas enregistré : un champ est à corriger.")}, status=422)
    seen = read(request.POST.get("vu", "")) if kept else None
    try:
        made = contribute(
            by=viewer, kind=kind, fields=form.fields_of(), signed_by=form.signer(), submit=False, draft=kept, seen=seen
        )
    except Refused as refusal:
        return JsonResponse({"sentence": refusal.sentence}, status=refusal.status)
    return JsonResponse(
        {
            "sentence": _("Gardé dans vos brouillons à %s") % date_format(timezone.localtime(), "G:i"),
            "vu": marks(held_fields(made, viewer, form.written)),
            "draft": made.pk,
            "address": reverse("publications:publication_edit", args=[made.pk]),
        }
    )


def _arrived(request: Request, publication: Publication) -> HttpResponse:
    """What happens next."""
    if publication.kind == Kind.DOSSIER:
        messages.success(request, _("Le dossier est ouvert : ajoutez ce qu'il rassemble."))
        return redirect("publications:publication_pieces", publication.pk)
    if publication.state == State.DRAFT:
        messages.success(request, _("Brouillon gardé. Vous seul le voyez : complétez-le quand vous voulez."))
    elif publication.state == State.PUBLISHED:
        messages.success(request, _("C'est publié. Ajoutez des thèmes, des sources : on le trouvera mieux."))
        return redirect(publication)
    else:
        messages.success(
            request,
            _("C'est envoyé. L'équipe d'animation le relit ; vous recevrez sa réponse par e-mail et ici. D'ici là, vous pouvez le "
              "compléter."),
        )  # fmt: skip
    return redirect("publications:publication_work", publication.pk)


@signed_in
@require_safe
def list_own(request: Request) -> HttpResponse:
    viewer = request.viewer
    rules.may_contribute(viewer).require()
    state = request.GET.get("etat", "")
    state = state if state in STATES else ""
    counts = state_counts(viewer)
    tabs: list[Any] = [(_("Tous"), with_params(request.GET, etat=None, page=None), not state, sum(counts.values()))]
    tabs += [
        (label, with_params(request.GET, etat=value, page=None), state == value, counts.get(value, 0))
        for value, label in STATES.items()
        if counts.get(value) or state == value
    ]
    context = {
        "page": paginate(own_publications(viewer, state), request.GET, per_page=_PER_PAGE),
        "tabs": tabs,
        "state": state,
        "asked": asked_of(viewer).count(),
    }
    return render(request, "publications/work/own.html", context)
