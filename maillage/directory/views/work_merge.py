"""Making two sheets one: which one stays, what it will say, what follows; the merges made, and their undoing."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.core.errors import Conflict, Refused
from maillage.core.once import once
from maillage.core.pagination import paginate
from maillage.directory import rules
from maillage.directory.actions import judging
from maillage.directory.actions.merging import merge, state_of
from maillage.directory.actions.unmerging import undo_merge
from maillage.directory.enums import Band
from maillage.directory.forms.merging import MergeForm
from maillage.directory.models import Merge, Suspect
from maillage.directory.queries.merging import better_first, choices, is_half_hidden, kept_instead
from maillage.directory.queries.relations import planned, told_to
from maillage.directory.queries.twins import named, resembling
from maillage.directory.views.work import actor_of, team_page

_PER_PAGE = 30


@team_page
@require_safe
def choose_twin(request: HttpRequest, pk: int) -> HttpResponse:
    """With which other sheet: those that resemble it, or any by its name."""
    if (stays := kept_instead(request.viewer, pk)) is not None:
        return redirect("directory:actor_work", stays)
    actor = actor_of(request, pk)
    rules.may_merge(request.viewer, actor).require()
    text = request.GET.get("q", "")[:200]
    context = {
        "actor": actor,
        "text": text,
        "found": named(text, actor, request.viewer) if text else resembling(actor, request.viewer),
    }
    return render(request, "directory/work/twin.html", context)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
@once
def merge_actors(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """`pk` is kept, unless the address says nothing of which (`choix=non`): then the better of the two is proposed."""
    viewer = request.viewer
    if pk == other:
        raise Http404
    for each in (pk, other):  # Whoever comes back to this page after the merge.
        if (stays := kept_instead(viewer, each)) is not None:
            messages.info(request, _("Cette fiche est déjà fusionnée : voici celle qui reste."))
            return redirect("directory:actor_work", stays)
    kept, gone = actor_of(request, pk), actor_of(request, other)
    if request.GET.get("choix") == "non":
        kept, gone = better_first(kept, gone)
    rules.may_merge(viewer, kept, gone).require()
    series = request.GET.get("suite", "")
    form = MergeForm(
        request.POST if request.method == "POST" else None,
        choices=choices(kept, gone),
        seen=state_of(kept, gone),
        half_hidden=is_half_hidden(viewer.network_id, kept, gone),
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            seen, publish = form.cleaned_data["seen"], form.cleaned_data.get("publish", False)
            done = merge(by=viewer, kept=kept, gone=gone, chosen=form.chosen(), seen=seen, publish=publish)
        except Conflict as refusal:
            form.add_error(None, refusal.sentence)
            form.data = form.data.copy()
            form.data["seen"] = state_of(kept, gone)
            status = 409
        else:
            messages.success(
                request,
                _("« %(name)s » ne fait plus qu'une fiche. La fusion peut être annulée.") % {"name": done.kept.name},
            )
            if series:
                band = series if series in Band.values else ""
                following = judging.take_next(by=viewer, band=band)
                return redirect("directory:pair_show", following.pk) if following else redirect("directory:pair_list")
            return redirect("directory:actor_work", kept.pk)
    elif form.errors:
        status = 422
    first, second = sorted([kept.pk, gone.pk])
    suspect = Suspect.objects.visible_to(viewer).filter(first_id=first, second_id=second).first()
    context: dict[str, Any] = {
        "kept": kept,
        "gone": gone,
        "form": form,
        "carried": told_to(viewer.network_id, planned(kept, gone)),
        "days": viewer.network.setting("merge_undo_days"),
        "series": series,
        "suspect": suspect,
    }
    return render(request, "directory/work/merge.html", context, status=status)


@team_page
@require_safe
def list_merges(request: HttpRequest) -> HttpResponse:
    merges = Merge.objects.visible_to(request.viewer).select_related("kept", "by", "undone_by", "network")
    page = paginate(merges, request.GET, per_page=_PER_PAGE)
    return render(request, "directory/work/merges.html", {"page": page, "now": timezone.now()})


@team_page
@require_POST
@once
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    done = get_object_or_404(Merge.objects.visible_to(request.viewer), pk=pk)
    try:
        left = undo_merge(by=request.viewer, merge=done)
    except Refused as refusal:
        if refusal.status != 409:
            raise
        messages.warning(request, refusal.sentence)
        return redirect("directory:merge_list")
    messages.success(request, _("La fusion est annulée : « %(name)s » a retrouvé sa fiche.") % {"name": done.gone_name})
    for sentence in left:
        messages.warning(request, _("Pas remis comme avant : %(what)s") % {"what": sentence})
    return redirect("directory:actor_work", done.gone_id)
