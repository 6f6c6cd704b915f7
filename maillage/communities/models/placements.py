"""What members place in their community: events, publications, actors."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.agenda.models import Event
from maillage.communities.models.communities import Community
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.publications.models import Publication


class PlacementQuerySet(models.QuerySet["Placement"]):
    def visible_to(self, viewer: Viewer) -> "PlacementQuerySet":
        """In an active community that the viewer may name, of what the viewer may read: what a letter asks before it leaves."""
        named = self.filter(community__in=Community.objects.listed_for(viewer).active())
        readable = Q(event__in=Event.objects.visible_to(viewer).shown())
        readable |= Q(publication__in=Publication.objects.visible_to(viewer).shown())
        return named.filter(readable | Q(actor__in=Actor.objects.visible_to(viewer).current()))


class Placement(models.Model):
    """One of an event, a publication, an actor, once in a community. It stays, under the name of who placed it, when they leave."""

    community = models.ForeignKey(Community, models.CASCADE, related_name="placements", verbose_name=_("communauté"))
    event = models.ForeignKey(Event, models.CASCADE, null=True, blank=True, related_name="community_placements")
    publication = models.ForeignKey(
        Publication, models.CASCADE, null=True, blank=True, related_name="community_placements"
    )
    actor = models.ForeignKey(Actor, models.CASCADE, null=True, blank=True, related_name="community_placements")
    words = models.CharField(_("pourquoi"), max_length=300, blank=True)
    added_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("placé par")
    )
    at = models.DateTimeField(_("placé le"), default=timezone.now)
    first_at = models.DateTimeField(_("mis en tête le"), null=True, blank=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("contenu d'une communauté")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(event__isnull=False, publication=None, actor=None)
                | Q(event=None, publication__isnull=False, actor=None)
                | Q(event=None, publication=None, actor__isnull=False),
                name="placement_of_one_thing",
            ),
            models.UniqueConstraint(fields=["community", "event"], name="placement_event_once"),
            models.UniqueConstraint(fields=["community", "publication"], name="placement_publication_once"),
            models.UniqueConstraint(fields=["community", "actor"], name="placement_actor_once"),
        ]

    def __str__(self) -> str:
        return str(self.thing)

    @property
    def thing(self) -> Any:
        return self.event or self.publication or self.actor
