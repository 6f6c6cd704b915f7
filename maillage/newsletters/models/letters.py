"""A letter, what it is made of, and one row for each subscriber it goes to."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.agenda.models import Event
from maillage.core.models import Dated, Job
from maillage.core.text import slugged
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.networks.models import Network
from maillage.newsletters.enums import BlockKind, LetterState, Skip
from maillage.newsletters.models.subscriptions import Subscription
from maillage.newsletters.validators import validate_line
from maillage.publications.models import Publication


class LetterQuerySet(models.QuerySet["Letter"]):
    def visible_to(self, viewer: Viewer) -> "LetterQuerySet":
        """The team sees all of its network's, everyone those that have begun to leave."""
        here = self.filter(network=viewer.network_id)
        return here if viewer.runs_network else here.published()

    def published(self) -> "LetterQuerySet":
        return self.filter(started_at__isnull=False)


class Letter(Dated):
    """`intro` and `closing` are rich texts, sanitised. `started_at` opens its page on the web. The three counts are kept when its
    deliveries are forgotten."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    author = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("écrite par")
    )
    subject = models.CharField(_("objet"), max_length=150, validators=[validate_line])
    slug = models.SlugField(max_length=100, editable=False)
    intro = models.TextField(_("mot de la rédaction"), max_length=20_000, blank=True)
    closing = models.TextField(_("mot de la fin"), max_length=10_000, blank=True)
    state = models.CharField(_("état"), max_length=10, choices=LetterState.choices, default=LetterState.DRAFT)
    scheduled_at = models.DateTimeField(_("envoi prévu le"), null=True, blank=True)
    started_at = models.DateTimeField(_("envoyée le"), null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    sent_count = models.PositiveIntegerField(default=0)
    refused_count = models.PositiveIntegerField(default=0)
    skipped_count = models.PositiveIntegerField(default=0)
    forgotten_at = models.DateTimeField(null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("lettre")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["network", "state", "-started_at"])]
        constraints = [
            models.UniqueConstraint(fields=["network", "slug"], name="letter_slug"),
            models.CheckConstraint(
                condition=~Q(state=LetterState.SCHEDULED) | Q(scheduled_at__isnull=False), name="letter_scheduled_when"
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("newsletters:letter_show", args=[self.slug])

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            self.slug = self._free_slug()
        super().save(*args, **kwargs)

    def _free_slug(self) -> str:
        base = slugged(self.subject, 80)
        taken = set(
            Letter.objects.filter(network=self.network_id, slug__startswith=base).values_list("slug", flat=True)
        )
        return next(slug for n in range(1, len(taken) + 2) if (slug := base if n == 1 else f"{base}-{n}") not in taken)

    @property
    def is_draft(self) -> bool:
        return self.state == LetterState.DRAFT

    @property
    def is_published(self) -> bool:
        return self.started_at is not None


class BlockQuerySet(models.QuerySet["Block"]):
    def visible_to(self, viewer: Viewer) -> "BlockQuerySet":
        return self.filter(letter__network=viewer.network_id) if viewer.runs_network else self.none()


class Block(models.Model):
    """A title of section, a content with an optional sentence of the editor's own (`words`), or a free text (`text`, rich)."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="blocks")
    position = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=12, choices=BlockKind.choices)
    title = models.CharField(_("titre"), max_length=120, blank=True, validators=[validate_line])
    publication = models.ForeignKey(Publication, models.CASCADE, null=True, blank=True, related_name="+")
    event = models.ForeignKey(Event, models.CASCADE, null=True, blank=True, related_name="+")
    actor = models.ForeignKey(Actor, models.CASCADE, null=True, blank=True, related_name="+")
    words = models.CharField(_("votre phrase"), max_length=400, blank=True)
    text = models.TextField(_("texte"), max_length=10_000, blank=True)

    objects = BlockQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "publication"], name="block_publication_once"),
            models.UniqueConstraint(fields=["letter", "event"], name="block_event_once"),
            models.UniqueConstraint(fields=["letter", "actor"], name="block_actor_once"),
            models.CheckConstraint(
                condition=(
                    Q(kind=BlockKind.PUBLICATION, publication__isnull=False, event=None, actor=None)
                    | Q(kind=BlockKind.EVENT, event__isnull=False, publication=None, actor=None)
                    | Q(kind=BlockKind.ACTOR, actor__isnull=False, publication=None, event=None)
                    | Q(kind__in=[BlockKind.SECTION, BlockKind.TEXT], publication=None, event=None, actor=None)
                ),
                name="block_holds_what_its_kind_says",
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.publication or self.event or self.actor or self.get_kind_display())


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def planned(self) -> "DeliveryQuerySet":
        """Those to be sent and not sent yet."""
        return self.filter(sent_at=None, skipped="")

    def sent(self) -> "DeliveryQuerySet":
        return self.filter(sent_at__isnull=False)


class Delivery(models.Model):
    """One letter to one subscriber, once. `job` is the message in the queue, so that whoever leaves meanwhile is not written to;
    an address that is erased leaves the row, which counts."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="deliveries")
    subscription = models.ForeignKey(Subscription, models.SET_NULL, null=True, blank=True, related_name="deliveries")
    skipped = models.CharField(max_length=10, choices=Skip.choices, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "subscription"], name="delivery_once"),
            models.CheckConstraint(condition=Q(sent_at=None) | Q(skipped=""), name="delivery_sent_or_skipped"),
        ]
        indexes = [models.Index(fields=["subscription", "-sent_at"])]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.sent_at or self.skipped}"
