"""Target lists: actors kept together for an approach, made from a filter of the table and frozen."""

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.core.models import Dated
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.networks.models import Network


class TargetListQuerySet(models.QuerySet["TargetList"]):
    def visible_to(self, viewer: Viewer) -> "TargetListQuerySet":
        return self.filter(network=viewer.network_id) if viewer.runs_network else self.none()

    def current(self) -> "TargetListQuerySet":
        return self.filter(archived_at=None)


class TargetList(Dated):
    """`query` is the filter of the actors' table that it was made from, as an address writes it: told, never run again."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    name = models.CharField(_("nom de la liste"), max_length=120)
    purpose = models.CharField(_("à quoi elle sert"), max_length=400, blank=True)
    query = models.CharField(max_length=2000, blank=True)
    author = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("écrite par")
    )
    actors = models.ManyToManyField(Actor, through="ListMember", related_name="+")
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = TargetListQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["network", "name"], name="target_list_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("outreach:list_show", args=[self.pk])


class ListMember(models.Model):
    target_list = models.ForeignKey(TargetList, models.CASCADE, related_name="members")
    actor = models.ForeignKey(Actor, models.CASCADE, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["target_list", "actor"], name="list_member_once")]

    def __str__(self) -> str:
        return f"{self.target_list_id} – {self.actor_id}"
