"""What time brings: settled cases are forgotten at the term of their network."""

from datetime import timedelta

from django.db.models.functions import Coalesce
from django.utils import timezone

from maillage.core.jobs import task
from maillage.core.models import Job
from maillage.moderation.enums import CaseState
from maillage.moderation.models import Case
from maillage.moderation.registry import KEPT
from maillage.networks.models import Network


@task(every=timedelta(days=1))
def forget_settled(job: Job) -> None:
    for network in Network.objects.order_by("pk"):
        term = timezone.now() - timedelta(days=int(network.setting(KEPT.name)) * 365 / 12)
        settled = Case.objects.filter(network=network, state__in=[CaseState.KEPT, CaseState.REMOVED])
        settled.annotate(last_at=Coalesce("answered_at", "decided_at")).filter(last_at__lt=term).delete()
