"""What everyone reads of tours, and what a host asks and follows."""

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.core.doors import network_of, signed_in
from maillage.core.errors import Refused
from maillage.core.mail import absolute_url
from maillage.core.once import once
from maillage.core.requests import Request
from maillage.core.throttle import throttled
from maillage.directory.queries.base_map import base_map, frame_of
from maillage.tours import actions, rules
from maillage.tours.forms import RequestForm
from maillage.tours.models import HostRequest, Season, Stop
from maillage.tours.queries import reading
from maillage.tours.queries.calendars import calendar_of, told_as_data
from maillage.tours.queries.feasibility import checks_of
from maillage.tours.views.asked import request_of, season_of

CALENDAR = "text/calendar; charset=utf-8"


@require_safe
def list_tours(request: Request) -> HttpResponse:
    network = network_of(request)
    context = {
        "seasons": list(reading.open_seasons(request.viewer)[:50]),
        "today": timezone.localdate(),
        "canonical": absolute_url(network, reverse("tours:season_list")),
    }
    return render(request, "tours/public/list.html", context)


@require_safe
def show_tour(request: Request, slug: str) -> HttpResponse:
    season = season_of(request, slug=slug)
    stops, today = _told(season), timezone.localdate()
    points = [
        (stop.request.commune.latitude, stop.request.commune.longitude)
        for stop in stops
        if stop.request.commune.latitude is not None and stop.request.commune.longitude is not None
    ]
    calendar = absolute_url(season.network, reverse("tours:season_calendar", args=[slug]))
    context = {
        "season": season,
        "coming": [stop for stop in stops if stop.last_on >= today],
        "past": [stop for stop in stops if stop.last_on < today],
        "months": reading.months_of(stops),
        "may_ask": rules.may_ask(request.viewer, season),
        "map_url": reverse("tours:season_points", args=[slug]),
        "map_bounds": frame_of(points, margin=0.1),
        "contours_url": base_map(season.network),
        "calendar_url": calendar,
        "subscribe_url": "webcal:" + calendar.split(":", 1)[1],
        "canonical": absolute_url(season.network, season.get_absolute_url()),
        "runs_network": request.viewer.runs_network,
    }
    return render(request, "tours/public/tour.html", context)


def _told(season: Season) -> list[Stop]:
    """Nothing of a tour that is only proposed."""
    return reading.stops_of(season) if season.is_told else []


def _told_season(request: Request, slug: str) -> Season:
    season = season_of(request, slug=slug)
    if not season.is_told:
        raise Http404
    return season


@throttled("tours.points", limit=600, seconds=600)
@require_safe
def show_points(request: Request, slug: str) -> JsonResponse:
    season = season_of(request, slug=slug)
    page = season.get_absolute_url()
    content = reading.points_of(season, _told(season), lambda stop: f"{page}#halte-{stop.pk}")
    return JsonResponse(content, json_dumps_params={"separators": (",", ":"), "ensure_ascii": False})


@throttled("tours.calendar", limit=300, seconds=3600)
@require_safe
def show_calendar(request: Request, slug: str) -> HttpResponse:
    season = _told_season(request, slug)
    response = HttpResponse(calendar_of(season, _told(season)), content_type=CALENDAR)
    response["Content-Disposition"] = f'inline; filename="{season.slug}.ics"'
    response["X-Robots-Tag"] = "noindex"
    return response


@throttled("tours.data", limit=300, seconds=3600)
@require_safe
def show_data(request: Request, slug: str) -> JsonResponse:
    season = _told_season(request, slug)
    response = JsonResponse(told_as_data(season, _told(season)), json_dumps_params={"ensure_ascii": False})
    response["X-Robots-Tag"] = "noindex"
    return response


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@once
def ask(request: Request, slug: str) -> HttpResponse:
    season = season_of(request, slug=slug)
    rules.may_ask(request.viewer, season).require()
    form = RequestForm(request.POST if request.method == "POST" else None, viewer=request.viewer, season=season)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = actions.ask(
                    by=request.viewer, season=season, actor=form.cleaned_data["actor"], fields=form.values(),
                    windows=form.windows(),
                )  # fmt: skip
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("Votre demande est enregistrée : l'équipe étudie si c'est faisable."))
                return redirect("tours:request_show", made.pk)
    return render(request, "tours/public/ask.html", {"form": form, "season": season}, status=status)


@signed_in
@require_safe
def list_own(request: Request) -> HttpResponse:
    """Those of the viewer's own actors, the team's too."""
    network_of(request)
    rows = HostRequest.objects.visible_to(request.viewer).filter(actor__members__user=request.viewer.user_id)
    context = {
        "requests": list(
            rows.for_rows().select_related("season__resource").order_by("-created_at", "-pk").distinct()[:100]
        ),
        "seasons": [season for season in reading.open_seasons(request.viewer) if season.is_open],
    }
    return render(request, "tours/public/own.html", context)


@signed_in
@require_safe
def show_own(request: Request, pk: int) -> HttpResponse:
    row = request_of(request, None, pk)
    stop = getattr(row, "stop", None)
    context = {
        "row": row,
        "season": row.season,
        "stop": stop if row.season.is_told else None,
        "checks": checks_of(row),
        "may_withdraw": rules.may_withdraw(request.viewer, row),
    }
    return render(request, "tours/public/request.html", context)


@signed_in
@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    row = request_of(request, None, pk)
    try:
        actions.withdraw(by=request.viewer, request=row)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("La demande est retirée."))
    return redirect("tours:request_show", pk)
