"""Pages of figures: what is where, what was lent in a year, and for the team how all of the network's stock serves."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from maillage.core.doors import allowed
from maillage.core.requests import Request
from maillage.core.text import whole_number
from maillage.directory.queries.base_map import base_map
from maillage.exchange.kit import export_response
from maillage.loans import rules
from maillage.loans.queries import figures, whereabouts

_page = allowed(rules.may_see_board)
_team = allowed(rules.may_see_network_figures)


@_page
@never_cache
@require_safe
def show_whereabouts(request: Request) -> HttpResponse:
    found = whereabouts.places(request.viewer)
    context = {
        "places": found,
        "total": sum(len(place.units) for place in found),
        "map_url": reverse("loans:whereabouts_points"),
        "contours_url": base_map(request.viewer.network),
        "map_bounds": whereabouts.frame(found),
    }
    return render(request, "loans/work/whereabouts.html", context)


@_page
@never_cache
@require_safe
def list_points(request: Request) -> JsonResponse:
    return JsonResponse(whereabouts.features(whereabouts.places(request.viewer), _words))


def _words(place: Any) -> str:
    count = ngettext("%s exemplaire", "%s exemplaires", len(place.units)) % len(place.units)
    return f"{place.commune.name} – {count}"


def _year(request: Request, years: list[int]) -> int:
    asked = whole_number(request.GET.get("annee", ""))
    return asked if asked in years else timezone.localdate().year


@_page
@require_safe
def show_figures(request: Request) -> HttpResponse:
    """For a lender of its own loans, for the team of all."""
    years = figures.years(request.viewer)
    year = _year(request, years)
    rows = figures.uses(request.viewer, year)
    context = {
        "years": years,
        "year": year,
        "rows": rows,
        "loans": sum(row.loans for row in rows),
        "reached": sum(row.reached for row in rows),
        "days": sum(row.days for row in rows),
        "towns": len(set().union(*(row.towns for row in rows))),
        "may_see_network": rules.may_see_network_figures(request.viewer),
    }
    return render(request, "loans/work/figures.html", context)


@_page
@require_safe
def export_figures(request: Request) -> HttpResponseBase:
    year = _year(request, figures.years(request.viewer))
    columns = [_("ressource"), _("prêteur"), _("prêts"), _("communes"), _("personnes touchées"), _("jours de sortie")]
    rows = [
        [row.title, row.lender, row.loans, len(row.towns), row.reached, row.days]
        for row in figures.uses(request.viewer, year)
    ]
    return export_response("csv", columns=columns, rows=rows, filename=f"prets-{year}")


@_team
@require_safe
def show_network(request: Request) -> HttpResponse:
    years = figures.years(request.viewer)
    year = _year(request, years)
    by_theme, by_place = figures.lacks(request.viewer, year)
    told = figures.indicators(request.viewer, year, timezone.get_current_timezone())
    context = {
        "years": years,
        "year": year,
        "indicators": told,
        "late_percent": 100 * (told.late or 0),
        "answer_hours": told.answer.total_seconds() / 3600 if told.answer is not None else None,
        "shares": figures.occupation(request.viewer, year),
        "months": range(1, 13),
        "by_theme": by_theme,
        "by_place": by_place,
    }
    return render(request, "loans/work/network.html", context)


@_team
@require_safe
def export_occupation(request: Request) -> HttpResponseBase:
    year = _year(request, figures.years(request.viewer))
    columns = [_("ressource"), _("prêteur"), _("exemplaires"), *[f"{year}-{month:02d}" for month in range(1, 13)]]
    rows = [
        [row.title, row.lender, row.copies, *[round(share, 4) for share in row.months]]
        for row in figures.occupation(request.viewer, year)
    ]
    return export_response("csv", columns=columns, rows=rows, filename=f"occupation-{year}")


@_team
@require_safe
def export_lacks(request: Request) -> HttpResponseBase:
    year = _year(request, figures.years(request.viewer))
    by_theme, by_place = figures.lacks(request.viewer, year)
    columns = [_("par"), _("nom"), _("demandes non satisfaites"), _("dites au réseau comme besoins")]
    rows = [[_("thématique"), row.label, row.requests, row.told] for row in by_theme]
    rows += [[_("département"), row.label, row.requests, row.told] for row in by_place]
    return export_response("csv", columns=columns, rows=rows, filename=f"demandes-non-satisfaites-{year}")
