"""A season of a mobile resource: its calendar, its limits, what counts, and the figures of its tour."""

from datetime import date, timedelta
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.catalogue.models import Copy, Resource
from maillage.core.models import Dated
from maillage.core.viewer import Viewer
from maillage.networks.models import Network
from maillage.territories.models import Territory
from maillage.tours.enums import SHOWN, TOLD, SeasonState
from maillage.tours.validators import validate_closures, validate_weekdays

LONGEST = 400  # Days of a season.


def working_week() -> list[int]:
    return [0, 1, 2, 3, 4]


class SeasonQuerySet(models.QuerySet["Season"]):
    def visible_to(self, viewer: Viewer) -> "SeasonQuerySet":
        """Those who run the network see them all; others those that were opened."""
        here = self.filter(network=viewer.network_id)
        return here if viewer.runs_network else here.filter(state__in=SHOWN)


class Season(Dated):
    """`closures` are periods without work, `weekdays` the days worked. Limits are None when there is none. `far_bonus` is in
    percent: what a person counts more, `far_km` away from any actor.

    `km`, `objective` and `bound` (in people) are those of the tour as it is; a hand move keeps the bound, which no tour exceeds.
    `canvass` is the last answer to « which communes should be approached ».
    """

    network = models.ForeignKey(Network, models.PROTECT, related_name="tour_seasons")
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="seasons", verbose_name=_("ressource"))
    copy = models.ForeignKey(Copy, models.PROTECT, related_name="seasons", verbose_name=_("exemplaire"))
    name = models.CharField(_("nom de la saison"), max_length=120)
    slug = models.SlugField(max_length=100, editable=False)
    summary = models.CharField(_("présentation"), max_length=600, blank=True)
    state = models.CharField(_("état"), max_length=10, choices=SeasonState.choices, default=SeasonState.DRAFT)
    reason = models.CharField(_("pourquoi elle est annulée"), max_length=300, blank=True)

    first_on = models.DateField(_("premier jour"))
    last_on = models.DateField(_("dernier jour"))
    weekdays: Any = models.JSONField(_("jours travaillés"), default=working_week, validators=[validate_weekdays])
    closures: Any = models.JSONField(
        _("périodes de fermeture"), default=list, blank=True, validators=[validate_closures]
    )
    base = models.ForeignKey(Territory, models.PROTECT, related_name="+", verbose_name=_("commune de la base"))

    set_up = models.PositiveSmallIntegerField(_("jours de montage"), default=0, validators=[MaxValueValidator(10)])
    move_km = models.PositiveSmallIntegerField(_("trajet le plus long (km)"), null=True, blank=True)
    day_km = models.PositiveSmallIntegerField(_("kilomètres par jour"), default=250, validators=[MinValueValidator(20)])
    road_km = models.PositiveIntegerField(_("kilomètres en tout, au plus"), null=True, blank=True)
    most_stops = models.PositiveSmallIntegerField(_("haltes en tout, au plus"), null=True, blank=True)
    per_host = models.PositiveSmallIntegerField(_("haltes par structure, au plus"), null=True, blank=True)
    idle_days = models.PositiveSmallIntegerField(_("retour à la base au-delà de (jours sans halte)"), default=4)
    break_days = models.PositiveSmallIntegerField(_("jours fermés d'affilée dans une halte, au plus"), default=3)
    far_km = models.PositiveSmallIntegerField(
        _("zone blanche : à plus de (km) de tout acteur"), default=20, validators=[MinValueValidator(1)]
    )
    far_bonus = models.PositiveSmallIntegerField(
        _("une personne y compte en plus (%)"), default=100, validators=[MaxValueValidator(1000)]
    )
    people_per_100_km = models.PositiveSmallIntegerField(_("100 km de route valent (personnes)"), default=20)

    km = models.FloatField(null=True, blank=True, editable=False)
    objective = models.FloatField(null=True, blank=True, editable=False)
    bound = models.FloatField(null=True, blank=True, editable=False)
    planned_at = models.DateTimeField(null=True, blank=True, editable=False)
    plan_seconds = models.FloatField(null=True, blank=True, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    canvass: Any = models.JSONField(default=dict, blank=True, editable=False)

    objects = SeasonQuerySet.as_manager()

    class Meta:
        verbose_name = _("saison de tournée")
        ordering = ["-first_on", "pk"]
        indexes = [models.Index(fields=["network", "state", "-first_on"])]
        constraints = [
            models.UniqueConstraint(fields=["network", "slug"], name="season_slug"),
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="season_dates"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("tours:season_show", args=[self.slug])

    @property
    def is_told(self) -> bool:
        """Whether everyone reads its stops."""
        return self.state in TOLD

    @property
    def is_open(self) -> bool:
        return self.state == SeasonState.OPEN

    @property
    def gap(self) -> float | None:
        """How far the tour may be from the best one, in percent of the bound."""
        if self.bound is None or self.objective is None:
            return None
        return max(0.0, 100 * (self.bound - self.objective) / max(abs(self.bound), 1e-9))

    @property
    def closed_periods(self) -> list[tuple[date, date]]:
        return [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in self.closures]

    @property
    def working_days(self) -> list[date]:
        """In order; what the copy is taken for otherwise is not taken out."""
        closed, week = self.closed_periods, set(self.weekdays)
        days = (self.first_on + timedelta(days=rank) for rank in range((self.last_on - self.first_on).days + 1))
        return [
            day for day in days if day.weekday() in week and not any(first <= day <= last for first, last in closed)
        ]
