"""What hosts ask of a season, and the stops of its tour."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.catalogue.enums import Power
from maillage.catalogue.models import Booking
from maillage.core.models import Dated
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor, ActorMember
from maillage.territories.models import Territory
from maillage.tours.enums import CANDIDATES, RequestState
from maillage.tours.models.seasons import Season


class HostRequestQuerySet(models.QuerySet["HostRequest"]):
    def visible_to(self, viewer: Viewer) -> "HostRequestQuerySet":
        """Those of the network for who runs it; for others those of the actors that they look after."""
        here = self.filter(season__network=viewer.network_id)
        if viewer.runs_network:
            return here
        if not viewer.is_authenticated:
            return self.none()
        return here.filter(Exists(ActorMember.objects.filter(actor=OuterRef("actor"), user=viewer.user_id)))

    def candidates(self) -> "HostRequestQuerySet":
        """Those that a tour may serve."""
        return self.filter(state__in=CANDIDATES)

    def for_rows(self) -> "HostRequestQuerySet":
        return self.select_related("actor", "commune__department", "stop").prefetch_related("windows")


class HostRequest(Dated):
    """`days` open to people, after the set-up. What the place has answers the needs of the resource (`queries.feasibility`).

    `remoteness` is the distance to the nearest other actor when the tour was planned, in km. `left_out`, `loss` (in people) and
    `instead_of` (keys of requests) say why the last plan does not serve it (`engine.appraisal.Reason`).
    """

    season = models.ForeignKey(Season, models.CASCADE, related_name="requests", verbose_name=_("saison"))
    actor = models.ForeignKey(Actor, models.PROTECT, related_name="tour_requests", verbose_name=_("structure"))
    author = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("demandée par")
    )
    commune = models.ForeignKey(Territory, models.PROTECT, related_name="+", verbose_name=_("commune"))
    place = models.CharField(
        _("lieu"), max_length=200, help_text=_("Où la ressource s'installera : place, cour, salle.")
    )
    days = models.PositiveSmallIntegerField(
        _("jours d'ouverture"), default=1, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    people = models.PositiveIntegerField(_("personnes attendues"), validators=[MaxValueValidator(100_000)])
    audience = models.CharField(_("publics"), max_length=300, blank=True)
    note = models.TextField(_("précisions"), max_length=2000, blank=True)

    surface = models.PositiveSmallIntegerField(_("surface disponible (m²)"), null=True, blank=True)
    height = models.DecimalField(
        _("hauteur libre (m)"), max_digits=4, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    power = models.CharField(_("électricité"), max_length=8, choices=Power.choices, blank=True)
    has_access = models.BooleanField(_("un camion y accède"), null=True, blank=True)
    has_parking = models.BooleanField(_("il peut y stationner la nuit"), null=True, blank=True)
    helpers = models.PositiveSmallIntegerField(_("personnes pour aider au montage"), null=True, blank=True)

    state = models.CharField(_("état"), max_length=10, choices=RequestState.choices, default=RequestState.ASKED)
    reason = models.CharField(_("explication"), max_length=500, blank=True)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("répondu par")
    )
    decided_at = models.DateTimeField(_("répondu le"), null=True, blank=True)
    remoteness = models.FloatField(null=True, blank=True, editable=False)
    left_out = models.CharField(max_length=14, blank=True, editable=False)
    loss = models.FloatField(null=True, blank=True, editable=False)
    instead_of: Any = models.JSONField(default=list, blank=True, editable=False)

    objects = HostRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("demande de passage")
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["season", "state"]), models.Index(fields=["actor", "state"])]

    def __str__(self) -> str:
        return f"{self.actor} ({self.commune})"

    def get_absolute_url(self) -> str:
        return reverse("tours:request_show", args=[self.pk])


class Window(models.Model):
    """Dates when the host may receive, both included, set-up days too."""

    request = models.ForeignKey(HostRequest, models.CASCADE, related_name="windows")
    first_on = models.DateField(_("du"))
    last_on = models.DateField(_("au"))

    class Meta:
        ordering = ["first_on", "pk"]
        constraints = [models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="window_dates")]

    def __str__(self) -> str:
        return f"{self.first_on} – {self.last_on}"


class Stop(Dated):
    """From the day it is set up to its last day; `open_on` is the first day for people. It holds the copy by `booking`.
    `is_fixed`: planning again leaves it where it is."""

    request = models.OneToOneField(HostRequest, models.CASCADE, related_name="stop")
    season = models.ForeignKey(Season, models.CASCADE, related_name="stops")
    booking = models.OneToOneField(Booking, models.PROTECT, related_name="tour_stop")
    first_on = models.DateField(_("montage le"))
    open_on = models.DateField(_("ouverture le"))
    last_on = models.DateField(_("jusqu'au"))
    is_fixed = models.BooleanField(_("fixée"), default=False)
    km = models.FloatField(default=0, editable=False)  # Of the road that leads to it.
    by_base = models.BooleanField(default=False, editable=False)  # Whether that road passes by the base.

    class Meta:
        verbose_name = _("halte")
        ordering = ["first_on", "pk"]
        indexes = [models.Index(fields=["season", "first_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(open_on__gte=F("first_on"), last_on__gte=F("open_on")), name="stop_dates"
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.first_on}"
