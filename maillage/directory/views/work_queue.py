"""The team's queue: all that waits for it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.core.pagination import paginate, with_params
from maillage.directory.queries.waiting import AGES, Queue, queue, told_rows
from maillage.directory.views.work import in_queue, team_page
from maillage.networks.queries import departments_of

_PER_PAGE = 25


@team_page
@require_safe
def show_queue(request: HttpRequest) -> HttpResponse:
    """Oldest first; the filters are in the address."""
    asked = request.GET
    found = queue(
        request.viewer,
        kind=asked.get("nature", ""),
        department=asked.get("departement", ""),
        age=asked.get("depuis", ""),
    )
    kind, place = found.kind, found.department
    page = paginate(found.rows, request.GET, per_page=_PER_PAGE)
    names = {each.code: each.name for each in departments_of(request.viewer.network)}
    context = {
        "total": found.total,
        "kinds": [(each, count, _with(request, nature=each.name), each.name == kind) for each, count in found.kinds],
        "all_kinds": (
            sum(count for each, count in found.kinds if not each.apart),
            _with(request, nature=None),
            not kind,
        ),
        "departments": [(code, names.get(code, code), count) for code, count in found.departments],
        "kind": kind,
        "place": place,
        "age": found.age,
        "ages": [(days, _older(days)) for days in AGES],
        "chips": _chips(request, names, found),
        "page": page,
        "rows": told_rows(request.viewer, list(page.object_list)),
        "in_queue": in_queue(request),
    }
    return render(request, "directory/work/queue.html", context)


def _with(request: HttpRequest, **changes: Any) -> str:
    return with_params(request.GET, page=None, **changes)


def _chips(request: HttpRequest, names: dict[str, str], found: Queue) -> list[dict[str, str]]:
    place, chips = found.department, []
    if place:
        chips.append({"label": names.get(place, place), "url": _with(request, departement=None)})
    if found.age:
        chips.append({"label": _older(found.age), "url": _with(request, depuis=None)})
    return chips


def _older(days: int) -> str:
    return _("depuis plus de %(days)d jours") % {"days": days}
