"""Elected officials: finding, entering, correcting, reading what the network did with them; those of a territory."""

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.pagination import paginate, with_params
from maillage.core.requests import Request
from maillage.exchange.kit import export_response
from maillage.networks.queries import departments_of
from maillage.outreach import rules
from maillage.outreach.actions import officials as actions
from maillage.outreach.enums import Function
from maillage.outreach.forms.officials import MandateForm, OfficialForm
from maillage.outreach.queries import officials as queries
from maillage.outreach.views.team import official_of, team_page
from maillage.territories.enums import TerritoryKind

_PER_PAGE = 40
_EXPORTED = 10_000
_MEETINGS = 20


@team_page
@require_safe
def list_officials(request: Request) -> HttpResponse:
    asked = queries.filters_of(request.GET)
    kind, _dash, code = asked.territory.partition("-")
    context = {
        "page": paginate(queries.officials(request.viewer, asked), request.GET, per_page=_PER_PAGE),
        "asked": asked,
        "territory": queries.territory_of(kind, code) if code else None,
        "departments": departments_of(request.network),
        "functions": Function.choices,
        "delegations": queries.delegations(request.viewer),
        "is_filtered": asked != queries.OfficialFilters(),
        "query": with_params(request.GET, page=None),
    }
    return render(request, "outreach/officials/list.html", context)


@team_page
@require_safe
def list_options(request: Request) -> JsonResponse:
    """As the combobox of the site reads them."""
    found = queries.named_so(request.GET.get("q", ""), request.viewer)
    rows = [
        {"value": str(each.pk), "label": queries.shown_official(each), "detail": queries.detail_of(each)}
        for each in found
    ]
    return JsonResponse({"results": rows})


@team_page
@require_safe
def export_officials(request: Request, kind: str) -> HttpResponse:
    """The list as it is filtered, a line each; who refuses letters is said."""
    found = queries.officials(request.viewer, queries.filters_of(request.GET))
    columns = [
        _("civilité"), _("prénom"), _("nom"), _("mandats"), _("adresse e-mail"), _("téléphone"), _("adresse postale"),
        _("dernière rencontre"), _("promesses en attente"), _("refuse le courrier"), _("source"), _("date de la source"),
    ]  # fmt: skip
    rows = (
        (
            each.get_civility_display(),
            each.first_name,
            each.last_name,
            queries.detail_of(each),
            each.email,
            each.phone,
            each.address.replace("\n", ", "),
            each.last_on,
            each.promised or 0,
            "" if each.may_be_written_to else _("oui"),
            each.source,
            each.sourced_on,
        )
        for each in found[:_EXPORTED]
    )
    return export_response(kind, columns=columns, rows=rows, filename="elus")


@team_page
@once
@require_http_methods(["GET", "HEAD", "POST"])
def add_official(request: Request) -> HttpResponse:
    """Who, and the first mandate."""
    data = request.POST if request.method == "POST" else None
    form, mandate = OfficialForm(data), MandateForm(data, viewer=request.viewer)
    status = 200
    if request.method == "POST":
        status = 422
        is_whole = form.is_valid() and mandate.is_valid()
        if is_whole:
            try:
                made = actions.add_official(by=request.viewer, mandate=mandate.values(), **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("%(name)s est dans la liste.") % {"name": made})
                return redirect(made)
    context = {"form": form, "mandate_form": mandate, "official": None}
    return render(request, "outreach/officials/form.html", context, status=status)


@team_page
@require_safe
def show_official(request: Request, pk: int) -> HttpResponse:
    official, viewer = official_of(request, pk), request.viewer
    context = {
        "official": official,
        "may_note": rules.may_note(viewer, official),
        "may_remove": rules.may_remove(viewer, official),
        "meetings": queries.meetings_with(viewer, official, _MEETINGS),
        "promises": list(official.promises.select_related("follower", "contact")),
        "letters": list(official.letters.sent().select_related("letter").order_by("-pk")[:_MEETINGS]),
        "today": timezone.localdate(),
    }
    return render(request, "outreach/officials/show.html", context)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def change_official(request: Request, pk: int) -> HttpResponse:
    official = official_of(request, pk)
    rules.may_note(request.viewer, official).require()
    form = OfficialForm(request.POST if request.method == "POST" else None, official=official)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.change_official(by=request.viewer, official=official, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("La fiche est corrigée."))
                return redirect(official)
    context = {"form": form, "mandate_form": None, "official": official}
    return render(request, "outreach/officials/form.html", context, status=status)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def object_to_be_kept(request: Request, pk: int) -> HttpResponse:
    """What it does, then one button: it cannot be undone."""
    official = official_of(request, pk)
    rules.may_note(request.viewer, official).require()
    if request.method != "POST":
        return render(request, "outreach/officials/object.html", {"official": official})
    actions.object_to_be_kept(by=request.viewer, official=official)
    messages.success(request, _("L'opposition est enregistrée : seuls le nom et les mandats publics restent."))
    return redirect(official)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def stop_letters(request: Request, pk: int) -> HttpResponse:
    official = official_of(request, pk)
    rules.may_note(request.viewer, official).require()
    if request.method != "POST":
        return render(request, "outreach/officials/stop.html", {"official": official})
    actions.stop_letters(by=request.viewer, official=official)
    messages.success(request, _("Plus aucune lettre ne lui sera adressée."))
    return redirect(official)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def remove_official(request: Request, pk: int) -> HttpResponse:
    official = official_of(request, pk)
    rules.may_remove(request.viewer, official).require()
    if request.method != "POST":
        return render(request, "outreach/officials/remove.html", {"official": official})
    actions.remove_official(by=request.viewer, official=official)
    messages.success(request, _("La fiche est supprimée."))
    return redirect("outreach:official_list")


@team_page
@require_safe
def show_territory(request: Request, kind: str, code: str) -> HttpResponse:
    """Who was elected there, beside how many actors are there."""
    territory = queries.territory_of(kind, code[:9])
    if territory is None:
        raise Http404
    above = [each for each in (territory.epci, territory.department, territory.region) if each is not None]
    counts = queries.actors_in(request.viewer, [territory, *above])
    table = queries.table_query(territory)
    key = f"{territory.kind}-{territory.code}"
    context = {
        "territory": territory,
        "kind": TerritoryKind(territory.kind).label,
        "mandates": queries.mandates_in(request.viewer, territory),
        "actors": counts[territory.pk],
        "table": f"{reverse('directory:actor_table')}?{table}&etat=published",
        "around": [
            (each, mandates, counts[each.pk])
            for each in above
            if (mandates := queries.mandates_in(request.viewer, each)) or counts[each.pk]
        ],
        "list_query": f"departement={territory.code}" if kind == TerritoryKind.DEPARTMENT else f"territoire={key}",
        "is_department": kind == TerritoryKind.DEPARTMENT,
    }
    return render(request, "outreach/officials/territory.html", context)
