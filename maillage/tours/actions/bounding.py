"""The bound of a tour that was changed by hand: what no tour that keeps its fixed stops exceeds. Found anew in the background whenever the
one that is known may hold no more."""

from maillage.core.jobs import task
from maillage.core.models import Job
from maillage.tours.engine.planning import bound_of
from maillage.tours.models import Season
from maillage.tours.queries.stating import statement

SECONDS = 10.0


def forget_bound(season: Season) -> None:
    """In the transaction of an act: a request more, a stop that is fixed no more, or fixed elsewhere, other weights."""
    season.bound = None
    Season.objects.filter(pk=season.pk).update(bound=None)
    if season.objective is not None:
        compute.enqueue(season_id=season.pk, _unique=f"tours.bound:{season.pk}", _scope=f"network:{season.network_id}")


@task(max_attempts=3)
def compute(job: Job, season_id: int) -> None:
    """Nothing is written when the season was changed again, or planned, meanwhile: another job, or the plan, has its bound."""
    season = Season.objects.select_related("network", "base").filter(pk=season_id, bound=None).first()
    if season is None or season.objective is None:
        return
    found = bound_of(statement(season).season, season.objective, SECONDS)
    if found is not None:
        unmoved = Season.objects.filter(pk=season.pk, bound=None, updated_at=season.updated_at)
        unmoved.update(bound=max(found, season.objective))
