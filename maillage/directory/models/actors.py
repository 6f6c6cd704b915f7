"""The actor: one record over all networks."""

from datetime import timedelta
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.core.models import Dated
from maillage.core.text import folded
from maillage.core.viewer import RoleKind, Viewer
from maillage.directory import validators
from maillage.directory.enums import ActorKind, ImageRole, ListingState, Origin, PositionQuality
from maillage.networks.models import Network
from maillage.territories.models import Territory
from maillage.topics.models import Term


class ActorQuerySet(models.QuerySet["Actor"]):
    def visible_to(self, viewer: Viewer) -> "ActorQuerySet":
        """Those who run the network see all its listings; others the published ones and the sheets they look after.

        Archived actors stay visible: past events and awards show them. Lists and searches add `.current()`.
        """
        listings: Any = self.model._meta.get_field("listings").related_model
        # Asked actor by actor: joined, SQLite would read every listing of the network to show a page of them.
        here = listings.objects.filter(actor=OuterRef("pk"), network=viewer.network_id)
        if viewer.runs_network:
            return self.filter(Exists(here))
        shown = Q(Exists(here.filter(state=ListingState.PUBLISHED)))
        if viewer.is_authenticated:
            shown |= Q(Exists(here)) & Q(pk__in=viewer.user.actor_memberships.values("actor"))
        return self.filter(shown)

    def editable_by(self, viewer: Viewer) -> "ActorQuerySet":
        """The record belongs to its home network's team (an animator may be bound to départements) and to its members."""
        home = Q(home_network=viewer.network_id)
        if viewer.is_network_admin:
            return self.filter(home)
        if not viewer.is_authenticated:
            return self.none()
        own = Q(pk__in=viewer.user.actor_memberships.values("actor"))
        animated = {role.department for role in viewer.roles if role.kind == RoleKind.ANIMATOR}
        if "" in animated:
            return self.filter(home | own)
        return self.filter((home & Q(commune__department__code__in=animated)) | own)

    def current(self) -> "ActorQuerySet":
        return self.filter(archived_at=None)

    def for_cards(self) -> "ActorQuerySet":
        """What a card in a list shows, in one query; the rest of the record is not read: it costs more than the card."""
        return self.select_related("family", "commune__department").only(
            *("name", "slug", "kind", "summary", "image", "contact_is_public", "latitude", "longitude"),
            *("created_at", "updated_at"),
            *("family__label", "family__hue", "family__shape", "commune__name", "commune__department__code"),
        )

    def for_rows(self) -> "ActorQuerySet":
        """The whole record with its place and its terms, in two queries."""
        return self.select_related("family", "commune", "commune__department").prefetch_related("terms")


