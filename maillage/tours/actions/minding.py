"""What time does to a tour: a stop that took place counts among the uses of the resource."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from maillage.catalogue.actions import count_use
from maillage.core.jobs import task
from maillage.core.models import Job
from maillage.tours.actions.marking import hold
from maillage.tours.enums import TOLD, SeasonState
from maillage.tours.models import Season, Stop


@task(every=timedelta(days=1))
def count_stops(job: Job) -> None:
    """Once for each, with the people that its host announced, where it was. A tour that was cancelled keeps what was behind it."""
    told = Q(season__state__in=TOLD) | Q(season__state=SeasonState.CANCELLED, season__published_at__isnull=False)
    over = Stop.objects.filter(told, last_on__lt=timezone.localdate(), booking__use=None)
    for season in Season.objects.filter(stops__in=over).select_related("network").order_by("pk").distinct():
        with transaction.atomic():
            hold(season.network, season.pk)
            for stop in over.filter(season=season).select_related(
                "booking__resource", "request__actor", "request__commune"
            ):
                request = stop.request
                count_use(
                    booking=stop.booking, user=None, actor=request.actor, used_on=stop.open_on, commune=request.commune,
                    reached=request.people,
                )  # fmt: skip
