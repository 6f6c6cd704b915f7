"""What came of asking whether sheets are up to date: who is silent, whose address is refused, who has none."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from maillage.core.errors import Refused
from maillage.core.pagination import paginate, with_params
from maillage.directory.actions.reminding import remind
from maillage.directory.queries.freshness import asked_rows, states
from maillage.directory.views.work import actor_of, team_page

_PER_PAGE = 50
_LABELS: dict[str, Any] = {
    "silent": gettext_lazy("Sans réponse"),
    "refused": gettext_lazy("Adresse refusée"),
    "asked": gettext_lazy("Demandé récemment"),
    "mute": gettext_lazy("Sans adresse"),
}


@team_page
@require_safe
def list_asked(request: HttpRequest) -> HttpResponse:
    found = states(request.viewer)
    chosen = request.GET.get("etat", "silent")
    chosen = chosen if chosen in found else "silent"
    actors = found[chosen].select_related("commune__department").order_by("name_key", "pk")
    page = paginate(actors, request.GET, per_page=_PER_PAGE)
    context = {
        "page": page,
        "rows": asked_rows(page, request.viewer.network_id),
        "chosen": chosen,
        "a_day": request.viewer.network.setting("reminders_a_day"),
        "tabs": [
            {
                "url": with_params(request.GET, etat=name, page=None),
                "label": _LABELS[name],
                "count": actors_of.count(),
                "current": name == chosen,
            }
            for name, actors_of in found.items()
        ],
    }
    return render(request, "directory/freshness/work.html", context)


@team_page
@require_POST
def ask_actor(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request, pk)
    try:
        remind(by=request.viewer, actor=actor)
    except Refused as refusal:
        if refusal.status != 409:
            raise
        messages.warning(request, refusal.sentence)
    else:
        messages.success(request, _("Le message part à l'adresse de contact de « %(name)s ».") % {"name": actor.name})
    return redirect("directory:actor_work", pk)
