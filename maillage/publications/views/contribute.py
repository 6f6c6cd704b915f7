"""« Je contribue »: what one may tell the network; a publication told in two minutes; one's own."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from maillage.agenda.queries.own import own_actors
from maillage.core.doors import signed_in
from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.pagination import paginate, with_params
from maillage.core.requests import Request
from maillage.core.text import whole_number
from maillage.core.throttle import hit, too_many
from maillage.publications import rules
from maillage.publications.actions.contributing import contribute
from maillage.publications.enums import Kind, Section, State
from maillage.publications.forms.contribution import ContributionForm
from maillage.publications.models import Publication
from maillage.publications.queries.own import STATES, asked_of, own_publications, state_counts

_PER_PAGE = 20
_AN_HOUR = 60  # Forms that one person sends in an hour, those refused included: each keeps a picture for a day.
KINDS = {
    Section.ARTICLES: (Kind.ARTICLE, Kind.PORTRAIT),
    Section.ANNOUNCEMENTS: (Kind.ANNOUNCEMENT,),
    Section.DOSSIERS: (Kind.DOSSIER,),
}


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
    draft = request.POST.get("acte") == "brouillon" or kind == Kind.DOSSIER
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    initial = {"signed_by": str(own[0].pk)} if own and request.GET.get("acteur") else None
    form = ContributionForm(*sent, viewer=viewer, kind=kind, own=own, is_draft=draft, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if not viewer.runs_network and (
            wait := hit("publications.propose", str(viewer.user_id), limit=_AN_HOUR, seconds=3600)
        ):
            return too_many(request, wait)
        if form.is_valid():
            try:
                made = contribute(
                    by=viewer, kind=kind, fields=form.fields_of(), signed_by=form.signer(), submit=not draft
                )
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                return _arrived(request, made)
    context = {
        "form": form,
        "kind": Kind(kind),
        "section": Section(section),
        "at_once": rules.writes_at_once(viewer, Publication(network=viewer.network, author=viewer.user)),
    }
    return render(request, "publications/work/propose.html", context, status=status)


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
