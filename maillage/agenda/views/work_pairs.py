"""Events that look alike: the list, and what the team decides of a pair."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maillage.agenda import rules
from maillage.agenda.actions.pairing import keep_one, mark_distinct
from maillage.agenda.models import Event
from maillage.agenda.queries.lookalikes import all_pairs
from maillage.agenda.queries.pairs import pairs
from maillage.agenda.views.asked import team_page
from maillage.core.errors import Conflict
from maillage.core.once import once
from maillage.core.pagination import paginate
from maillage.core.requests import Request
from maillage.core.text import whole_number

_PER_PAGE = 20


@team_page
@require_safe
def list_pairs(request: Request) -> HttpResponse:
    found = all_pairs(request.network)
    page = paginate(found, request.GET, per_page=_PER_PAGE)  # type: ignore[arg-type]  # a list is paged as well
    shown = pairs(list(page), lambda event: bool(rules.in_reach(request.viewer, event)))
    context = {"page": page, "pairs": shown, "total": len(found)}
    return render(request, "agenda/work/pairs.html", context)


@team_page
@require_POST
@once
def judge_pair(request: Request) -> HttpResponse:
    viewer, verdict = request.viewer, request.POST.get("verdict", "")
    first, second = (
        get_object_or_404(Event.objects.visible_to(viewer), pk=whole_number(request.POST.get(name, "")))
        for name in ("une", "autre")
    )
    try:
        if verdict == "differents":
            mark_distinct(by=viewer, first=first, second=second)
            messages.success(request, _("Deux événements différents : la paire ne sera plus proposée."))
        elif verdict in ("garder_une", "garder_autre"):
            kept, other = (first, second) if verdict == "garder_une" else (second, first)
            keep_one(by=viewer, kept=kept, other=other)
            messages.success(
                request,
                _("« %(title)s » reste seul dans l'agenda, avec les organisateurs des deux.") % {"title": kept.title},
            )
        else:
            messages.info(request, _("Choisissez ce que vous décidez de cette paire."))
    except Conflict as refusal:
        messages.warning(request, refusal.sentence)
    return redirect("agenda:pair_list")
