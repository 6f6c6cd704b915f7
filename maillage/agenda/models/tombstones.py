"""What programs that follow the agenda are told of an event that left it."""

from django.db import models
from django.utils import timezone

from maillage.networks.models import Network


class EventTombstone(models.Model):
    """An event that left the public agenda of a network, or whose record is gone."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    event_id = models.BigIntegerField()
    slug = models.CharField(max_length=100)
    revision = models.PositiveBigIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "event_id"], name="event_tombstone_network_event")]
        indexes = [models.Index(fields=["network", "revision"])]

    def __str__(self) -> str:
        return self.slug
