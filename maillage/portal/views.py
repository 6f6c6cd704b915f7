"""Pages about the network as a whole, and the gallery of components."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.accounts.queries import processing_register
from maillage.core.charts import Row, bar_chart, line_chart
from maillage.core.doors import answers_when_closed
from maillage.core.facets import AppliedFilter, Facet, FacetChoice, Output
from maillage.core.richtext import shown
from maillage.networks.enums import LegalKind
from maillage.portal import queries
from maillage.portal.forms import SampleForm
from maillage.territories.kit import CommuneInput


@require_safe
def show_home(request: HttpRequest) -> HttpResponse:
    """What the network is, who is in it, and the way in for each."""
    network = request.network  # type: ignore[attr-defined]
    if network is None:
        return render(request, "portal/no_network.html")
    selection = queries.public_selection(network)
    context = {
        "figures": queries.key_figures(network),
        "map": queries.network_map(network, selection),
        "families": queries.ways_in(selection, "famille", 8),
        "themes": queries.ways_in(selection, "theme", 6),
        "place_box": CommuneInput().render(
            "pres", "", {"id": "accueil-pres", "placeholder": _("commune ou code postal")}
        ),
        "latest": queries.latest_actors(request.viewer, network),  # type: ignore[attr-defined]
        "events": queries.events_of_home(request.viewer, network),  # type: ignore[attr-defined]
        "articles": queries.articles_of_home(request.viewer),  # type: ignore[attr-defined]
        "resources": queries.resources_of_home(request.network),  # type: ignore[attr-defined]
    }
    return render(request, "portal/home.html", context)


@require_safe
def show_about(request: HttpRequest) -> HttpResponse:
    """The network: why, where, who runs it."""
    network = request.network  # type: ignore[attr-defined]
    if network is None:
        raise Http404
    selection = queries.public_selection(network)
    consortium = queries.consortium_of(network)
    context = {
        "figures": queries.key_figures(network),
        "map": queries.network_map(network, selection),
        "consortium": consortium,
        "consortium_writes": any(member.contact_email for member in consortium),
        "departments": queries.departments_of(network),
    }
    return render(request, "portal/about.html", context)


def _legal(request: HttpRequest, kind: str, template: str, **context: Any) -> HttpResponse:
    body = queries.legal_text(request.network, kind)  # type: ignore[attr-defined]
    return render(request, template, {"own_text": shown(body, trusted=True), **context})


@answers_when_closed
@require_safe
def show_notice(request: HttpRequest) -> HttpResponse:
    return _legal(request, LegalKind.NOTICE, "portal/notice.html", releases=queries.reference_data())


@answers_when_closed
@require_safe
def show_privacy(request: HttpRequest) -> HttpResponse:
    return _legal(request, LegalKind.PRIVACY, "portal/privacy.html", register=processing_register())


@answers_when_closed
@require_safe
def show_accessibility(request: HttpRequest) -> HttpResponse:
    return _legal(request, LegalKind.ACCESSIBILITY, "portal/accessibility.html")


@require_safe
def show_help(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/help.html")


@require_safe
def show_site_map(request: HttpRequest) -> HttpResponse:
    network = request.network  # type: ignore[attr-defined]
    selection = queries.public_selection(network) if network is not None else None
    context = {
        "families": queries.ways_in(selection, "famille") if selection else [],
        "departments": queries.ways_in(selection, "departement") if selection else [],
    }
    return render(request, "portal/site_map.html", context)


@require_safe
def show_gallery(request: HttpRequest) -> HttpResponse:
    """Every component, in the public density or (`?densite=travail`) in that of working pages."""
    families = [
        ("Musée", 214, 1, "circle"),
        ("Association", 512, 2, "square"),
        ("Bibliothèque", 331, 3, "triangle"),
        ("Laboratoire", 187, 6, "diamond"),
        ("Tiers-lieu", 64, 5, "hexagon"),
    ]
    is_work = request.GET.get("densite") == "travail"
    context = {
        "layout": "core/work.html" if is_work else "core/base.html",
        "is_work": is_work,
        "form": SampleForm(),
        "wrong_form": SampleForm({"email": "pas une adresse"}, prefix="faux"),
        "page": Paginator(range(500), 20).get_page(7),
        "facets": [
            Facet(
                "famille",
                _("Famille"),
                [FacetChoice(name, name, count, name == "Musée", shape, hue) for name, count, hue, shape in families],
            ),
            Facet("rayon", _("Distance"), [FacetChoice("10", "10 km"), FacetChoice("30", "30 km")], single=True),
        ],
        "filters": [AppliedFilter("Musée", "?"), AppliedFilter("Gers", "?")],
        "outputs": [
            Output(_("S'abonner"), "#", "rss", _("Être prévenu des nouveautés")),
            Output(_("Tableur"), "#", "file-spreadsheet", "XLSX"),
            Output(_("Intégrer à mon site"), "#", "code"),
        ],
        "bars": bar_chart(
            [Row(name, count, url="#", hue=hue) for name, count, hue, _shape in families],
            name="familles",
            title=_("Acteurs par famille"),
            description=_("Les associations sont les plus nombreuses, suivies des bibliothèques."),
            label_title=_("Famille"),
            value_title=_("Acteurs"),
        ),
        "line": line_chart(
            [
                Row(str(year), value)
                for year, value in zip(range(2019, 2026), (410, 380, 520, 760, 900, 1180, 1400), strict=True)
            ],
            name="annees",
            title=_("Acteurs connus du réseau"),
            description=_("De 410 en 2019 à 1 400 en 2025."),
            label_title=_("Année"),
            value_title=_("Acteurs"),
        ),
        "families": [
            {"name": name, "count": count, "hue": hue, "shape": shape} for name, count, hue, shape in families
        ],
        "icons": [
            "search",
            "map-pin",
            "calendar",
            "users",
            "flask-conical",
            "truck",
            "book-open",
            "microscope",
            "lightbulb",
            "network",
        ],
        "steps": [_("Présentation"), _("Lieu"), _("Contact"), _("Relecture")],
        "sort": request.GET.get("tri", "nom"),
    }
    return render(request, "portal/gallery.html", context)
