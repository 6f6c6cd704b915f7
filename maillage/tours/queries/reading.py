"""What the pages of a season show: its stops in order, its weeks, its figures, and why requests are not served."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from maillage.core.dates import date_format
from maillage.core.models import Job, JobStatus
from maillage.core.viewer import Viewer
from maillage.tours.engine.appraisal import Reason
from maillage.tours.enums import SHOWN, RequestState
from maillage.tours.models import HostRequest, Season, Stop


def seasons_of(viewer: Viewer) -> QuerySet[Season]:
    """With what waits and what is served."""
    asked = Count("requests", filter=Q(requests__state=RequestState.ASKED))
    live = ~Q(requests__state=RequestState.WITHDRAWN)
    served = Count("requests", filter=Q(requests__state=RequestState.SERVED))
    return (
        Season.objects.visible_to(viewer)
        .select_related("resource")
        .annotate(waiting=asked, asked=Count("requests", filter=live), served=served)
        .order_by("-first_on", "pk")
    )


def stops_of(season: Season) -> list[Stop]:
    stops = season.stops.select_related("request__actor", "request__commune__department").order_by("first_on", "pk")
    found = list(stops)
    for stop in found:
        stop.season = stop.request.season = season
    return found


@dataclass(frozen=True)
class Figures:
    """`people` reached, `blank` those of blank areas and `blank_stops` how many stops there."""

    stops: int
    people: int
    blank: int
    blank_stops: int
    km: float
    asked: int


def figures_of(season: Season) -> Figures:
    served, blank = Q(stop__isnull=False), Q(stop__isnull=False, remoteness__gte=season.far_km)
    found: dict[str, Any] = season.requests.aggregate(
        stops=Count("pk", filter=served),
        reached=Sum("people", filter=served, default=0),
        blank=Sum("people", filter=blank, default=0),
        blank_stops=Count("pk", filter=blank),
        asked=Count("pk", filter=~Q(state=RequestState.WITHDRAWN)),
    )
    return Figures(km=season.km or 0.0, people=found.pop("reached"), **found)


def counts_by_state(season: Season) -> dict[str, int]:
    rows = season.requests.order_by().values_list("state").annotate(Count("pk"))
    return dict(rows)


@dataclass(frozen=True)
class Left:
    """A request that the tour does not serve, and why."""

    request: HostRequest
    sentence: str


def left_out(season: Season) -> list[Left]:
    rows = season.requests.filter(state=RequestState.FEASIBLE).select_related("actor", "commune__department")
    found = list(rows.order_by("-people", "pk"))
    keys = {key for row in found for key in row.instead_of}
    names = dict(HostRequest.objects.filter(pk__in=keys).values_list("pk", "actor__name"))
    return [Left(row, _why(row, names)) for row in found]


def _why(row: HostRequest, names: dict[int, str]) -> str:
    if row.left_out == Reason.NO_WINDOW.value:
        return _("Aucune de ses périodes ne contient assez de jours travaillés d'affilée.")
    if row.left_out == Reason.TOO_FAR.value:
        return _("Le trajet dépasse la limite de la saison.")
    if row.left_out == Reason.ROAD_COST.value:
        return _("La route coûterait plus que ce que la halte apporte (%d de moins).") % round(row.loss or 0)
    if row.left_out == Reason.LIMIT.value:
        return _("Une limite de la saison est atteinte (haltes, kilomètres ou passages par structure).")
    if row.left_out == Reason.TAKEN.value:
        others = [names[key] for key in row.instead_of if key in names]
        if not others:
            return _("Ses dates sont prises par d'autres haltes.")
        facts = {"others": ", ".join(others[:4]), "loss": round(row.loss or 0)}
        if (row.loss or 0) <= 0:
            return _("Ses dates sont prises par : %(others)s ; la prendre à la place vaudrait autant.") % facts
        return _("Ses dates sont prises par : %(others)s ; la prendre à la place coûterait %(loss)d.") % facts
    if row.left_out == Reason.WORTH_ADDING.value:
        return _("Elle tiendrait dans la tournée : placez-la à la main, ou recalculez.")
    return _("La tournée n'a pas été calculée depuis qu'elle est faisable.")


@dataclass(frozen=True)
class Cell:
    """Days of a week that say the same: a stop, a closing, or nothing."""

    days: int
    stop: Stop | None = None
    is_worked: bool = True
    begins: bool = True


@dataclass(frozen=True)
class Week:
    monday: date
    cells: list[Cell]


def weeks_of(season: Season, stops: list[Stop]) -> list[Week]:
    """The season week by week; a stop over two weeks is said in both."""
    worked = set(season.working_days)
    held = {
        stop.first_on + timedelta(days=rank): stop
        for stop in stops
        for rank in range((stop.last_on - stop.first_on).days + 1)
    }
    monday = season.first_on - timedelta(days=season.first_on.weekday())
    weeks = []
    while monday <= season.last_on:
        cells: list[Cell] = []
        for rank in range(7):
            day = monday + timedelta(days=rank)
            stop = held.get(day)
            cell = Cell(1, stop, day in worked or stop is not None, stop is not None and stop.first_on == day)
            last = cells[-1] if cells else None
            if last is not None and last.stop is stop and last.is_worked == cell.is_worked:
                cells[-1] = Cell(last.days + 1, stop, last.is_worked, last.begins)
            else:
                cells.append(cell)
        weeks.append(Week(monday, cells))
        monday += timedelta(days=7)
    return weeks


def points_of(season: Season, stops: list[Stop], url_of: Any) -> dict[str, Any]:
    """The stops as points of a map (GeoJSON), in order, and the base; what is at one place is gathered by the map."""
    features = []
    for rank, stop in enumerate(stops, 1):
        place = stop.request.commune
        if place.latitude is None:
            continue
        remote = (stop.request.remoteness or 0) >= season.far_km
        features.append(
            _point(
                place,
                f"{rank}. {place.name} – {stop.request.actor.name}",
                url_of(stop),
                when_in_words(stop),
                3 if remote else 1,
            )
        )
    base = season.base
    if base.latitude is not None:
        features.append({**_point(base, _("Base : %s") % base.name, "", "", 6, "square")})
    return {"type": "FeatureCollection", "count": len(features), "grouped": False, "bounds": None, "features": features}


def _point(place: Any, name: str, url: str, text: str, hue: int, shape: str = "circle") -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [place.longitude, place.latitude]},
        "properties": {"name": name, "url": url, "text": text, "hue": hue, "shape": shape},
    }


def when_in_words(stop: Stop) -> str:
    if stop.open_on == stop.last_on:
        return date_format(stop.open_on, "l j F Y")
    same = (stop.open_on.year, stop.open_on.month) == (stop.last_on.year, stop.last_on.month)
    first = date_format(stop.open_on, "j" if same else "j F")
    return _("du %(first)s au %(last)s") % {"first": first, "last": date_format(stop.last_on, "j F Y")}


def open_seasons(viewer: Viewer) -> QuerySet[Season]:
    """Those that visitors are shown."""
    return Season.objects.visible_to(viewer).filter(state__in=SHOWN).select_related("resource", "base")


def months_of(stops: list[Stop]) -> list[tuple[date, list[Stop]]]:
    """The stops by month of their opening, in order."""
    found: dict[date, list[Stop]] = {}
    for stop in stops:
        found.setdefault(stop.open_on.replace(day=1), []).append(stop)
    return list(found.items())


def key_of(season: Season) -> str:
    """Of the job that plans it: one at a time."""
    return f"tours.plan:{season.pk}"


def job_of(season: Season) -> Job | None:
    """The computation that waits, runs, or failed last."""
    found = Job.objects.filter(unique_key=key_of(season)).order_by("-pk").first()
    return None if found is None or found.status in (JobStatus.DONE, JobStatus.CANCELLED) else found
