"""Saved views of the working table."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.core.models import Dated
from maillage.core.viewer import Viewer
from maillage.networks.models import Network


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, viewer: Viewer) -> "SavedViewQuerySet":
        if not viewer.runs_network:
            return self.none()
        return self.filter(network=viewer.network_id).filter(models.Q(owner=viewer.user_id) | models.Q(is_shared=True))


class SavedView(Dated):
    """A named state of the table: filters, order and columns, as the query string of its address."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    owner = models.ForeignKey(User, models.CASCADE, related_name="+")
    name = models.CharField(_("nom de la vue"), max_length=80)
    query = models.CharField(max_length=2000, blank=True)
    is_shared = models.BooleanField(_("partagée avec l'équipe"), default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["network", "owner", "name"], name="saved_view_name")]

    def __str__(self) -> str:
        return self.name
