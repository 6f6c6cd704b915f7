"""An actor in a network: its state there, its circle (internal), the notes of those who run it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.core.models import Dated
from maillage.core.viewer import Viewer
from maillage.directory.enums import Circle, ListingState, Nature
from maillage.directory.models.actors import Actor
from maillage.networks.models import Network


class ListingQuerySet(models.QuerySet["Listing"]):
    def visible_to(self, viewer: Viewer) -> "ListingQuerySet":
        return self.filter(network=viewer.network_id) if viewer.runs_network else self.none()


class Listing(Dated):
    """The presence of an actor in a network.

    `revision` is the network's `content_version` at the last change of the actor or of its listing. The network's row
    stays locked until that change commits, so revisions grow in the order of commits: whoever follows the list by
    revision neither misses nor repeats a change.
    """

    network = models.ForeignKey(Network, models.CASCADE, related_name="listings")
    actor = models.ForeignKey(Actor, models.CASCADE, related_name="listings")
    state = models.CharField(_("état"), max_length=10, choices=ListingState.choices, default=ListingState.DRAFT)
    published_at = models.DateTimeField(_("publiée le"), null=True, blank=True)
    changed_since_cleared = models.BooleanField(
        _("modifiée ailleurs depuis la validation"),
        default=False,
        help_text=_("Par le réseau d'origine ou par l'acteur."),
    )

    revision = models.PositiveBigIntegerField(default=0, editable=False)

    objects = ListingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "actor"], name="listing_network_actor")]
        indexes = [models.Index(fields=["network", "revision", "actor"]), models.Index(fields=["network", "state"])]

    def __str__(self) -> str:
        return f"{self.actor} – {self.network}"


class Tombstone(models.Model):
    """An actor that left the public list of a network, or whose record is gone; `merged_into` says where it went.

    Programs that follow the list read it; so does the index in memory, to forget an actor without a listing.
    """

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    actor_id = models.BigIntegerField()
    slug = models.CharField(max_length=100)
    merged_into = models.BigIntegerField(null=True, blank=True)
    revision = models.PositiveBigIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "actor_id"], name="tombstone_network_actor")]
        indexes = [models.Index(fields=["network", "revision"])]

    def __str__(self) -> str:
        return self.slug


class QualificationQuerySet(models.QuerySet["Qualification"]):
    def visible_to(self, viewer: Viewer) -> "QualificationQuerySet":
        return self.filter(network=viewer.network_id) if viewer.runs_network else self.none()

    def in_force(self) -> "QualificationQuerySet":
        return self.filter(until=None)

    def valid_on(self, day: object) -> "QualificationQuerySet":
        """Those that held on `day`: past figures use them."""
        return self.filter(since__lte=day).filter(Q(until=None) | Q(until__gt=day))


class Qualification(models.Model):
    """A circle given to an actor in a network from `since` to `until` (exclusive), with its reason and source."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    actor = models.ForeignKey(Actor, models.CASCADE, related_name="qualifications")
    nature = models.CharField(_("nature"), max_length=10, choices=Nature.choices, default=Nature.ASSESSED)
    circle = models.PositiveSmallIntegerField(_("cercle"), choices=Circle.choices)
    reason = models.CharField(_("motif"), max_length=300, blank=True)
    source = models.CharField(_("source"), max_length=120, blank=True)
    since = models.DateField(_("depuis"))
    until = models.DateField(_("jusqu'au"), null=True, blank=True)
    author = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    author_label = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = QualificationQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "actor", "nature"], condition=Q(until=None), name="qualification_one_in_force"
            ),
            models.CheckConstraint(condition=Q(circle__in=[1, 2, 3]), name="qualification_circle"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("since")), name="qualification_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["network", "nature", "until", "circle"])]

    def __str__(self) -> str:
        return f"{self.actor_id} : {self.circle}"


class NoteQuerySet(models.QuerySet["Note"]):
    def visible_to(self, viewer: Viewer) -> "NoteQuerySet":
        return self.filter(network=viewer.network_id) if viewer.runs_network else self.none()


class Note(Dated):
    """An internal note on an actor; never shown outside the team that runs the network."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    actor = models.ForeignKey(Actor, models.CASCADE, related_name="notes")
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    body = models.TextField(_("note"), max_length=5000)

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.body[:80]
