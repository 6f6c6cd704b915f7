"""« Chiffres clés »: each figure with its definition, its date and its records."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from maillage.core import charts
from maillage.core.requests import Request
from maillage.directory.queries import figures
from maillage.exchange.kit import export_response
from maillage.observatory import queries
from maillage.outreach.queries.approaches import actors_by_stage


def show_figures(request: Request) -> HttpResponse:
    """Public figures for all; circles only for those who run the network."""
    network = request.network
    if network is None:
        raise Http404
    departments = figures.by_department(network)
    families = [
        charts.Row(row.label, row.value, row.url, hue=row.hue or 0) for row in figures.by_family(network) if row.value
    ]
    context = {
        "figures": figures.public_figures(network),
        "family_chart": charts.bar_chart(
            families,
            name="familles-graphique",
            title=_("Acteurs publiés par famille"),
            description=_("Une barre par famille, de la plus nombreuse à la moins nombreuse."),
            label_title=_("Famille"),
            value_title=_("Acteurs"),
        ),
        "departments": departments,
        "map": queries.department_map(departments),
        "growth_chart": _growth_chart(figures.growth(network)),
        "today": timezone.localdate(),
    }
    if request.viewer.runs_network:
        first_day = timezone.localdate().replace(month=1, day=1)
        context |= {
            "circles": figures.by_circle(network),
            "circle_years": figures.circles_by_year(network),
            "stages": [(stage, stage.label, count) for stage, count in actors_by_stage(network).items()],
            "missions": queries.by_mission(request.viewer, first_day),
            "first_day": first_day,
        }
    return render(request, "observatory/figures.html", context)


def _growth_chart(growth: list[tuple[int, int]]) -> charts.Chart | None:
    """A line needs two points."""
    if len(growth) < 2:
        return None
    return charts.line_chart(
        [charts.Row(str(year), count) for year, count in growth],
        name="croissance-graphique",
        title=_("L'annuaire au fil des ans"),
        description=_("Acteurs publiés : %(first)s fin %(start)s, %(last)s aujourd'hui.")
        % {"first": number_format(growth[0][1]), "start": growth[0][0], "last": number_format(growth[-1][1])},
        label_title=_("Année"),
        value_title=_("Acteurs publiés en fin d'année"),
    )


def export_figures(request: Request) -> HttpResponse:
    """The public tables of the page as a file, under Licence Ouverte."""
    network = request.network
    if network is None:
        raise Http404
    day = timezone.localdate()
    tables = ((_("famille"), figures.by_family(network)), (_("département"), figures.by_department(network)))
    columns = [_("tableau"), _("libellé"), _("acteurs"), _("pour 10 000 habitants"), _("date")]
    rows = [
        (table, row.label, row.value, None if row.rate is None else round(row.rate, 2), day)
        for table, found in tables
        for row in found
    ]
    return export_response("csv", columns=columns, rows=rows, filename="chiffres-cles")