class Actor(Dated):
    """An organisation or an independent person.

    `home_network` alone (with the actor's own members) may change the record; other networks list it. `provenance` maps
    a field to who wrote it last: `{"origin", "source", "at", "user", "batch", "link"}`. `name_key` and `completeness` are
    derived at each save.
    """

    kind = models.CharField(_("nature"), max_length=12, choices=ActorKind.choices, default=ActorKind.ORGANISATION)
    home_network = models.ForeignKey(Network, models.PROTECT, related_name="+")
    name = models.CharField(_("nom"), max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    acronym = models.CharField(_("sigle"), max_length=40, blank=True)
    slug = models.SlugField(max_length=100, unique=True, editable=False)
    siren = models.CharField(
        _("SIREN"), max_length=9, blank=True, db_index=True, validators=[validators.validate_siren]
    )
    siret = models.CharField(
        _("SIRET"), max_length=14, blank=True, db_index=True, validators=[validators.validate_siret]
    )
    rna = models.CharField(_("RNA"), max_length=10, blank=True, db_index=True, validators=[validators.validate_rna])
    uai = models.CharField(_("UAI"), max_length=8, blank=True, db_index=True, validators=[validators.validate_uai])
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="branches", verbose_name=_("antenne de")
    )
    family = models.ForeignKey(Term, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("famille"))
    terms = models.ManyToManyField(
        Term, blank=True, related_name="actors", verbose_name=_("thématiques, publics et types d'action")
    )
    summary = models.CharField(_("en une phrase"), max_length=300, blank=True)
    description = models.TextField(_("présentation"), blank=True)
    address = models.CharField(_("adresse"), max_length=250, blank=True)
    postal_code = models.CharField(_("code postal"), max_length=5, blank=True)
    commune = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("commune")
    )
    latitude = models.FloatField(
        _("latitude"), null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        _("longitude"), null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    position_quality = models.CharField(
        _("qualité de la position"), max_length=10, choices=PositionQuality.choices, default=PositionQuality.TO_PLACE
    )
    position_score = models.FloatField(_("score de la position"), default=0)
    zone = models.ManyToManyField(Territory, blank=True, related_name="+", verbose_name=_("zone d'action"))
    website = models.URLField(_("site web"), max_length=300, blank=True)
    email = models.EmailField(_("e-mail de contact"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    contact_name = models.CharField(_("référent"), max_length=120, blank=True)
    contact_is_public = models.BooleanField(
        _("e-mail, téléphone et nom visibles de tous"),
        default=False,
        help_text=_(
            "Pour une personne indépendante, seulement avec son accord. Sinon un formulaire transmet les messages."
        ),
    )
    languages = models.JSONField(_("langues"), default=list, blank=True, validators=[validators.validate_languages])
    place_access = models.JSONField(_("accessibilité du lieu"), default=list, blank=True)
    access_notes = models.CharField(_("précisions d'accès"), max_length=300, blank=True)
    image = models.ImageField(_("image"), upload_to="actors/", blank=True)
    image_alt = models.CharField(_("texte alternatif"), max_length=200, blank=True)
    image_role = models.CharField(_("rôle de l'image"), max_length=12, choices=ImageRole.choices, blank=True)
    image_credit = models.CharField(_("crédit"), max_length=120, blank=True)
    update_rhythm = models.PositiveSmallIntegerField(
        _("vérifier tous les (mois)"), default=12, validators=[MinValueValidator(1), MaxValueValidator(36)]
    )
    confirmed_at = models.DateTimeField(_("confirmée le"), null=True, blank=True)
    archived_at = models.DateTimeField(_("archivée le"), null=True, blank=True)
    archive_reason = models.CharField(_("motif d'archivage"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=120, blank=True, db_index=True)
    provenance = models.JSONField(default=dict, blank=True, editable=False)
    completeness = models.PositiveSmallIntegerField(_("complétude (%)"), default=0, editable=False)

    objects = ActorQuerySet.as_manager()

    class Meta:
        verbose_name = _("acteur")
        ordering = ["name_key", "pk"]
        indexes = [
            models.Index(fields=["name_key", "id"]),
            models.Index(fields=["latitude", "longitude"]),
            models.Index(fields=["updated_at", "id"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__isnull=False, longitude__isnull=False),
                name="actor_both_coordinates",
            ),
            models.CheckConstraint(condition=~Q(parent=models.F("id")), name="actor_not_its_own_branch"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("directory:actor_show", args=[self.slug])

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = folded(self.name)[:200]
        super().save(*args, **kwargs)

    @property
    def is_stale(self) -> bool:
        """Unconfirmed for longer than the rhythm chosen by the actor."""
        since = self.confirmed_at or self.created_at
        return since < timezone.now() - timedelta(days=30 * self.update_rhythm)

    @property
    def shows_contact(self) -> bool:
        """Whether everyone reads the name, address and telephone of the contact on the sheet."""
        return self.contact_is_public and self.archived_at is None

    def wrote_itself(self, field: str) -> bool:
        return self.provenance.get(field, {}).get("origin") == Origin.ACTOR


class FormerSlug(models.Model):
    """An address the actor had: it redirects."""

    slug = models.SlugField(max_length=100, unique=True)
    actor = models.ForeignKey(Actor, models.CASCADE, related_name="former_slugs")

    def __str__(self) -> str:
        return self.slug


class Identifier(models.Model):
    """The key of an actor in a source (`scheme` such as "museofile"): the same line read again finds the same actor."""

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=40)
    value = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "value"], name="identifier_scheme_value")]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"
