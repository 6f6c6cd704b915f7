"""« Proposer une ressource »: told in two minutes, with those already there that resemble it; one's own."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from maillage.catalogue import actions, rules
from maillage.catalogue.enums import FORM_OF, Form, Kind, State
from maillage.catalogue.forms.contribution import ContributionForm
from maillage.catalogue.models import Resource
from maillage.catalogue.queries.lookalikes import alike_to
from maillage.catalogue.queries.own import STATES, own_actors, own_resources, state_counts
from maillage.core.doors import signed_in
from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.pagination import paginate, with_params
from maillage.core.requests import Request
from maillage.core.text import whole_number
from maillage.core.throttle import hit, too_many

_PER_PAGE = 20
_AN_HOUR = 60


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@once
def propose(request: Request) -> HttpResponse:
    viewer = request.viewer
    rules.may_contribute(viewer).require()
    own = own_actors(viewer, first=whole_number(request.GET.get("acteur", "")))
    if not own and not viewer.runs_network:
        return render(request, "catalogue/work/nobody.html", {})
    draft = request.POST.get("acte") == "brouillon"
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ContributionForm(*sent, viewer=viewer, own=own, is_draft=draft)
    status, alike = 200, []
    if request.method == "POST":
        status = 422
        if not viewer.runs_network and (
            wait := hit("catalogue.propose", str(viewer.user_id), limit=_AN_HOUR, seconds=3600)
        ):
            return too_many(request, wait)
        if form.is_valid():
            if request.POST.get("distincte") != "1":
                alike = alike_to(viewer, form.cleaned_data["title"], form.cleaned_data["actor"].pk)
            if not alike:
                try:
                    made = _made(request, form, draft=draft)
                except Refused as refusal:
                    form.add_error(None, refusal.sentence)
                    status = refusal.status
                else:
                    return _arrived(request, made)
    context = {"form": form, "alike": alike, "lost_picture": request.method == "POST" and bool(request.FILES)}
    return render(request, "catalogue/work/propose.html", context, status=status)


def _made(request: Request, form: ContributionForm, *, draft: bool) -> Resource:
    """A draft first, with its photo; then sent, unless something lacks that the next page asks for (a document)."""
    viewer = request.viewer
    resource = actions.create_resource(by=viewer, fields=form.fields_of())
    if form.picture is not None:
        actions.add_photo(by=viewer, resource=resource, picture=form.picture, words=form.words_of_picture())
    needs_file = FORM_OF[Kind(resource.kind)] == Form.DOCUMENT and not resource.website
    if draft or needs_file:
        return resource
    return actions.submit_resource(by=viewer, resource=resource)


def _arrived(request: Request, resource: Resource) -> HttpResponse:
    """What happens next."""
    if resource.state == State.PUBLISHED:
        messages.success(request, _("C'est publié. Dites ce qu'il lui faut, pour qui : on la trouvera mieux."))
        return redirect("catalogue:resource_edit_step", resource.pk, "public")
    if resource.state == State.PROPOSED:
        messages.success(
            request,
            _("C'est envoyé : l'équipe d'animation la relit, vous recevrez sa réponse. Vous pouvez la compléter."),
        )
    elif resource.form == Form.DOCUMENT:
        messages.success(request, _("Brouillon gardé. Déposez maintenant le document."))
        return redirect("catalogue:resource_files", resource.pk)
    else:
        messages.success(request, _("Brouillon gardé. Vous seul le voyez : complétez-le quand vous voulez."))
    return redirect("catalogue:resource_work", resource.pk)


@signed_in
@require_safe
def list_own(request: Request) -> HttpResponse:
    viewer = request.viewer
    rules.may_contribute(viewer).require()
    state = request.GET.get("etat", "")
    state = state if state in STATES else ""
    counts = state_counts(viewer)
    tabs: list[Any] = [(_("Toutes"), with_params(request.GET, etat=None, page=None), not state, sum(counts.values()))]
    tabs += [
        (label, with_params(request.GET, etat=value, page=None), state == value, counts.get(value, 0))
        for value, label in STATES.items()
        if counts.get(value) or state == value
    ]
    context = {
        "page": paginate(own_resources(viewer, state), request.GET, per_page=_PER_PAGE),
        "tabs": tabs,
        "state": state,
        "actors": own_actors(viewer),
    }
    return render(request, "catalogue/work/own.html", context)
