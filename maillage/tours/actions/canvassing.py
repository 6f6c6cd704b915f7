"""Which communes should be approached: the halts that would reach most people far from any actor, chosen in the background."""

from django.db import transaction

from maillage.core.jobs import task
from maillage.core.models import Job
from maillage.core.viewer import Viewer
from maillage.tours import rules
from maillage.tours.models import Season
from maillage.tours.queries.canvass import canvass


def ask_canvass(*, by: Viewer, season: Season, halts: int, km: int) -> Job:
    rules.may_edit(by, season).require()
    return compute.enqueue(
        season_id=season.pk,
        halts=halts,
        km=km,
        _unique=f"tours.canvass:{season.pk}",
        _scope=f"network:{season.network_id}",
    )


@task(max_attempts=2)
def compute(job: Job, season_id: int, halts: int, km: int) -> None:
    season = Season.objects.select_related("network").filter(pk=season_id).first()
    if season is not None:
        found = canvass(season, halts=halts, km=km)
        with transaction.atomic():
            Season.objects.filter(pk=season.pk).update(canvass=found)
