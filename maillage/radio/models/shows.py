"""A radio programme of the network."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.core.models import Dated
from maillage.core.viewer import Viewer
from maillage.networks.models import Network
from maillage.radio.engine.reading import FASTEST, SLOWEST
from maillage.radio.enums import Category, Language


class ShowQuerySet(models.QuerySet["Show"]):
    def visible_to(self, viewer: Viewer) -> "ShowQuerySet":
        """The open ones of the network; those who run it see the closed ones too."""
        here = self.filter(network=viewer.network_id)
        return here if viewer.runs_network else here.filter(is_open=True)


class Show(Dated):
    """`minutes` is how long an episode usually lasts, `rate` how many words are read in a minute. `owner_email` is where the
    directories of podcasts write: everyone reads it in the feed. `is_open`: the public finds it."""

    network = models.ForeignKey(Network, models.PROTECT, related_name="shows")
    name = models.CharField(_("nom de l'émission"), max_length=120)
    slug = models.SlugField(max_length=80, editable=False)
    summary = models.TextField(_("présentation"), max_length=2000)
    stations = models.CharField(_("radios"), max_length=300, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("durée habituelle (minutes)"), default=30, validators=[MinValueValidator(1), MaxValueValidator(240)]
    )
    rate = models.PositiveSmallIntegerField(
        _("mots lus par minute"), default=150, validators=[MinValueValidator(SLOWEST), MaxValueValidator(FASTEST)]
    )
    language = models.CharField(_("langue"), max_length=2, choices=Language.choices, default=Language.FRENCH)
    category = models.CharField(
        _("catégorie de podcast"), max_length=30, choices=Category.choices, default=Category.SCIENCE
    )
    is_explicit = models.BooleanField(_("contenu réservé aux adultes"), default=False)
    owner_name = models.CharField(_("responsable de l'émission"), max_length=120)
    owner_email = models.EmailField(_("adresse du responsable"))
    image = models.ImageField(_("pochette"), upload_to="radio/", blank=True)
    image_alt = models.CharField(_("ce que montre la pochette"), max_length=200, blank=True)
    is_open = models.BooleanField(_("ouverte au public"), default=True)

    objects = ShowQuerySet.as_manager()

    class Meta:
        verbose_name = _("émission")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["network", "slug"], name="show_slug"),
            models.CheckConstraint(condition=Q(rate__gte=SLOWEST, rate__lte=FASTEST), name="show_rate"),
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=240), name="show_minutes"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("radio:show_show", args=[self.slug])

    @property
    def seconds(self) -> int:
        return self.minutes * 60
