"""The share of airtime, for the team: by département and by family, against how many actors are there; who was never heard."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from maillage.core.charts import Row, bar_chart
from maillage.core.doors import network_of
from maillage.core.pagination import paginate
from maillage.core.requests import Request
from maillage.exchange.kit import export_response
from maillage.radio.queries.airtime import Airtime, Share, airtime, never_heard, period_of
from maillage.radio.views.asked import team_page

_PER_PAGE = 40
_COLUMNS = [
    gettext_lazy("Par"),
    gettext_lazy("Nom"),
    gettext_lazy("Secondes à l'antenne"),
    gettext_lazy("Part (%)"),
    gettext_lazy("Acteurs"),
    gettext_lazy("Secondes par acteur"),
]


@team_page
@require_safe
def show_airtime(request: Request) -> HttpResponse:
    network, period = network_of(request), period_of(request.GET)
    found = airtime(network, period)
    context = {
        "period": period,
        "found": found,
        "charts": _charts(found),
        "page": paginate(never_heard(network), request.GET, per_page=_PER_PAGE),
    }
    return render(request, "radio/work/airtime.html", context)


def _charts(found: Airtime) -> list[Any]:
    return [
        _chart("departements", found.departments, _("Temps d'antenne par département"), _("Département")),
        _chart("familles", found.families, _("Temps d'antenne par famille d'acteurs"), _("Famille")),
    ]


def _chart(name: str, shares: list[Share], title: str, label: str) -> Any:
    heard = [share for share in shares if share.seconds]
    rows = [Row(share.label, share.seconds, hue=share.hue, shown=share.clock) for share in heard]
    said = ", ".join(f"{share.label} {share.clock}" for share in heard[:3])
    description = _("Les plus entendus : %s.") % said if said else _("Rien n'est passé à l'antenne.")
    return bar_chart(
        rows, name=f"antenne-{name}", title=title, description=description, label_title=label, value_title=_("Durée")
    )


@team_page
@require_safe
def export_airtime(request: Request) -> HttpResponseBase:
    network, period = network_of(request), period_of(request.GET)
    found = airtime(network, period)
    rows = [
        (
            kind,
            str(share.label),
            share.seconds,
            round(share.percent, 1),
            share.actors,
            "" if share.each is None else round(share.each, 1),
        )
        for kind, shares in ((_("département"), found.departments), (_("famille"), found.families))
        for share in shares
    ]
    return export_response("csv", columns=_COLUMNS, rows=rows, filename="temps-d-antenne")
