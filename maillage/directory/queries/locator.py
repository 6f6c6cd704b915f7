"""Where an actor is in its département: a small drawing on the contours, and the same in words."""

from dataclasses import dataclass

from django.db.models import F
from django.utils.translation import gettext as _

from maillage.core.constellation import WIDTH, Projection, corners_of, outline_path
from maillage.core.geo import distance_km
from maillage.directory.enums import PositionQuality
from maillage.directory.models import Actor
from maillage.directory.queries.homes import keeps_home_private
from maillage.territories.models import Contour, Territory

TOWNS = 3
_HERE_KM = 6  # A town nearer than this is where the actor is: it is no landmark.
_EDGE = 0.62  # Beyond this part of the width a name is written on the left of its point.
_CROWDED = 34  # Two names closer than this would be written over each other.


@dataclass(frozen=True)
class Mark:
    name: str
    x: float
    y: float
    leftwards: bool


@dataclass(frozen=True)
class Locator:
    """Ready to draw: `here` is the actor, `towns` what one knows around; `sentence` says the same."""

    width: int
    height: int
    outline: str
    here: Mark
    towns: list[Mark]
    sentence: str


def locator(actor: Actor) -> Locator | None:
    """None for what may be a home, for a doubtful point, and where no contour is loaded. Two queries.

    `actor.commune.department` is read.
    """
    commune = actor.commune
    if actor.latitude is None or actor.longitude is None or commune is None or commune.department is None:
        return None
    if actor.position_quality == PositionQuality.TO_PLACE or keeps_home_private(actor.kind, actor.contact_is_public):
        return None
    contour = Contour.objects.filter(territory=commune.department_id).first()
    if contour is None:
        return None
    project = Projection(corners_of([contour.geometry]))
    here = _mark(project, commune.name, actor.latitude, actor.longitude)
    if not (0 <= here.x <= WIDTH and 0 <= here.y <= project.height):
        return None
    towns = [(away, town) for town in _largest_towns(commune) if (away := _km(actor, town)) > _HERE_KM]
    marks: list[Mark] = []
    for _away, town in towns:
        mark = _mark(project, town.name, town.latitude or 0, town.longitude or 0)
        if all(abs(mark.y - other.y) > _CROWDED or abs(mark.x - other.x) > WIDTH / 3 for other in (here, *marks)):
            marks.append(mark)
    sentence = _("%(commune)s, %(department)s") % {"commune": commune.name, "department": commune.department.name}
    if towns:
        away, town = min(towns, key=lambda pair: pair[0])
        sentence = _("%(place)s, à %(km)d km de %(town)s") % {"place": sentence, "km": round(away), "town": town.name}
    return Locator(WIDTH, project.height, outline_path(project, [contour.geometry]), here, marks, sentence)


def _mark(project: Projection, name: str, latitude: float, longitude: float) -> Mark:
    x, y = project(latitude, longitude)
    return Mark(name, x, y, x > WIDTH * _EDGE)


def _largest_towns(commune: Territory) -> list[Territory]:
    communes = Territory.objects.communes().filter(department=commune.department_id, latitude__isnull=False)
    return list(communes.order_by(F("population").desc(nulls_last=True), "pk")[:TOWNS])


def _km(actor: Actor, town: Territory) -> float:
    return distance_km(actor.latitude or 0, actor.longitude or 0, town.latitude or 0, town.longitude or 0)
