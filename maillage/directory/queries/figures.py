"""Figures of the directory. Public ones count what everyone may list; circles are for those who run the network."""

from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any

from django.db.models import Count
from django.db.models.functions import ExtractYear
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from maillage.core.figures import Figure, Row
from maillage.directory.enums import Circle, ListingState, Nature
from maillage.directory.models import Listing, Qualification
from maillage.directory.queries.filters import Facet, Filters, Selection, select
from maillage.networks.models import Network
from maillage.territories.models import Territory


def _selection(network: Network, query: str = "", *, work: bool = False) -> Selection:
    return select(Filters.from_params(QueryDict(query), network, work=work))


def _facet(selection: Selection, name: str) -> Facet | None:
    return next((facet for facet in selection.every_facet if facet.name == name), None)


def public_figures(network: Network) -> list[Figure]:
    """The figures of the home page and of « Chiffres clés »."""
    today = timezone.localdate()
    selection = _selection(network)
    index = selection.index
    page = reverse("directory:actor_list")
    fresh = (selection.mask & index.fresh()).bit_count()
    communes = len(index.communes_of(selection.mask))
    facet = _facet(selection, "famille")
    families = sum(1 for value in facet.values if value.count) if facet else 0
    return [
        Figure(
            ngettext("acteur dans l'annuaire", "acteurs dans l'annuaire", selection.count),
            selection.count,
            _("Structures et personnes publiées dans l'annuaire du réseau, hors fiches archivées."),
            today,
            page,
        ),
        Figure(
            ngettext("commune avec au moins un acteur", "communes avec au moins un acteur", communes),
            communes,
            _("Communes où se trouve l'adresse d'au moins un acteur publié."),
            today,
            f"{page}?vue=carte",
        ),
        Figure(
            ngettext("famille d'acteurs", "familles d'acteurs", families),
            families,
            _("Familles représentées par au moins un acteur publié."),
            today,
            page,
        ),
        Figure(
            ngettext("fiche à jour", "fiches à jour", fresh),
            fresh,
            _(
                "Fiches confirmées par l'acteur, par le réseau ou par une source datée depuis moins longtemps que leur "
                "rythme de vérification. Une fiche importée d'une liste sans date n'en est pas tant que personne ne la confirme."
            ),
            today,
        ),
    ]


def by_family(network: Network) -> list[Row]:
    """Published actors by family, most numerous first."""
    facet = _facet(_selection(network), "famille")
    page = reverse("directory:actor_list")
    rows = [
        Row(value.label, value.count, f"{page}?famille={value.value}", hue=value.hue, shape=value.shape)
        for value in (facet.values if facet else ())
    ]
    return sorted(rows, key=lambda row: -row.value)


def by_department(network: Network) -> list[Row]:
    """Published actors by département of the perimeter, those without any included, with the rate for 10,000 inhabitants."""
    facet = _facet(_selection(network), "departement")
    counts = {value.value: value.count for value in (facet.values if facet else ())}
    perimeter = network.perimeter.all()
    inside = Territory.objects.departments().filter(region__in=perimeter) | Territory.objects.departments().filter(
        pk__in=perimeter
    )
    departments = {department.code: department for department in inside}
    if missing := counts.keys() - departments.keys():
        departments.update({found.code: found for found in Territory.objects.departments().filter(code__in=missing)})
    page = reverse("directory:actor_list")
    rows = []
    for code, department in sorted(departments.items()):
        count = counts.get(code, 0)
        rate = 10_000 * count / department.population if department.population else None
        rows.append(Row(department.name, count, f"{page}?departement={code}", rate=rate, code=code))
    return rows


def growth(network: Network) -> list[tuple[int, int]]:
    """For each year, how many of the actors published today already were at its end; the present year counts so far."""
    shown = Listing.objects.filter(
        network=network, state=ListingState.PUBLISHED, actor__archived_at=None, published_at__isnull=False
    )
    by_year = shown.annotate(year=ExtractYear("published_at")).values("year").order_by("year").annotate(n=Count("pk"))
    counts = dict(by_year.values_list("year", "n"))
    if not counts:
        return []
    years = range(min(counts), timezone.localdate().year + 1)
    return list(zip(years, accumulate(counts.get(year, 0) for year in years), strict=True))


@dataclass(frozen=True)
class CircleLine:
    """A département (or the whole) by circle: counts for circles 1, 2, 3 and for actors without one, with their links."""

    label: Any
    cells: list[Row]

    @property
    def total(self) -> int:
        return sum(cell.value for cell in self.cells)


def by_circle(network: Network) -> list[CircleLine]:
    """Actors of the working table by assessed circle: the whole first, then each département."""
    whole = _selection(network, work=True)
    places = _facet(whole, "departement")
    page = reverse("directory:actor_table")
    lines = [CircleLine(_("Ensemble"), _circle_cells(whole, f"{page}?"))]
    for place in places.values if places else ():
        query = f"departement={place.value}"
        lines.append(CircleLine(place.label, _circle_cells(_selection(network, query, work=True), f"{page}?{query}&")))
    return lines


def _circle_cells(selection: Selection, base: str) -> list[Row]:
    facet = _facet(selection, "cercle")
    counts = {value.value: value.count for value in (facet.values if facet else ())}
    labels = [*Circle.values, 0]
    return [Row(circle or _("sans cercle"), counts.get(str(circle), 0), f"{base}cercle={circle}") for circle in labels]


def circles_on(network: Network, day: date, nature: str = Nature.ASSESSED) -> dict[int, int]:
    """Actors by the circle valid on `day`, whatever was decided later."""
    held = Qualification.objects.filter(network=network, nature=nature).valid_on(day)
    return dict(
        held.values("circle").order_by("circle").annotate(n=Count("actor", distinct=True)).values_list("circle", "n")
    )


def circles_by_year(network: Network, years: int = 4) -> list[tuple[date, list[int]]]:
    """Counts for circles 1, 2, 3 at the end of each past year, then today; one query a date."""
    today = timezone.localdate()
    days = [date(today.year - back, 12, 31) for back in range(years - 1, 0, -1)] + [today]
    held = [circles_on(network, day) for day in days]
    return [(day, [counts.get(circle, 0) for circle in Circle.values]) for day, counts in zip(days, held, strict=True)]
