"""The team's table of events: filters in the address, and the same act on those that are ticked."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from maillage.agenda.actions.bulk import ACTS, act_on_all
from maillage.agenda.enums import EventState, EventStatus
from maillage.agenda.models import Event
from maillage.agenda.queries import table
from maillage.agenda.views.asked import team_page
from maillage.core.pagination import paginate, with_params
from maillage.core.requests import Request
from maillage.core.text import whole_number
from maillage.networks.queries import departments_of

_PER_PAGE = 50
_REFUSALS_TOLD = 5


@team_page
@require_safe
def list_events(request: Request) -> HttpResponse:
    viewer, asked = request.viewer, table.filters_of(request.GET)
    counts = table.state_counts(viewer, asked)
    tabs = [
        (_("Tous les états"), with_params(request.GET, etat=None, page=None), not asked.state, sum(counts.values()))
    ]
    tabs += [
        (label, with_params(request.GET, etat=value, page=None), asked.state == value, counts.get(value, 0))
        for value, label in EventState.choices
    ]
    sources = table.sources(viewer)
    context: dict[str, Any] = {
        "page": paginate(table.events(viewer, asked), request.GET, per_page=_PER_PAGE),
        "asked": asked,
        "tabs": tabs,
        "periods": list(table.PERIODS.items()),
        "statuses": EventStatus.choices,
        "departments": departments_of(request.network),
        "sources": [(table.HERE, _("Écrits sur ce site")), *((each, each) for each in sources)],
        "query": with_params(request.GET),
        "now": timezone.now(),
    }
    return render(request, "agenda/work/table.html", context)


@team_page
@require_POST
def act_on_ticked(request: Request) -> HttpResponse:
    """Publish or take out those ticked, of one page at most; those that may not be are said."""
    act = request.POST.get("acte", "")
    back = reverse("agenda:event_table") + _query(request)
    keys = [key for text in request.POST.getlist("coche")[:_PER_PAGE] if (key := whole_number(text)) is not None]
    events = list(Event.objects.visible_to(request.viewer).filter(pk__in=keys).order_by("pk"))
    if act not in ACTS or not events:
        messages.info(request, _("Cochez au moins un événement, puis choisissez ce que vous en faites."))
        return redirect(back)
    done, refused = act_on_all(by=request.viewer, events=events, act=act)
    if done:
        told = {
            "publier": ngettext("%d événement publié.", "%d événements publiés.", done),
            "retirer": ngettext("%d événement retiré de l'agenda.", "%d événements retirés de l'agenda.", done),
        }
        messages.success(request, told[act] % done)
    for title, sentence in refused[:_REFUSALS_TOLD]:
        messages.warning(request, f"« {title} » : {sentence}")
    if (more := len(refused) - _REFUSALS_TOLD) > 0:
        messages.warning(
            request, ngettext("Et %d autre, laissé comme il est.", "Et %d autres, laissés comme ils sont.", more) % more
        )
    return redirect(back)


def _query(request: Request) -> str:
    """The filters that the table was read with, which the form carries in its address."""
    query = request.META.get("QUERY_STRING", "")
    return f"?{query}" if query else ""
