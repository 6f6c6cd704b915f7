"""What anyone says of the directory: this is wrong, closed, twice there, missing."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.core.models import Dated
from maillage.core.viewer import Viewer
from maillage.directory.enums import RefusalReason, SuggestionKind, SuggestionState
from maillage.directory.models.actors import Actor
from maillage.networks.models import Network
from maillage.territories.models import Territory


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def waiting(self) -> "SuggestionQuerySet":
        return self.filter(state=SuggestionState.WAITING)

    def visible_to(self, viewer: Viewer) -> "SuggestionQuerySet":
        """All of the network to its team; the errors said of a sheet to the people who look after it. That an actor has
        closed, is there twice, or that someone wants to be taken out, is between who said it and the team."""
        if viewer.runs_network:
            return self.filter(network=viewer.network_id)
        return self.said_to(viewer)

    def said_to(self, viewer: Viewer) -> "SuggestionQuerySet":
        """Errors of the sheets that the viewer looks after, whatever else they run."""
        if not viewer.is_authenticated:
            return self.none()
        own = Actor.objects.visible_to(viewer).filter(pk__in=viewer.user.actor_memberships.values("actor"))
        return self.filter(network=viewer.network_id, kind=SuggestionKind.WRONG, actor__in=own.values("pk"))


class Suggestion(Dated):
    """`values` are the fields proposed for the sheet, as `actions.update_actor` names them, a commune by its key;
    `commune` is where a missing actor would be. The address of who wrote is emptied once they are answered."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    actor = models.ForeignKey(Actor, models.CASCADE, null=True, blank=True, related_name="suggestions")
    kind = models.CharField(_("nature"), max_length=10, choices=SuggestionKind.choices)
    values: Any = models.JSONField(default=dict, blank=True)
    commune = models.ForeignKey(Territory, models.SET_NULL, null=True, blank=True, related_name="+")
    message = models.TextField(_("message"), max_length=2000, blank=True)
    email = models.EmailField(_("adresse e-mail"), blank=True)
    state = models.CharField(_("état"), max_length=10, choices=SuggestionState.choices, default=SuggestionState.WAITING)
    accepted: Any = models.JSONField(default=list, blank=True)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    code = models.CharField(_("nature du refus"), max_length=20, choices=RefusalReason.choices, blank=True)
    reason = models.CharField(_("motif"), max_length=500, blank=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=SuggestionKind.MISSING) | Q(actor__isnull=False), name="suggestion_about_an_actor"
            ),
        ]
        indexes = [models.Index(fields=["network", "state", "created_at"])]

    def __str__(self) -> str:
        return self.actor.name if self.actor is not None else str(self.values.get("name", ""))

    @property
    def is_waiting(self) -> bool:
        return self.state == SuggestionState.WAITING
