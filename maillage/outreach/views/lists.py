"""Target lists: made from the table of actors, enlarged, reduced, closed; approaches begun for all."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.pagination import paginate, with_params
from maillage.core.requests import Request
from maillage.core.text import whole_number
from maillage.directory.models import Actor
from maillage.directory.queries.table import Table
from maillage.outreach.actions import approaches, lists
from maillage.outreach.actions.lists import AT_MOST
from maillage.outreach.enums import Stage
from maillage.outreach.forms.lists import AddForm, BeginAllForm, ListForm
from maillage.outreach.models import Approach, Campaign, TargetList
from maillage.outreach.queries import campaigns as queries
from maillage.outreach.queries.recipients import members_of, to_begin
from maillage.outreach.views.team import team_page

_PER_PAGE = 50
_NAMED = 8


@team_page
@require_safe
def list_lists(request: Request) -> HttpResponse:
    archived = request.GET.get("closes") == "1"
    found = queries.lists_of(request.viewer, archived=archived)
    context = {
        "page": paginate(found, request.GET, per_page=_PER_PAGE),
        "archived": archived,
        "is_current": not archived,
    }
    return render(request, "outreach/lists/list.html", context)


def _chosen(request: Request) -> tuple[list[int], str]:
    """The actors ticked in the table, or with `tous` all those of its filter; the filter when it made the list."""
    kept = request.GET.copy()
    for name in ("acteur", "tous", "colonnes", "page", "par", "tri"):
        kept.pop(name, None)
    if request.GET.get("tous"):
        return Table.from_params(request.GET, request.viewer).ids(0, AT_MOST), kept.urlencode()
    ticked = [pk for key in request.GET.getlist("acteur") if (pk := whole_number(key)) is not None]
    return list(dict.fromkeys(ticked))[:AT_MOST], ""


@team_page
@once
@require_http_methods(["GET", "HEAD", "POST"])
def create_list(request: Request) -> HttpResponse:
    """How many actors, and their first names, before anything is made; an empty list may be filled by hand."""
    ids, query = _chosen(request)
    form = ListForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = lists.create_list(by=request.viewer, query=query, actor_ids=ids, **form.cleaned_data)
            except Refused as refusal:
                form.add_error("name" if refusal.status == 409 else None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("La liste est faite."))
                return redirect(made)
    names = dict(Actor.objects.visible_to(request.viewer).filter(pk__in=ids[:_NAMED]).values_list("pk", "name"))
    context = {
        "form": form,
        "count": len(ids),
        "named": [names[pk] for pk in ids[:_NAMED] if pk in names],
        "more": max(0, len(ids) - _NAMED),
        "back": with_params(request.GET, tous=None),
        "at_most": len(ids) == AT_MOST,
    }
    return render(request, "outreach/lists/create.html", context, status=status)


def _list(request: Request, pk: int) -> TargetList:
    return get_object_or_404(TargetList.objects.visible_to(request.viewer).select_related("author"), pk=pk)


@team_page
@require_safe
def show_list(request: Request, pk: int) -> HttpResponse:
    return _shown(request, _list(request, pk))


def _shown(
    request: Request,
    target_list: TargetList,
    *,
    add: AddForm | None = None,
    begin: BeginAllForm | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer = request.viewer
    page = paginate(members_of(viewer, target_list), request.GET, per_page=_PER_PAGE)
    actors = list(page.object_list)
    held = Approach.objects.visible_to(viewer).filter(actor__in=actors).order_by("pk")
    last = {approach.actor_id: approach for approach in held}
    context = {
        "list": target_list,
        "page": page,
        "rows": [(actor, last.get(actor.pk)) for actor in actors],
        "to_begin": len(to_begin(viewer, target_list)),
        "under_way": queries.approaches_under_way(viewer, target_list),
        "campaigns": Campaign.objects.visible_to(viewer).filter(target_list=target_list),
        "add": add or AddForm(viewer=viewer),
        "begin": begin or BeginAllForm(viewer=viewer),
        "first_stage": Stage.TO_CONTACT,
    }
    return render(request, "outreach/lists/show.html", context, status=status)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def change_list(request: Request, pk: int) -> HttpResponse:
    target_list = _list(request, pk)
    initial: dict[str, Any] = {"name": target_list.name, "purpose": target_list.purpose}
    form = ListForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                lists.change_list(by=request.viewer, target_list=target_list, **form.cleaned_data)
            except Refused as refusal:
                form.add_error("name" if refusal.status == 409 else None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("La liste est enregistrée."))
                return redirect(target_list)
    return render(request, "outreach/lists/change.html", {"form": form, "list": target_list}, status=status)


@team_page
@require_POST
def add_to_list(request: Request, pk: int) -> HttpResponse:
    target_list = _list(request, pk)
    form = AddForm(request.POST, viewer=request.viewer)
    if not form.is_valid():
        return _shown(request, target_list, add=form, status=422)
    actor = form.cleaned_data["actor"]
    lists.add_to_list(by=request.viewer, target_list=target_list, actors=[actor])
    messages.success(request, _("%(actor)s est dans la liste.") % {"actor": actor.name})
    return redirect(target_list)


@team_page
@require_POST
def remove_from_list(request: Request, pk: int) -> HttpResponse:
    target_list = _list(request, pk)
    ticked = [pk for key in request.POST.getlist("acteur") if (pk := whole_number(key)) is not None]
    if not ticked:
        messages.info(request, _("Cochez d'abord des acteurs de la liste."))
        return redirect(target_list)
    lists.remove_from_list(by=request.viewer, target_list=target_list, actor_ids=ticked)
    sentence = ngettext("%(count)s acteur est retiré.", "%(count)s acteurs sont retirés.", len(ticked))
    messages.success(request, sentence % {"count": len(ticked)})
    return redirect(target_list)


@team_page
@require_POST
def begin_all(request: Request, pk: int) -> HttpResponse:
    target_list = _list(request, pk)
    form = BeginAllForm(request.POST, viewer=request.viewer)
    if not form.is_valid():
        return _shown(request, target_list, begin=form, status=422)
    count = approaches.begin_approaches(by=request.viewer, target_list=target_list, **form.cleaned_data)
    sentence = ngettext("%(count)s approche est commencée.", "%(count)s approches sont commencées.", count)
    messages.success(request, sentence % {"count": count} if count else _("Aucune approche n'était à commencer."))
    return redirect(target_list)


@team_page
@require_POST
def archive_list(request: Request, pk: int) -> HttpResponse:
    """Closed, or opened again (`encore`)."""
    target_list = _list(request, pk)
    archived = not request.POST.get("encore")
    lists.archive_list(by=request.viewer, target_list=target_list, archived=archived)
    messages.success(request, _("La liste est close.") if archived else _("La liste est rouverte."))
    return redirect(target_list)
