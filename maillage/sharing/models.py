"""A content of one network proposed to another: its own life is untouched, only where it is told changes."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.core.models import Dated
from maillage.core.viewer import Viewer
from maillage.networks.models import Network
from maillage.sharing.enums import STANDING, ShareState


class ShareQuerySet(models.QuerySet["Share"]):
    def visible_to(self, viewer: Viewer) -> "ShareQuerySet":
        """Those who run one of the two networks see what goes from it and what comes to it."""
        if not viewer.runs_network:
            return self.none()
        return self.filter(Q(home=viewer.network_id) | Q(host=viewer.network_id))

    def standing(self) -> "ShareQuerySet":
        return self.filter(state__in=STANDING)

    def accepted(self) -> "ShareQuerySet":
        """Those that are told there; a network that closes takes its contents back from the others (NET-1)."""
        return self.filter(state=ShareState.ACCEPTED, home__is_public=True)

    def about(self, kind: str, object_id: int) -> "ShareQuerySet":
        return self.filter(kind=kind, object_id=object_id)


class Share(Dated):
    """The content named by its kind (`registry`) and key, of the network `home`, in the network `host`; `title` is the content's when
    it was proposed. `note` is what its team says with it, `reason` why the host does not take it, or no more."""

    kind = models.CharField(_("nature"), max_length=40)
    object_id = models.BigIntegerField()
    title = models.CharField(_("contenu"), max_length=200)
    home = models.ForeignKey(Network, models.CASCADE, related_name="+", verbose_name=_("réseau d'origine"))
    host = models.ForeignKey(Network, models.CASCADE, related_name="+", verbose_name=_("proposé à"))
    state = models.CharField(_("état"), max_length=10, choices=ShareState.choices, default=ShareState.PROPOSED)
    note = models.CharField(_("mot pour l'autre réseau"), max_length=500, blank=True)
    reason = models.CharField(_("raison"), max_length=500, blank=True)
    proposed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("proposé par")
    )
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("décidé par")
    )
    decided_at = models.DateTimeField(_("décidé le"), null=True, blank=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        verbose_name = _("partage")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["host", "kind", "state"]),
            models.Index(fields=["home", "state"]),
            models.Index(fields=["kind", "object_id"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id", "host"],
                condition=Q(state__in=["proposed", "accepted"]),
                name="share_standing_once",
            ),
            models.CheckConstraint(condition=~Q(home=F("host")), name="share_between_two"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_accepted(self) -> bool:
        return self.state == ShareState.ACCEPTED

    @property
    def is_standing(self) -> bool:
        return self.state in STANDING

    def other(self, network: Any) -> Network:
        """The network at the other end, seen from one."""
        return self.host if self.home_id == network.pk else self.home
