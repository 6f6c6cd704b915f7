"""The team's table of publications: filters in the address."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.core.pagination import paginate, with_params
from maillage.core.requests import Request
from maillage.networks.queries import departments_of
from maillage.publications.enums import Kind, State
from maillage.publications.queries import table
from maillage.publications.views.asked import team_page

_PER_PAGE = 50


@team_page
@require_safe
def list_publications(request: Request) -> HttpResponse:
    viewer, asked = request.viewer, table.filters_of(request.GET)
    counts = table.state_counts(viewer, asked)
    tabs: list[Any] = [
        (_("Tous les états"), with_params(request.GET, etat=None, page=None), not asked.state, sum(counts.values()))
    ]
    tabs += [
        (label, with_params(request.GET, etat=value, page=None), asked.state == value, counts.get(value, 0))
        for value, label in State.choices
        if value != State.DRAFT or counts.get(value)
    ]
    context = {
        "page": paginate(table.publications(viewer, asked), request.GET, per_page=_PER_PAGE),
        "asked": asked,
        "tabs": tabs,
        "kinds": Kind.choices,
        "departments": departments_of(request.network),
        "query": with_params(request.GET),
    }
    return render(request, "publications/work/table.html", context)
