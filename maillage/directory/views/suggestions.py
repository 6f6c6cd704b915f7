"""The review of what anyone suggested: by the team, and by the sheet's own people when it is an error of theirs."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maillage.core.doors import signed_in
from maillage.core.errors import Refused
from maillage.core.requests import Request
from maillage.core.seen import marks, read
from maillage.core.text import whole_number
from maillage.directory import rules
from maillage.directory.actions import suggesting
from maillage.directory.enums import SuggestionKind
from maillage.directory.forms.suggestions import RefusalForm
from maillage.directory.forms.working import ArchiveForm
from maillage.directory.models import Suggestion
from maillage.directory.queries.suggestions import PROPOSED, given, proposals, shown_fields
from maillage.directory.views.work import go_on, in_queue, team_page


def _done(request: Request, suggestion: Suggestion) -> HttpResponse:
    """To what waits next for the team, under the filters one came by; the sheet's own people, to their sheet."""
    if request.viewer.runs_network:
        return go_on(request, suggestion.created_at)
    return redirect("directory:own_sheet", suggestion.actor_id)


def _suggestion(request: Request, pk: int) -> Suggestion:
    visible = Suggestion.objects.visible_to(request.viewer)
    related = ("actor__commune__department", "commune__department", "decided_by", "network")
    return get_object_or_404(visible.select_related(*related), pk=pk)


@signed_in
@require_safe
def show_suggestion(request: Request, pk: int) -> HttpResponse:
    return _page(request, _suggestion(request, pk))


def _page(request: Request, suggestion: Suggestion, status: int = 200, **forms: Any) -> HttpResponse:
    """What is proposed beside what the sheet says now, to be taken field by field."""
    viewer, actor = request.viewer, suggestion.actor
    missing = suggestion.kind == SuggestionKind.MISSING
    proposed = proposals(suggestion, actor) if actor is not None and not missing else []
    context = {
        "suggestion": suggestion,
        "actor": actor,
        "missing": missing,
        "closed": suggestion.kind == SuggestionKind.CLOSED,
        "twice": suggestion.kind == SuggestionKind.DUPLICATE,
        "values": given(suggestion) if missing else {},
        "proposals": proposed,
        "takes": any(not each.already for each in proposed),
        "seen": marks(shown_fields(suggestion, actor, viewer)) if actor is not None and not missing else "",
        "may_review": rules.may_review(viewer, suggestion),
        "may_review_as_team": rules.may_review_as_team(viewer, suggestion),
        "may_write": rules.may_write(viewer, actor) if actor is not None else None,
        "may_edit": rules.may_edit(viewer, actor) if actor is not None else None,
        "in_queue": in_queue(request),
        "elsewhere": actor is not None and actor.home_network_id != viewer.network_id,
        "form": next(iter(forms.values()), None),
        "refusal_form": forms.get("refusal") or RefusalForm(told=bool(suggestion.email), auto_id="refus-%s"),
        "archive_form": forms.get("archive") or _archive_form(suggestion),
    }
    return render(request, "directory/work/suggestion.html", context, status=status)


def _archive_form(suggestion: Suggestion) -> ArchiveForm:
    return ArchiveForm(initial={"reason": _("Fermeture signalée par un visiteur")}, auto_id="archive-%s")


@signed_in
@require_POST
def apply_suggestion(request: Request, pk: int) -> HttpResponse:
    suggestion = _suggestion(request, pk)
    names = [name for name in PROPOSED if name in request.POST.getlist("champs")]
    try:
        suggesting.apply_suggestion(
            by=request.viewer, suggestion=suggestion, names=names, seen=read(request.POST.get("vu", ""))
        )
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return _page(request, _suggestion(request, pk), refusal.status)
    messages.success(request, _("La fiche est corrigée."))
    return _done(request, suggestion)


@team_page
@require_POST
def archive_actor(request: Request, pk: int) -> HttpResponse:
    suggestion = _suggestion(request, pk)
    form = ArchiveForm(request.POST, auto_id="archive-%s")
    if not form.is_valid():
        return _page(request, suggestion, 422, archive=form)
    try:
        suggesting.archive_as_suggested(by=request.viewer, suggestion=suggestion, reason=form.cleaned_data["reason"])
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return _page(request, _suggestion(request, pk), refusal.status, archive=form)
    messages.success(request, _("L'acteur est archivé : il quitte les listes, la carte et les envois."))
    return _done(request, suggestion)


@team_page
@require_POST
def pass_suggestion_on(request: Request, pk: int) -> HttpResponse:
    suggestion = _suggestion(request, pk)
    suggesting.pass_on(by=request.viewer, suggestion=suggestion)
    messages.success(request, _("La suggestion est transmise au réseau qui tient la fiche."))
    return _done(request, suggestion)


@signed_in
@require_POST
def note_suggestion(request: Request, pk: int) -> HttpResponse:
    suggestion = suggesting.note_suggestion(by=request.viewer, suggestion=_suggestion(request, pk))
    messages.success(request, _("La suggestion est marquée comme traitée."))
    return _done(request, suggestion)


@signed_in
@require_POST
def refuse_suggestion(request: Request, pk: int) -> HttpResponse:
    suggestion = _suggestion(request, pk)
    form = RefusalForm(request.POST, told=bool(suggestion.email), auto_id="refus-%s")
    if not form.is_valid():
        return _page(request, suggestion, 422, refusal=form)
    suggesting.refuse_suggestion(by=request.viewer, suggestion=suggestion, **form.cleaned_data)
    messages.success(request, _("La suggestion n'est pas retenue."))
    return _done(request, suggestion)


def suggested_actor(request: Request) -> Suggestion | None:
    """The missing actor that a new sheet is made from, when the address names one that waits."""
    key = whole_number(request.GET.get("proposition", ""))
    waiting = Suggestion.objects.visible_to(request.viewer).waiting().filter(kind=SuggestionKind.MISSING)
    return waiting.select_related("commune").filter(pk=key).first() if key is not None else None
