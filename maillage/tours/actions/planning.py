"""The tour: computed in the background, changed by hand with its cost, fixed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import User
from maillage.activity.actions import record
from maillage.core.errors import Conflict, Refused
from maillage.core.jobs import Abandoned, progress, task
from maillage.core.models import Job
from maillage.core.viewer import Viewer
from maillage.tours import rules
from maillage.tours.actions.bounding import forget_bound
from maillage.tours.actions.marking import count, held, put_stop, take_off, touch
from maillage.tours.actions.telling import tell_dates, tell_no_date, tell_planned
from maillage.tours.engine.planning import FixedStopsClash, Plan, Stage, plan, quick_plan
from maillage.tours.engine.season import Stop as Stay
from maillage.tours.enums import PLANNABLE, RequestState, SeasonState
from maillage.tours.models import HostRequest, Season
from maillage.tours.queries.costs import cost_of_move
from maillage.tours.queries.reading import key_of
from maillage.tours.queries.stating import Statement, remoteness_of, statement
from maillage.tours.registry import SECONDS

STEPS = (Stage.BUILDING, Stage.BOUNDING, Stage.SOLVING, Stage.PROVING)


def ask_plan(*, by: Viewer, season: Season) -> Job:
    """Have the tour computed; one computation of a season at a time."""
    with transaction.atomic():
        season = held(by.network, season)
        rules.may_plan(by, season).require()
        record("season.plan", by=by, subject=season, touch=False)
        return compute.enqueue(
            season_id=season.pk, person_id=by.user_id, _unique=key_of(season), _scope=f"network:{season.network_id}"
        )


@task(max_attempts=3)
def compute(job: Job, season_id: int, person_id: int | None = None) -> None:
    """Computed outside any transaction, then written in one: when what it stands on changed meanwhile, it is done again."""
    season = Season.objects.select_related("network", "base").filter(pk=season_id, state__in=PLANNABLE).first()
    if season is None:
        return
    words = {
        Stage.BUILDING: _("Une première tournée"),
        Stage.BOUNDING: _("Ce qu'aucune tournée ne dépasse"),
        Stage.SOLVING: _("Morceau par morceau, la meilleure"),
        Stage.PROVING: _("La preuve"),
    }

    def watch(stage: str, objective: float, bound: float) -> None:
        progress(job, STEPS.index(stage) + 1, len(STEPS) + 1, words[stage])

    measure_remoteness(season)
    stated = statement(season)
    try:
        found = plan(stated.season, seconds=int(season.network.setting(SECONDS.name)), known=stated.stays, watch=watch)
    except FixedStopsClash:
        raise Abandoned(_("Les haltes fixées à la main ne tiennent pas ensemble : libérez-en une.")) from None
    write_plan(season=season, stated=stated, found=found, person=User.objects.filter(pk=person_id or 0).first())


def measure_remoteness(season: Season) -> None:
    rows = list(season.requests.candidates().select_related("season", "commune"))
    found = remoteness_of(rows)
    for row in rows:
        row.remoteness = found.get(row.pk, 0.0)
    HostRequest.objects.bulk_update(rows, ["remoteness"])


def plan_at_once(*, season: Season) -> Season:
    """A good tour, the same each time, without the worker: for the demonstration."""
    measure_remoteness(season)
    stated = statement(season)
    return write_plan(season=season, stated=stated, found=quick_plan(stated.season))


def write_plan(*, season: Season, stated: Statement, found: Plan, person: User | None = None) -> Season:
    """Put the stops where the plan says; `Conflict` when requests, stops or the copy's other bookings are not what they were."""
    with transaction.atomic():
        season = held(season.network, season)
        now = statement(season)
        if season.state not in PLANNABLE or now.season != stated.season or now.stays != stated.stays:
            raise Conflict(_("La saison a changé pendant le calcul : recalculez la tournée."))
        fixed = set(stated.season.fixed)
        wanted = set(found.tour.stops)
        places = dict(zip(stated.stays, _requests(stated, stated.stays), strict=True))
        stops = {stop.request_id: stop for stop in season.stops.select_related("booking")}
        kept = wanted & set(stated.stays)
        for key, stop in stops.items():
            if key not in {places[stay].pk for stay in kept}:
                take_off(stop)
        for stay in sorted(wanted - kept):
            put_stop(season, stated, stay, is_fixed=stay in fixed)
        _write_reasons(season, stated, found)
        season.state = SeasonState.PLANNED
        season.bound, season.plan_seconds, season.planned_at = found.bound, found.seconds, timezone.now()
        season.save()
        count(season)
        touch(season)
        tell_planned(season, person)
    return season


def _requests(stated: Statement, stays: Iterable[Stay]) -> list[HostRequest]:
    return [stated.rows[stay.request] for stay in stays]


def _write_reasons(season: Season, stated: Statement, found: Plan) -> None:
    HostRequest.objects.filter(season=season).update(left_out="", loss=None, instead_of=[])
    rows = []
    for each in found.unserved:
        row = stated.rows[each.request]
        row.left_out, row.loss = each.reason.value, each.loss
        row.instead_of = [stated.rows[other].pk for other in each.instead_of]
        rows.append(row)
    HostRequest.objects.bulk_update(rows, ["left_out", "loss", "instead_of"])


def move_stop(*, by: Viewer, season: Season, request: HostRequest, day: date | None, anyway: bool = False) -> Season:
    """Put a request at a day (of its set-up), or take it off (None). What breaks a rule is refused, unless `anyway`: then only what
    cannot be is (two stops at once, the copy taken). A stop put by hand is fixed. Once published, its host is told."""
    with transaction.atomic():
        season = held(by.network, season)
        rules.may_move(by, season).require()
        stated = statement(season)
        cost = cost_of_move(stated, request, day)
        if not cost.is_possible or (cost.sentences and not anyway):
            raise Refused(" ".join(cost.sentences) or _("Ce jour ne convient pas."), status=422)
        old = season.stops.select_related("booking").filter(request=request).first()
        if old is not None and old.last_on < timezone.localdate():
            raise Refused(_("La halte a eu lieu : elle reste dans la tournée."), status=409)
        elsewhere = bool(cost.sentences) or (old is not None and old.is_fixed)
        if old is not None:
            take_off(old)
        new = put_stop(season, stated, cost.stay, is_fixed=True) if cost.stay is not None else None
        if season.state == SeasonState.OPEN:
            season.state = SeasonState.PLANNED
        count(season)
        if elsewhere or season.bound is None:
            forget_bound(season)
        details = {"host": request.actor.name, "day": day.isoformat() if day else ""}
        record("season.move", by=by, subject=season, details=details, touch=False)
        touch(season)
        if season.state == SeasonState.PUBLISHED:
            _tell_moved(season, request, new)
    return season


def _tell_moved(season: Season, request: HostRequest, new: Any) -> None:
    request = HostRequest.objects.select_related("actor", "author").get(pk=request.pk)
    request.season = season
    if new is None:
        tell_no_date(request, f"off:{timezone.now().isoformat()}")
    else:
        new.request = request
        tell_dates(new, moved=True)


def fix_stop(*, by: Viewer, season: Season, request: HostRequest, is_fixed: bool) -> None:
    """Whether planning again leaves it where it is."""
    with transaction.atomic():
        season = held(by.network, season)
        rules.may_move(by, season).require()
        found = season.stops.filter(request=request, request__state=RequestState.SERVED).update(is_fixed=is_fixed)
        if not found:
            raise Conflict(_("Cette halte n'est plus dans la tournée."))
        if not is_fixed:
            forget_bound(season)
