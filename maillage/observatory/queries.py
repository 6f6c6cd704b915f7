"""What « Chiffres clés » draws: the départements shaded by how many actors they have for their inhabitants; and for the team,
what it did for each mission."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from maillage.core.constellation import WIDTH, Projection
from maillage.core.figures import Row
from maillage.core.viewer import Viewer
from maillage.networks.queries import terms_of
from maillage.outreach.queries.contacts import ContactFilters, contacts
from maillage.outreach.queries.contacts import by_mission as contacts_by_mission
from maillage.outreach.queries.introductions import IntroductionFilters, count_by_mission
from maillage.outreach.queries.partnerships import PartnershipFilters, count_partnerships_by_mission
from maillage.territories.models import Contour
from maillage.topics.enums import Vocabulary

SHADES = 4


@dataclass(frozen=True)
class Area:
    """A territory drawn: `rate` is the row's as it is written, `shade` goes from 1 (least) to `SHADES`, 0 when the rate is
    unknown; (x, y) is the place of its name."""

    row: Row
    path: str
    rate: Decimal | None
    shade: int
    x: float
    y: float


@dataclass(frozen=True)
class AreaMap:
    """`legend` gives for each shade the least and the greatest rate, written."""

    width: int
    height: int
    areas: list[Area]
    legend: list[tuple[int, str, str]]


def department_map(rows: Sequence[Row]) -> AreaMap | None:
    """The map of `figures.by_department`; None as long as no outline is known."""
    known = Contour.objects.filter(territory__kind="department", territory__code__in=[row.code for row in rows])
    shapes = {code: list(_rings(geometry)) for code, geometry in known.values_list("territory__code", "geometry")}
    drawn = [row for row in rows if row.code in shapes]
    if not drawn:
        return None
    project = Projection((lat, lon) for rings in shapes.values() for ring in rings for lon, lat in ring)
    rates = [written(row.rate) for row in drawn]
    areas = []
    for row, rate, shade in zip(drawn, rates, shades_of(rates), strict=True):
        rings = [[project(lat, lon) for lon, lat in ring] for ring in shapes[row.code]]
        path = "".join("M" + "L".join(f"{x} {y}" for x, y in ring) + "Z" for ring in rings)
        areas.append(Area(row, path, rate, shade, *_middle(max(rings, key=len))))
    return AreaMap(WIDTH, project.height, areas, legend_of((area.rate, area.shade) for area in areas))


def written(rate: float | None) -> Decimal | None:
    """A rate as the map and its legend write it: shades are made of these, so that neither contradicts the other."""
    return None if rate is None else Decimal(repr(rate)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def shades_of(rates: Sequence[Decimal | None]) -> list[int]:
    """As many territories in each shade as can be; equal rates share one."""
    known = sorted({rate for rate in rates if rate is not None})
    return [0 if rate is None else 1 + SHADES * known.index(rate) // len(known) for rate in rates]


def legend_of(shaded: Iterable[tuple[Decimal | None, int]]) -> list[tuple[int, str, str]]:
    """Each shade with its least and its greatest rate, as the labels write them."""
    by_shade: dict[int, list[Decimal]] = {}
    for rate, shade in shaded:
        if rate is not None:
            by_shade.setdefault(shade, []).append(rate)
    return [
        (shade, number_format(min(rates), 1), number_format(max(rates), 1)) for shade, rates in sorted(by_shade.items())
    ]


def _rings(geometry: dict[str, Any]) -> Iterable[list[list[float]]]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return (polygon[0] for polygon in polygons)


def _middle(ring: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The centre of mass of a ring: its corners would pull it to where the outline is most detailed."""
    area = x = y = 0.0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x1 * y2 - x2 * y1
        area, x, y = area + cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross
    return (round(x / (3 * area), 1), round(y / (3 * area), 1)) if area else ring[0]


# --- what the team does, for the team alone ----------------------------------------------------------------------------


@dataclass(frozen=True)
class MissionLine:
    """What was done for a mission: contacts noted, minutes spent, pairs put in contact, partnerships confirmed."""

    label: str
    slug: str
    contacts: int
    minutes: int
    met: int
    partnerships: int


def by_mission(viewer: Viewer, since: date) -> list[MissionLine]:
    """Since a day, mission by mission as the network orders them, those with nothing left out; last what has none. Three
    queries."""
    noted = contacts(viewer, ContactFilters(since=since))
    spent = {tally.slug: tally for tally in contacts_by_mission(viewer, noted)}
    met = {line.key: line.met for line in count_by_mission(viewer, IntroductionFilters(since=since))}
    shared = {
        line.key: line.confirmed for line in count_partnerships_by_mission(viewer, PartnershipFilters(since=since))
    }
    names = {term.slug: term.label for term in terms_of(viewer.network, Vocabulary.MISSION)} | {"": _("Sans mission")}
    held = [slug for slug in names if spent.get(slug) or met.get(slug) or shared.get(slug)]
    return [
        MissionLine(
            names[slug],
            slug,
            spent[slug].count if slug in spent else 0,
            spent[slug].minutes if slug in spent else 0,
            met.get(slug, 0),
            shared.get(slug, 0),
        )
        for slug in held
    ]
