"""What time brings: people noted to be called are forgotten."""

from datetime import timedelta

from django.utils import timezone

from maillage.core.jobs import task
from maillage.core.models import Job
from maillage.networks.models import Network
from maillage.radio.models import Item
from maillage.radio.registry import CONTACTS_KEPT


@task(every=timedelta(days=1))
def forget_contacts(job: Job) -> None:
    """Of episodes that are over, or that nobody has touched, for as long as the network says."""
    for network in Network.objects.order_by("pk"):
        since = timezone.now() - timedelta(days=30 * int(network.setting(CONTACTS_KEPT.name)))
        old = Item.objects.filter(episode__network=network, episode__updated_at__lt=since).exclude(contact="")
        old.exclude(episode__on_air_at__gte=since).exclude(episode__planned_at__gte=since).update(contact="")
