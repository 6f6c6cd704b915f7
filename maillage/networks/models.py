"""Regional networks living side by side on one instance, each known by its host name."""

from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from maillage.core.models import Dated
from maillage.core.viewer import Viewer
from maillage.networks.enums import LegalKind
from maillage.networks.registry import SETTINGS, TIME_ZONE
from maillage.networks.validators import validate_colour, validate_host, validate_one_line
from maillage.territories.models import Territory
from maillage.topics.models import Term


class NetworkQuerySet(models.QuerySet["Network"]):
    def visible_to(self, viewer: Viewer) -> "NetworkQuerySet":
        """The set-up of networks: all for the platform's administration, else the one administered here."""
        if viewer.is_platform_admin:
            return self.all()
        return self.filter(pk=viewer.network_id) if viewer.is_network_admin else self.none()


class Network(Dated):
    """`content_version` grows with every recorded act in the network: cached public pages are keyed by it. `has_guests`: it took
    contents of other networks, so its lists look for them."""

    name = models.CharField(_("nom"), max_length=120, validators=[validate_one_line])
    slug = models.SlugField(_("identifiant"), max_length=60, unique=True)
    tagline = models.CharField(_("accroche"), max_length=200, blank=True)
    description = models.TextField(_("présentation"), blank=True)
    host = models.CharField(
        _("nom d'hôte"), max_length=200, unique=True, null=True, blank=True, validators=[validate_host]
    )
    perimeter = models.ManyToManyField(Territory, verbose_name=_("périmètre"), related_name="+", blank=True)
    accent = models.CharField(_("couleur principale"), max_length=7, default="#3b3bd6", validators=[validate_colour])
    signal = models.CharField(_("couleur d'appel"), max_length=7, default="#e8590c", validators=[validate_colour])
    logo = models.ImageField(_("logo"), upload_to="networks/", blank=True)
    sender_name = models.CharField(_("nom d'expéditeur"), max_length=120, blank=True, validators=[validate_one_line])
    sender_email = models.EmailField(_("adresse d'expéditeur"), blank=True)
    contact_email = models.EmailField(_("adresse de contact"), blank=True)
    is_public = models.BooleanField(_("ouvert au public"), default=True)
    settings = models.JSONField(_("réglages"), default=dict, blank=True)
    has_guests = models.BooleanField(default=False, editable=False)
    content_version = models.PositiveBigIntegerField(default=1, editable=False)

    objects = NetworkQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    def setting(self, name: str) -> Any:
        """The network's value of a declared setting, else its default; KeyError on an undeclared name."""
        return self.settings.get(name, SETTINGS[name].default)

    @property
    def zone(self) -> ZoneInfo:
        """The clock by which the network lives: its days, its pages and its messages."""
        return ZoneInfo(self.setting(TIME_ZONE.name))

    def touch(self) -> int:
        """Outdate every cached page of the network and return its new version.

        Called inside the transaction that changes something: the row stays locked until it commits, so versions are
        handed out in the order of commits.
        """
        Network.objects.filter(pk=self.pk).update(content_version=F("content_version") + 1)
        return Network.objects.values_list("content_version", flat=True).get(pk=self.pk)


class ConsortiumMemberQuerySet(models.QuerySet["ConsortiumMember"]):
    def visible_to(self, viewer: Viewer) -> "ConsortiumMemberQuerySet":
        """Public in its own network."""
        return self.filter(network=viewer.network_id)


class ConsortiumMember(Dated):
    """An association that runs the network on its territories; `contact_email` receives what concerns them."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="consortium")
    name = models.CharField(_("nom"), max_length=160)
    website = models.URLField(_("site"), blank=True)
    contact_email = models.EmailField(_("adresse de contact"), blank=True)
    role = models.CharField(_("rôle"), max_length=200, blank=True)
    territories = models.ManyToManyField(Territory, verbose_name=_("territoires"), related_name="+", blank=True)
    position = models.PositiveSmallIntegerField(default=100)

    objects = ConsortiumMemberQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class TermChoice(models.Model):
    """What a network does with a term: hide or rename a shared one, or own one of its own."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="term_choices")
    term = models.ForeignKey(Term, models.CASCADE, related_name="choices")
    label = models.CharField(_("libellé dans ce réseau"), max_length=80, blank=True)
    is_hidden = models.BooleanField(_("masqué"), default=False)
    position = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "term"], name="term_choice_network_term")]

    def __str__(self) -> str:
        return self.label or str(self.term)


class LegalText(Dated):
    """A legal text of the network, in the rich text of the site; without one, the shipped default is shown."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="legal_texts")
    kind = models.CharField(_("texte"), max_length=20, choices=LegalKind.choices)
    body = models.TextField(_("texte"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "kind"], name="legal_text_network_kind")]

    def __str__(self) -> str:
        return self.get_kind_display()
