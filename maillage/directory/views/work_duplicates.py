"""The bench of duplicates: what waits, one pair at a time, what was decided of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maillage.core.errors import Conflict
from maillage.core.once import once
from maillage.core.pagination import paginate
from maillage.directory.actions import judging
from maillage.directory.enums import Band
from maillage.directory.models import Actor, DistinctPair, Suspect
from maillage.directory.queries import twins
from maillage.directory.queries.explaining import percent
from maillage.directory.views.work import team_page

_PER_PAGE = 30
_LATER, _DECIDED = "later", "decided"


@team_page
@require_safe
def list_pairs(request: HttpRequest) -> HttpResponse:
    viewer = request.viewer
    counts = twins.counts(viewer)
    band = request.GET.get("sorte", "")
    if band not in counts:
        band = ""
    page = paginate(twins.chosen(viewer, band), request.GET, per_page=_PER_PAGE)
    context = {
        "page": page,
        "pairs": twins.listed(page, viewer),
        "band": band,
        "total": sum(count for key, count in counts.items() if key != _LATER),
        "tabs": _tabs(counts, twins.decided(viewer).count(), band),
    }
    return render(request, "directory/work/duplicates.html", context)


def _tabs(counts: dict[str, int], decided: int, current: str) -> list[dict[str, Any]]:
    """What waits, by kind, then what was put off, then what was decided."""
    waiting, listed = sum(count for key, count in counts.items() if key != _LATER), reverse("directory:pair_list")
    labels = [
        ("", _("Toutes"), waiting),
        *((each.value, str(each.label).capitalize(), counts[each.value]) for each in Band),
        (_LATER, _("Plus tard"), counts[_LATER]),
    ]
    tabs = [
        {"url": f"{listed}?sorte={key}", "label": label, "count": count, "current": key == current}
        for key, label, count in labels
    ]
    last = {"url": reverse("directory:decided_list"), "label": _("Décidées"), "count": decided}
    return [*tabs, last | {"current": current == _DECIDED}]


@team_page
@require_safe
def list_decided(request: HttpRequest) -> HttpResponse:
    viewer = request.viewer
    page = paginate(twins.decided(viewer), request.GET, per_page=_PER_PAGE)
    tabs = _tabs(twins.counts(viewer), page.paginator.count, _DECIDED)
    return render(request, "directory/work/decided.html", {"page": page, "tabs": tabs})


@team_page
@require_POST
@once
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    pair = get_object_or_404(DistinctPair.objects.visible_to(request.viewer), pk=pk)
    judging.take_back(by=request.viewer, pair=pair)
    messages.success(
        request, _("La décision est oubliée : la paire revient dans la liste si les deux fiches se ressemblent.")
    )
    return redirect("directory:decided_list")


@team_page
@require_POST
def look_for_pairs(request: HttpRequest) -> HttpResponse:
    judging.ask_for_suspects(by=request.viewer)
    messages.info(request, _("La comparaison de toutes les fiches est demandée : rechargez la page dans un instant."))
    return redirect("directory:pair_list")


@team_page
@require_POST
def take_next_pair(request: HttpRequest) -> HttpResponse:
    return _next(request, band=request.POST.get("sorte", ""))


def _next(request: HttpRequest, *, band: str, after: Suspect | None = None) -> HttpResponse:
    suspect = judging.take_next(by=request.viewer, band=band if band in Band.values else "", after=after)
    if suspect is None:
        messages.info(request, _("Plus aucune paire n'attend ici."))
        return redirect("directory:pair_list")
    return redirect(_address(suspect, band))


def _address(suspect: Suspect, band: str) -> str:
    address = reverse("directory:pair_show", args=[suspect.pk])
    return f"{address}?sorte={band}" if band in Band.values else address


def _pair(request: HttpRequest, pk: int) -> Suspect:
    return get_object_or_404(Suspect.objects.visible_to(request.viewer).select_related("holder"), pk=pk)


@team_page
@require_safe
def show_pair(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _pair(request, pk))


def _show(request: HttpRequest, suspect: Suspect, status: int = 200, refusal: str = "") -> HttpResponse:
    viewer = request.viewer
    actors = Actor.objects.visible_to(viewer).for_rows().select_related("parent").prefetch_related("zone")
    found = actors.in_bulk([suspect.first_id, suspect.second_id])
    band = request.GET.get("sorte", "")
    context: dict[str, Any] = {
        "suspect": suspect,
        "twins": twins.twins(found[suspect.first_id], found[suspect.second_id], viewer),
        "percent": percent(suspect.score),
        "band": band if band in Band.values else "",
        "in_hand": suspect.holder_id == viewer.user_id and suspect.holder_id is not None and not suspect.is_expired,
        "held_by_another": suspect.is_held_against(viewer),
        "left": twins.chosen(viewer, band if band in Band.values else "").count(),
        "refusal": refusal,
    }
    return render(request, "directory/work/duplicate.html", context, status=status)


@team_page
@require_POST
def take_pair(request: HttpRequest, pk: int) -> HttpResponse:
    suspect = _pair(request, pk)
    try:
        judging.take(by=request.viewer, suspect=suspect)
    except Conflict as refusal:
        messages.warning(request, refusal.sentence)
    return redirect(_address(suspect, request.POST.get("sorte", "")))


@team_page
@require_POST
def leave_pair(request: HttpRequest, pk: int) -> HttpResponse:
    judging.give_back(by=request.viewer, suspect=_pair(request, pk))
    messages.info(request, _("La paire attend de nouveau : une autre personne peut l'examiner."))
    return redirect(_listed(request.POST.get("sorte", "")))


def _listed(band: str) -> str:
    address = reverse("directory:pair_list")
    return f"{address}?sorte={band}" if band in Band.values else address


@team_page
@require_POST
@once
def judge_pair(request: HttpRequest, pk: int) -> HttpResponse:
    """« Le même » opens the choice of what to keep; every other verdict is kept, and the next pair comes."""
    viewer, suspect = request.viewer, Suspect.objects.visible_to(request.viewer).filter(pk=pk).first()
    verdict, band = request.POST.get("verdict", ""), request.POST.get("sorte", "")
    if suspect is None:  # Decided meanwhile, by oneself in another tab or by someone else.
        messages.info(request, _("Cette paire n'attend plus : voici la suivante."))
        return _next(request, band=band)
    try:
        if verdict == "different":
            judging.tell_apart(by=viewer, suspect=suspect)
            messages.success(request, _("Deux acteurs différents : la paire ne sera plus proposée."))
        elif verdict in ("branch_first", "branch_second"):
            branch = Actor.objects.visible_to(viewer).get(
                pk=suspect.first_id if verdict == "branch_first" else suspect.second_id
            )
            judging.tell_apart(by=viewer, suspect=suspect, branch=branch)
            messages.success(request, _("« %(name)s » est maintenant une antenne de l'autre.") % {"name": branch.name})
        elif verdict == "later":
            judging.put_off(by=viewer, suspect=suspect)
        else:
            return _show(request, suspect, 422, _("Choisissez ce que vous décidez de cette paire."))
    except Conflict as refusal:
        messages.warning(request, refusal.sentence)
    return _next(request, band=band, after=suspect)
