"""Who organises an event."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.agenda.enums import OrganiserRole
from maillage.agenda.models.events import Event
from maillage.directory.models import Actor


class Organiser(models.Model):
    """An actor that organises an event, and whose people may change it. `withdrawn_at`: its people said that it does not:
    nobody but themselves puts it back."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="organisers")
    actor = models.ForeignKey(Actor, models.CASCADE, related_name="organised_events")
    role = models.CharField(_("rôle"), max_length=8, choices=OrganiserRole.choices, default=OrganiserRole.PARTNER)
    position = models.PositiveSmallIntegerField(default=0)
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["role", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["event", "actor"], name="organiser_event_actor")]

    def __str__(self) -> str:
        return self.actor.name
