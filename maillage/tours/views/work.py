"""The team's pages: seasons, the tour of one, its requests, and changes by hand with what they cost."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.core.errors import Conflict, Refused
from maillage.core.models import JobStatus
from maillage.core.once import once
from maillage.core.pagination import paginate
from maillage.core.requests import Request
from maillage.directory.queries.base_map import base_map, frame_of
from maillage.tours import actions, rules
from maillage.tours.enums import NEXT, RequestState, SeasonState
from maillage.tours.forms import CanvassForm, JudgeForm, MoveForm, SeasonForm
from maillage.tours.models import HostRequest, Season
from maillage.tours.queries import reading
from maillage.tours.queries.costs import Cost, cost_of_move
from maillage.tours.queries.feasibility import checks_of
from maillage.tours.queries.stating import statement
from maillage.tours.views.asked import request_of, season_of, team_page

_PER_PAGE = 50


@team_page
@require_safe
def list_seasons(request: Request) -> HttpResponse:
    page = paginate(reading.seasons_of(request.viewer), request.GET, per_page=_PER_PAGE)
    return render(request, "tours/work/seasons.html", {"page": page})


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
@once
def add_season(request: Request) -> HttpResponse:
    form = SeasonForm(request.POST if request.method == "POST" else None, viewer=request.viewer)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                season = actions.create_season(by=request.viewer, fields=form.values())
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("La saison est prête : ouvrez-la aux demandes quand vous voulez."))
                return redirect("tours:season_work", season.pk)
    return render(request, "tours/work/season_form.html", {"form": form}, status=status)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def edit_season(request: Request, pk: int) -> HttpResponse:
    season = season_of(request, pk)
    kept = season_of(request, pk)  # A form of a model writes in what it is given, even when it is not valid.
    form = SeasonForm(request.POST if request.method == "POST" else None, viewer=request.viewer, instance=kept)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                changed = actions.edit_season(by=request.viewer, season=season, fields=form.values())
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                said = _("Les réglages sont enregistrés.") if changed else _("Rien n'a changé.")
                messages.success(request, said)
                return redirect("tours:season_work", pk)
    return render(request, "tours/work/season_form.html", {"form": form, "season": season}, status=status)


@team_page
@require_safe
def show_season(request: Request, pk: int) -> HttpResponse:
    season = season_of(request, pk)
    stops = reading.stops_of(season)
    points = [
        (stop.request.commune.latitude, stop.request.commune.longitude)
        for stop in stops
        if stop.request.commune.latitude is not None and stop.request.commune.longitude is not None
    ]
    context = {
        "season": season,
        "stops": stops,
        "weeks": reading.weeks_of(season, stops) if stops else [],
        "figures": reading.figures_of(season),
        "left": reading.left_out(season),
        "waiting": season.requests.filter(state=RequestState.ASKED).count(),
        "job": reading.job_of(season),
        "may_plan": rules.may_plan(request.viewer, season),
        "may_move": rules.may_move(request.viewer, season),
        "steps": [(state, rules.may_become(request.viewer, season, state)) for state in NEXT[season.state]],
        "canvass_form": CanvassForm(),
        "map_url": reverse("tours:season_work_points", args=[pk]),
        "map_bounds": frame_of([*points, *_base(season)], margin=0.1),
        "contours_url": base_map(season.network),
    }
    return render(request, "tours/work/season.html", context)


def _base(season: Season) -> list[tuple[float, float]]:
    base = season.base
    return [(base.latitude, base.longitude)] if base.latitude is not None and base.longitude is not None else []


@team_page
@require_safe
def show_progress(request: Request, pk: int) -> HttpResponse:
    """Asked for every few seconds while the tour is computed; at the end the whole page is read again."""
    season = season_of(request, pk)
    job = reading.job_of(season)
    response = render(request, "tours/work/_progress.html", {"season": season, "job": job})
    if job is None or job.status == JobStatus.FAILED:
        response["HX-Refresh"] = "true"
    return response


@team_page
@require_safe
def show_points(request: Request, pk: int) -> JsonResponse:
    season = season_of(request, pk)
    content = reading.points_of(
        season, reading.stops_of(season), lambda stop: reverse("tours:request_work", args=[pk, stop.request_id])
    )
    return JsonResponse(content, json_dumps_params={"separators": (",", ":"), "ensure_ascii": False})


@team_page
@require_POST
def plan_season(request: Request, pk: int) -> HttpResponse:
    season = season_of(request, pk)
    try:
        actions.ask_plan(by=request.viewer, season=season)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("La tournée se calcule : vous pouvez quitter cette page, vous serez prévenu."))
    return redirect("tours:season_work", pk)


@team_page
@require_POST
def change_state(request: Request, pk: int) -> HttpResponse:
    season, wanted = season_of(request, pk), request.POST.get("etat", "")
    if wanted not in SeasonState.values:
        messages.error(request, _("Choisissez un état."))
        return redirect("tours:season_work", pk)
    try:
        actions.change_state(by=request.viewer, season=season, state=wanted, reason=request.POST.get("reason", ""))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _said(SeasonState(wanted)))
    return redirect("tours:season_work", pk)


def _said(reached: SeasonState) -> str:
    return {
        SeasonState.DRAFT: _("La saison est de nouveau en préparation."),
        SeasonState.OPEN: _("La saison est ouverte : les structures peuvent demander un passage."),
        SeasonState.PLANNED: _("La tournée est proposée."),
        SeasonState.PUBLISHED: _("La tournée est publiée : les structures connaissent leurs dates."),
        SeasonState.OVER: _("La saison est terminée."),
        SeasonState.CANCELLED: _("La saison est annulée."),
    }[reached]


@team_page
@require_POST
def canvass(request: Request, pk: int) -> HttpResponse:
    season, form = season_of(request, pk), CanvassForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Donnez un nombre de haltes (1 à 20) et un rayon (2 à 60 km)."))
        return redirect("tours:season_work", pk)
    try:
        actions.ask_canvass(by=request.viewer, season=season, **form.cleaned_data)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Les communes à démarcher se calculent : rechargez la page dans une minute."))
    return redirect(f"{reverse('tours:season_work', args=[pk])}#demarcher")


@team_page
@require_safe
def list_requests(request: Request, pk: int) -> HttpResponse:
    season, state = season_of(request, pk), request.GET.get("etat", "")
    rows = season.requests.for_rows()
    known = state in RequestState.values
    page = paginate(rows.filter(state=state) if known else rows, request.GET, per_page=_PER_PAGE)
    counts = reading.counts_by_state(season)
    url = reverse("tours:request_table", args=[pk])
    tabs = [(_("Toutes"), url, not known, sum(counts.values()))]
    tabs += [
        (label, f"{url}?etat={value}", value == state, counts.get(value, 0)) for value, label in RequestState.choices
    ]
    return render(
        request, "tours/work/requests.html", {"season": season, "page": page, "tabs": tabs, "is_narrow": known}
    )


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def show_request(request: Request, pk: int, ask: int) -> HttpResponse:
    """What a host asks, against what the resource needs; the answer."""
    season = season_of(request, pk)
    row = request_of(request, season, ask)
    form = JudgeForm(request.POST if request.method == "POST" else None, row=row)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.judge(by=request.viewer, request=row, seen=form.seen, **form.cleaned_data)
            except Conflict as conflict:
                row = request_of(request, season, ask)
                form.tell({"state": row.state, "reason": row.reason})
                form.add_error(None, conflict.sentence)
                status = conflict.status
            except Refused as refusal:
                form.add_error("reason" if refusal.status == 422 else None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("La réponse est partie à la structure."))
                return redirect("tours:request_work", pk, ask)
    return _request_page(request, season, row, form, status=status)


def _request_page(
    request: Request, season: Season, row: HostRequest, form: JudgeForm, *, move: MoveForm | None = None,
    cost: Cost | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {
        "season": season,
        "row": row,
        "stop": getattr(row, "stop", None),
        "checks": checks_of(row),
        "form": form,
        "move": move if move is not None else MoveForm(),
        "cost": cost,
        "may_judge": rules.may_judge(request.viewer, row),
        "may_move": rules.may_move(request.viewer, season) if row.state in ("feasible", "served") else None,
        "may_withdraw": rules.may_withdraw(request.viewer, row),
    }
    return render(request, "tours/work/request.html", context, status=status)


@team_page
@require_safe
def price_move(request: Request, pk: int, ask: int) -> HttpResponse:
    """What putting a stop at a day, or taking it off (`retirer`), would cost; nothing changes yet."""
    season = season_of(request, pk)
    row = request_of(request, season, ask)
    off = "retirer" in request.GET
    form = MoveForm(None if off else request.GET)
    cost, status = None, 200
    if off:
        form = MoveForm()
        cost = cost_of_move(statement(season), row, None)
    elif form.is_valid():
        cost = cost_of_move(statement(season), row, form.cleaned_data["day"])
    else:
        status = 422
    return _request_page(request, season, row, JudgeForm(row=row), move=form, cost=cost, status=status)


@team_page
@require_POST
def move_stop(request: Request, pk: int, ask: int) -> HttpResponse:
    """Once its cost was read."""
    season = season_of(request, pk)
    row = request_of(request, season, ask)
    form = MoveForm(request.POST)
    if "day" in request.POST and not form.is_valid():
        messages.error(request, _("Ce jour n'est pas lisible."))
        return redirect("tours:request_work", pk, ask)
    day = form.cleaned_data["day"] if form.is_valid() else None
    try:
        actions.move_stop(by=request.viewer, season=season, request=row, day=day, anyway="malgre" in request.POST)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("tours:request_work", pk, ask)
    messages.success(request, _("La halte est placée et fixée.") if day else _("La halte est retirée de la tournée."))
    return redirect(f"{reverse('tours:season_work', args=[pk])}#haltes")


@team_page
@require_POST
def fix_stop(request: Request, pk: int, ask: int) -> HttpResponse:
    season = season_of(request, pk)
    row, fixed = request_of(request, season, ask), request.POST.get("fixer") == "oui"
    try:
        actions.fix_stop(by=request.viewer, season=season, request=row, is_fixed=fixed)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("La halte est fixée.") if fixed else _("La halte peut de nouveau bouger."))
    return redirect("tours:request_work", pk, ask)
