"""A season: prepared, opened, published, over; what hosts ask of it and what they are answered."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.catalogue.rules import in_reach
from maillage.core.errors import Refused
from maillage.core.seen import Seen, require_unmoved
from maillage.core.text import legible, slugged
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.tours import rules
from maillage.tours.actions.bounding import forget_bound
from maillage.tours.actions.marking import count, held, hold, take_off, touch
from maillage.tours.actions.telling import tell_answer, tell_dates, tell_no_date, tell_owner, tell_team_of_withdrawal
from maillage.tours.enums import RequestState, SeasonState
from maillage.tours.models import HostRequest, Season, Window
from maillage.tours.models.seasons import LONGEST

RESERVED = {"mes-demandes"}  # A page of the section.
CALENDAR = ("resource", "copy", "first_on", "last_on", "weekdays", "closures", "base", "set_up")
FIELDS = (
    *CALENDAR, "name", "summary", "move_km", "day_km", "road_km", "most_stops", "per_host", "idle_days", "break_days", "far_km",
    "far_bonus", "people_per_100_km",
)  # fmt: skip
MOST_WINDOWS = 6


def create_season(*, by: Viewer, fields: Mapping[str, Any]) -> Season:
    rules.may_work(by).require()
    with transaction.atomic():
        hold(by.network)
        season = Season(network=by.network)
        _assign(season, fields)
        in_reach(by, season.resource).require()
        season.slug = _free_slug(season)
        season.save()
        record("season.create", by=by, subject=season, touch=False)
        tell_owner(season, by)
    return season


def edit_season(*, by: Viewer, season: Season, fields: Mapping[str, Any]) -> list[str]:
    """The names of the fields that changed. What stops stand on changes while there are none."""
    with transaction.atomic():
        season = held(by.network, season)
        rules.may_edit(by, season).require()
        before = {name: getattr(season, name) for name in FIELDS}
        _assign(season, fields)
        changed = [name for name in FIELDS if getattr(season, name) != before[name]]
        if "copy" in changed:
            in_reach(by, season.resource).require()
        if set(changed) & set(CALENDAR):
            rules.may_change_calendar(by, season).require()
            if season.stops.exists():
                raise Refused(
                    _("Rouvrez d'abord la saison aux demandes : ses haltes tiennent à ces dates et à cet exemplaire."),
                    status=409,
                )
        if changed:
            season.save()
            if season.stops.exists():
                count(season)
            if set(changed) - {"name", "summary"}:
                forget_bound(season)
            record("season.update", by=by, subject=season, details={"fields": ", ".join(changed)}, touch=False)
            if {"copy", "first_on", "last_on"} & set(changed):
                tell_owner(season, by)
            touch(season)
        return changed


def _assign(season: Season, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        if name not in FIELDS:
            raise KeyError(name)
        setattr(season, name, legible(value).strip() if isinstance(value, str) else value)
    if season.copy.resource_id != season.resource_id or season.resource.network_id != season.network_id:
        raise Refused(_("Cet exemplaire n'est pas celui de la ressource."), status=422)
    if season.last_on < season.first_on:
        raise Refused(_("La saison finit avant de commencer."), status=422)
    if (season.last_on - season.first_on).days >= LONGEST:
        raise Refused(_("Une saison dure quatre cents jours au plus."), status=422)
    if season.base.latitude is None:
        raise Refused(_("La position de la commune de la base n'est pas connue."), status=422)
    season.full_clean(exclude=["network", "slug"], validate_unique=False, validate_constraints=False)


def _free_slug(season: Season) -> str:
    base = slugged(season.name)[:90] or "saison"
    taken = RESERVED | set(Season.objects.filter(network=season.network_id).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{rank}" for rank in range(2, 10_000))) if slug not in taken)


def change_state(*, by: Viewer, season: Season, state: str, reason: str = "", at: datetime | None = None) -> Season:
    """Opened, published (hosts are told their dates, or that there is none), reopened (its stops go), over, cancelled (its stops
    to come go, hosts are told)."""
    now = at or timezone.now()
    with transaction.atomic():
        season = held(by.network, season)
        rules.may_become(by, season, state).require()
        was, season.state = season.state, SeasonState(state)
        season.reason = legible(reason).strip()[:300] if state == SeasonState.CANCELLED else ""
        if state == SeasonState.PUBLISHED:
            season.published_at = now
        season.save()
        if state == SeasonState.PUBLISHED:
            _tell_all(season)
        elif state == SeasonState.CANCELLED:
            _drop_stops(season, since=timezone.localdate(now), tell=was == SeasonState.PUBLISHED)
        elif state == SeasonState.OPEN and was == SeasonState.PLANNED:
            _drop_stops(season, since=None, tell=False)
        record(f"season.{state}", by=by, subject=season, touch=False)
        touch(season)
    return season


def _tell_all(season: Season) -> None:
    for stop in season.stops.select_related("request__actor", "request__author", "request__season__resource"):
        stop.request.season = season
        tell_dates(stop)
    left = season.requests.filter(state=RequestState.FEASIBLE).select_related("author")
    for request in left:
        request.season = season
        tell_no_date(request, f"left:{season.published_at}")


def _drop_stops(season: Season, *, since: date | None, tell: bool) -> None:
    """Those that open from a day on (all of them when None)."""
    stops = season.stops.select_related("booking", "request__author")
    for stop in stops if since is None else stops.filter(open_on__gte=since):
        request = stop.request
        request.season = season
        take_off(stop)
        if tell:
            tell_no_date(request, f"cancelled:{season.pk}")
    season.bound = None if since is None else season.bound
    count(season)


def ask(
    *, by: Viewer, season: Season, actor: Actor, fields: Mapping[str, Any], windows: Iterable[tuple[date, date]]
) -> HostRequest:
    """A request of a host; without windows, any date of the season suits."""
    with transaction.atomic():
        season = held(by.network, season)
        rules.may_ask_for(by, season, actor).require()
        request = HostRequest(season=season, actor=actor, author=by.user)
        for name, value in fields.items():
            setattr(request, name, legible(value).strip() if isinstance(value, str) else value)
        if request.commune.latitude is None:
            raise Refused(_("La position de cette commune n'est pas connue."), status=422)
        request.full_clean(exclude=["season", "actor", "author"], validate_constraints=False)
        request.save()
        _write_windows(season, request, windows)
        record("host_request.ask", by=by, subject=season, details={"host": actor.name}, touch=False)
    return request


def _write_windows(season: Season, request: HostRequest, windows: Iterable[tuple[date, date]]) -> None:
    rows = [Window(request=request, first_on=first, last_on=last) for first, last in windows]
    if len(rows) > MOST_WINDOWS:
        raise Refused(_("Six périodes au plus."), status=422)
    for row in rows:
        row.full_clean(exclude=["request"])
        if row.last_on < season.first_on or row.first_on > season.last_on:
            raise Refused(_("Une période est en dehors de la saison."), status=422)
    Window.objects.bulk_create(rows)


def judge(
    *, by: Viewer, request: HostRequest, state: str, reason: str = "", seen: Seen | None = None, at: datetime | None = None
) -> HostRequest:  # fmt: skip
    """Feasible, or refused with a reason; the host is told. `seen` what the form showed: of two people who answer at once, the second
    reads the first; the same answer again is told once."""
    if state not in (RequestState.FEASIBLE, RequestState.REFUSED):
        raise ValueError(state)
    with transaction.atomic():
        season = held(by.network, request.season)
        request = HostRequest.objects.select_related("actor", "author", "commune").get(pk=request.pk)
        request.season = season
        rules.may_judge(by, request).require()
        reason = legible(reason).strip()[:500]
        if (request.state, request.reason) == (state, reason):
            return request
        require_unmoved({"state": request.state, "reason": request.reason}, {"state": state, "reason": reason}, seen)
        if state == RequestState.REFUSED and not reason:
            raise Refused(_("Dites pourquoi : la structure le lira."), status=422)
        request.state, request.reason = RequestState(state), reason
        request.decided_by, request.decided_at = by.user, at or timezone.now()
        request.left_out, request.loss, request.instead_of = "", None, []
        request.save()
        record(f"host_request.{state}", by=by, subject=season, details={"host": request.actor.name}, touch=False)
        if state == RequestState.FEASIBLE and season.bound is not None:
            forget_bound(season)
        tell_answer(request)
    return request


def withdraw(*, by: Viewer, request: HostRequest) -> HostRequest:
    """By the host, or the team for it; its stop goes with it."""
    with transaction.atomic():
        season = held(by.network, request.season)
        request = HostRequest.objects.select_related("actor").get(pk=request.pk)
        request.season = season
        rules.may_withdraw(by, request).require()
        stop = season.stops.select_related("booking").filter(request=request).first()
        if stop is not None:
            take_off(stop)
        request.state = RequestState.WITHDRAWN
        request.save()
        if stop is not None:
            count(season)
            if stop.is_fixed:
                forget_bound(season)
            touch(season)
            if season.is_told and not by.runs_network:
                tell_team_of_withdrawal(request)
        record("host_request.withdrawn", by=by, subject=season, details={"host": request.actor.name}, touch=False)
    return request
