"""An episode: what is prepared, recorded, broadcast, and listened to afterwards."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.core.models import Dated
from maillage.core.text import folded
from maillage.core.viewer import Viewer
from maillage.networks.models import Network
from maillage.radio.engine.reading import clock
from maillage.radio.enums import ON_AIR, EpisodeState
from maillage.radio.models.shows import Show


def new_guid() -> str:
    return uuid.uuid4().hex


class EpisodeQuerySet(models.QuerySet["Episode"]):
    def visible_to(self, viewer: Viewer) -> "EpisodeQuerySet":
        """Those who run the network prepare and see them all; others listen to what is published of open programmes."""
        here = self.filter(network=viewer.network_id)
        return here if viewer.runs_network else here.shown()

    def shown(self) -> "EpisodeQuerySet":
        """Those that everyone listens to."""
        return self.filter(state=EpisodeState.PUBLISHED, show__is_open=True)

    def on_air(self) -> "EpisodeQuerySet":
        """Those that count in the share of airtime: broadcast, or published for players."""
        return self.filter(state__in=ON_AIR)

    def latest_first(self) -> "EpisodeQuerySet":
        return self.order_by("-published_at", "-pk")


class Episode(Dated):
    """`planned_at` is when it should be broadcast, `on_air_at` when it first was (or was published, for players alone).
    `audio` is kept under a random name; `audio_kind`, `audio_bytes` and `duration` (seconds) are read from its content. `guid`
    names it for players and never changes. `revision` is the network's version at the last change."""

    network = models.ForeignKey(Network, models.PROTECT, related_name="episodes")
    show = models.ForeignKey(Show, models.PROTECT, related_name="episodes", verbose_name=_("émission"))
    author = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("préparé par")
    )
    season = models.PositiveSmallIntegerField(_("saison"), null=True, blank=True)
    number = models.PositiveSmallIntegerField(_("numéro"), null=True, blank=True)
    title = models.CharField(_("titre"), max_length=140)
    title_key = models.CharField(max_length=140, editable=False)
    slug = models.SlugField(max_length=100, editable=False)
    summary = models.CharField(_("en deux phrases"), max_length=400, blank=True)
    notes = models.TextField(_("notes d'émission"), blank=True)
    transcript = models.TextField(_("transcription"), max_length=200_000, blank=True)

    state = models.CharField(_("état"), max_length=10, choices=EpisodeState.choices, default=EpisodeState.DRAFT)
    reason = models.CharField(_("pourquoi il est annulé"), max_length=300, blank=True)
    planned_at = models.DateTimeField(_("diffusion prévue"), null=True, blank=True)
    on_air_at = models.DateTimeField(_("passé à l'antenne le"), null=True, blank=True)
    published_at = models.DateTimeField(_("publié le"), null=True, blank=True)

    audio = models.FileField(_("fichier audio"), upload_to="radio/", blank=True, max_length=120)
    audio_kind = models.CharField(max_length=20, blank=True)
    audio_bytes = models.PositiveBigIntegerField(default=0)
    duration = models.PositiveIntegerField(_("durée (secondes)"), default=0)

    guid = models.CharField(max_length=32, unique=True, default=new_guid, editable=False)
    revision = models.PositiveBigIntegerField(default=0, editable=False)

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("épisode")
        ordering = ["-planned_at", "-pk"]
        indexes = [
            models.Index(fields=["network", "state", "-published_at"]),
            models.Index(fields=["network", "state", "on_air_at"]),
            models.Index(fields=["audio"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["show", "slug"], name="episode_slug"),
            models.UniqueConstraint(
                fields=["show", "season", "number"],
                name="episode_number",
                condition=Q(season__isnull=False, number__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["show", "number"], name="episode_number_alone", condition=Q(season=None, number__isnull=False)
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[EpisodeState.BROADCAST, EpisodeState.PUBLISHED]) | Q(on_air_at__isnull=False),
                name="episode_on_air_at",
            ),
            models.CheckConstraint(
                condition=~Q(state=EpisodeState.PUBLISHED)
                | (Q(published_at__isnull=False, audio_bytes__gt=0, duration__gt=0) & ~Q(audio="")),
                name="episode_published_is_heard",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("radio:episode_show", args=[self.show.slug, self.slug])

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.title_key = folded(self.title)[:140]
        super().save(*args, **kwargs)

    @property
    def is_shown(self) -> bool:
        """Whether everyone listens to it."""
        return self.state == EpisodeState.PUBLISHED and self.show.is_open

    @property
    def is_on_air(self) -> bool:
        return self.state in ON_AIR

    @property
    def length(self) -> str:
        """« 12:05 »."""
        return clock(self.duration)

    @property
    def audio_name(self) -> str:
        """The last part of the address of its sound."""
        return (self.audio.name or "").rpartition("/")[2]

    @property
    def audio_url(self) -> str:
        return reverse("radio:sound", args=[self.audio_name]) if self.audio else ""
