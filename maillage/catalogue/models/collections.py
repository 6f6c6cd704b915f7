"""Resources that people put together, in an order, under an address of their own."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.catalogue.models.resources import Resource
from maillage.core.models import Dated
from maillage.core.viewer import Viewer
from maillage.networks.models import Network


class CollectionQuerySet(models.QuerySet["Collection"]):
    def visible_to(self, viewer: Viewer) -> "CollectionQuerySet":
        """Whoever has the address reads it, unless the team hid it: then the team, and those who write it."""
        here = self.filter(network=viewer.network_id)
        if viewer.runs_network or viewer.system:
            return here
        if not viewer.is_authenticated:
            return here.filter(hidden_at=None)
        return here.filter(Q(hidden_at=None) | Q(self._written_by(viewer)))

    def editable_by(self, viewer: Viewer) -> "CollectionQuerySet":
        """Of those who write it, and the team."""
        here = self.filter(network=viewer.network_id)
        if viewer.runs_network or viewer.system:
            return here
        return here.filter(self._written_by(viewer)) if viewer.is_authenticated else self.none()

    def written_by(self, viewer: Viewer) -> "CollectionQuerySet":
        return self.filter(self._written_by(viewer), network=viewer.network_id)

    def listed(self) -> "CollectionQuerySet":
        """Those of the list of collections."""
        return self.filter(is_listed=True, hidden_at=None)

    @staticmethod
    def _written_by(viewer: Viewer) -> Q:
        editors = CollectionEditor.objects.filter(collection=OuterRef("pk"), user=viewer.user_id)
        return Q(author=viewer.user_id) | Q(Exists(editors))


class Collection(Dated):
    """`is_listed`: everyone finds it in the list; else whoever has its address."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="collections")
    author = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    title = models.CharField(_("titre"), max_length=140)
    slug = models.SlugField(max_length=100, editable=False)
    summary = models.CharField(_("en une phrase"), max_length=300, blank=True)
    is_listed = models.BooleanField(_("montrée dans la liste des collections"), default=False)
    hidden_at = models.DateTimeField(null=True, blank=True)

    objects = CollectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("collection")
        ordering = ["title", "pk"]
        constraints = [models.UniqueConstraint(fields=["network", "slug"], name="collection_slug")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("catalogue:collection_show", args=[self.slug])


class CollectionItem(models.Model):
    """`title` is the one that the resource had: what is said of one that everyone finds no more."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="items")
    resource = models.ForeignKey(Resource, models.SET_NULL, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=140)
    position = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(_("pourquoi elle est là"), max_length=300, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["collection", "resource"], name="collection_item")]

    def __str__(self) -> str:
        return self.title


class CollectionEditor(models.Model):
    """Someone invited to write it beside its author. `accepted_at`: when they first did; before, nobody is shown their name, or an
    address typed by anyone would tell whose it is."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="editors")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["collection", "user"], name="collection_editor")]

    def __str__(self) -> str:
        return f"{self.collection_id} : {self.user_id}"
