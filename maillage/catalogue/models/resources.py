"""A resource: what may be downloaded, lent, or come; one kind of sheet for all three. Its stock is in `stock`."""

import uuid
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.catalogue.enums import FORM_OF, Connection, Form, Kind, Power, Price, State, Transport, is_lent
from maillage.core.models import Dated
from maillage.core.text import folded
from maillage.core.viewer import RoleKind, Viewer
from maillage.directory.enums import ImageRole, Licence, ListingState
from maillage.directory.models import Actor
from maillage.networks.models import Network
from maillage.territories.models import Territory
from maillage.topics.models import Term, validate_cycles

FIRST = (State.DRAFT, State.PROPOSED, State.REFUSED)
"""Before everyone finds it: who wrote it still does, whether or not they look after its actor."""


def new_uid() -> str:
    return uuid.uuid4().hex


class ResourceQuerySet(models.QuerySet["Resource"]):
    def visible_to(self, viewer: Viewer) -> "ResourceQuerySet":
        """Those who run the network see all but the drafts of others; others what is published, and that of their actors."""
        here = self.filter(network=viewer.network_id)
        if viewer.system:
            return here
        if not viewer.is_authenticated:
            return here.shown()
        own = self.own_of(viewer)
        if viewer.runs_network:
            return here.exclude(Q(state=State.DRAFT) & ~own)
        return here.filter(Q(self._in_directory(), state=State.PUBLISHED) | own)

    def editable_by(self, viewer: Viewer) -> "ResourceQuerySet":
        """One's own and those of one's actors; for the team (an animator may be bound to départements) what was proposed."""
        here = self.filter(network=viewer.network_id)
        if viewer.system:
            return here
        if not viewer.is_authenticated:
            return self.none()
        own = self.own_of(viewer)
        sent = ~Q(state=State.DRAFT)
        animated = {role.department for role in viewer.roles if role.kind == RoleKind.ANIMATOR}
        if viewer.is_network_admin or "" in animated:
            return here.filter(own | sent)
        place = Q(commune=None, actor__commune=None) | Q(commune__department__code__in=animated)
        place |= Q(commune=None, actor__commune__department__code__in=animated)
        return here.filter(own | (sent & place) if animated else own)

    def lent_by(self, viewer: Viewer) -> "ResourceQuerySet":
        """Those whose loans the viewer answers: of the actors that they look after."""
        if not viewer.is_authenticated:
            return self.none()
        return self.filter(self._offered_by(viewer), network=viewer.network_id)

    def shown(self) -> "ResourceQuerySet":
        """Those that everyone finds: of an actor that everyone finds too."""
        return self.filter(self._in_directory(), state=State.PUBLISHED)

    def stubs(self) -> "ResourceQuerySet":
        """Those that everyone found and finds no more, of which a page says so: offered no more, or of an actor that closed. Nothing is
        said of what an actor that the network hides offered."""
        ended = Q(state=State.RETIRED) | Q(state=State.PUBLISHED, actor__archived_at__isnull=False)
        return self.filter(ended, self._in_directory(closed=True), published_at__isnull=False)

    def offered(self) -> "ResourceQuerySet":
        """Of actors that everyone finds."""
        return self.filter(self._in_directory())

    def with_shown(self) -> "ResourceQuerySet":
        """Reads once for all what `is_offered` asks of each."""
        return self.annotate(offered_=self._in_directory())

    def for_cards(self) -> "ResourceQuerySet":
        """What a card in a list shows, in three queries."""
        return (
            self.select_related("actor__commune__department", "commune__department", "network")
            .prefetch_related("terms", "photos")
            .defer("description", "conditions", "safety", "provenance")
        )

    @staticmethod
    def _in_directory(*, closed: bool = False) -> Exists:
        """Of an actor of the public list of the network; with `closed` one that was archived since, whose page stays."""
        listings: Any = Actor._meta.get_field("listings").related_model
        here = listings.objects.filter(
            actor=OuterRef("actor"), network=OuterRef("network"), state=ListingState.PUBLISHED
        )
        return Exists(here if closed else here.filter(actor__archived_at=None))

    @classmethod
    def own_of(cls, viewer: Viewer) -> Q:
        """Of the actors that they look after, and what they wrote until everyone found it."""
        return Q(author=viewer.user_id, published_at=None, state__in=FIRST) | Q(cls._offered_by(viewer))

    @staticmethod
    def _offered_by(viewer: Viewer) -> Exists:
        members: Any = Actor._meta.get_field("members").related_model
        return Exists(members.objects.filter(actor=OuterRef("actor"), user=viewer.user_id))


class Resource(Dated):
    """`actor` offers it. `zone`: where it is served, lent or comes (empty: all over the network). `commune` and the point are
    where it is fetched, when not at its actor's. `surface` in m², `height` in m, `volume` in m³, `duration` of a session and
    `setup_minutes` in minutes, `value` of replacement, `fee` and `deposit` in euros. `uid` names it for those who harvest.
    `revision` is the network's version at its last change, `provenance` says who wrote a field last. `website_failing_since` and
    `website_told_at` are of `website` what those of a `ResourceLink` are of its address. Once it is offered no more, its stub says
    `stub_title` and, unless the team has yet to read it (`reason_waits`), `reason`."""

    network = models.ForeignKey(Network, models.PROTECT, related_name="resources")
    actor = models.ForeignKey(Actor, models.PROTECT, related_name="resources", verbose_name=_("proposée par"))
    author = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("fiche écrite par")
    )
    kind = models.CharField(_("nature"), max_length=12, choices=Kind.choices)
    state = models.CharField(_("état"), max_length=10, choices=State.choices, default=State.DRAFT)
    published_at = models.DateTimeField(_("publiée le"), null=True, blank=True)
    featured_at = models.DateTimeField(_("mise en avant le"), null=True, blank=True)

    title = models.CharField(_("titre"), max_length=140)
    title_key = models.CharField(max_length=140, editable=False)
    slug = models.SlugField(max_length=100, editable=False)
    summary = models.CharField(_("en une phrase"), max_length=300, blank=True)
    description = models.TextField(_("présentation"), blank=True)
    terms = models.ManyToManyField(Term, blank=True, related_name="resources", verbose_name=_("thématiques et publics"))
    languages = models.JSONField(_("langues"), default=list, blank=True)
    age_min = models.PositiveSmallIntegerField(_("âge minimum"), null=True, blank=True)
    age_max = models.PositiveSmallIntegerField(_("âge maximum"), null=True, blank=True)
    cycles: Any = models.JSONField(_("niveaux scolaires"), default=list, blank=True, validators=[validate_cycles])
    licence = models.CharField(_("licence"), max_length=10, choices=Licence.choices, blank=True)

    duration = models.PositiveIntegerField(_("durée d'une séance (minutes)"), null=True, blank=True)
    group_min = models.PositiveSmallIntegerField(_("groupe : au moins"), null=True, blank=True)
    group_max = models.PositiveSmallIntegerField(_("groupe : au plus"), null=True, blank=True)
    surface = models.PositiveSmallIntegerField(_("surface nécessaire (m²)"), null=True, blank=True)
    height = models.DecimalField(
        _("hauteur sous plafond (m)"), max_digits=4, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    power = models.CharField(_("électricité"), max_length=8, choices=Power.choices, blank=True)
    connection = models.CharField(_("Internet"), max_length=8, choices=Connection.choices, blank=True)
    volume = models.DecimalField(
        _("volume transporté (m³)"), max_digits=6, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    transport = models.CharField(_("se transporte avec"), max_length=8, choices=Transport.choices, blank=True)
    setup_minutes = models.PositiveIntegerField(_("temps de montage (minutes)"), null=True, blank=True)
    people = models.PositiveSmallIntegerField(_("personnes nécessaires au montage"), null=True, blank=True)
    place_access = models.JSONField(_("accessible aux personnes en situation de"), default=list, blank=True)
    access_notes = models.CharField(_("précisions d'accès"), max_length=300, blank=True)
    safety = models.TextField(_("consignes de sécurité"), max_length=4000, blank=True)

    price = models.CharField(_("prix"), max_length=4, choices=Price.choices, blank=True)
    fee = models.DecimalField(_("tarif (euros)"), max_digits=8, decimal_places=2, null=True, blank=True)
    deposit = models.DecimalField(_("caution (euros)"), max_digits=8, decimal_places=2, null=True, blank=True)
    value = models.DecimalField(
        _("valeur de remplacement (euros)"), max_digits=9, decimal_places=2, null=True, blank=True
    )
    conditions = models.TextField(_("conditions"), max_length=4000, blank=True)
    website = models.URLField(_("en savoir plus"), max_length=500, blank=True)
    website_checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    website_failing_since = models.DateTimeField(null=True, blank=True, editable=False)
    website_told_at = models.DateTimeField(null=True, blank=True, editable=False)

    zone = models.ManyToManyField(Territory, blank=True, related_name="+", verbose_name=_("zone desservie"))
    commune = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("à retirer à")
    )
    pickup = models.CharField(_("lieu de retrait"), max_length=250, blank=True)
    latitude = models.FloatField(null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)])
    longitude = models.FloatField(null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)])

    uid = models.CharField(max_length=32, unique=True, default=new_uid, editable=False)
    source = models.CharField(_("source"), max_length=120, blank=True, db_index=True)
    source_url = models.URLField(_("page d'origine"), max_length=500, blank=True)
    provenance: Any = models.JSONField(default=dict, blank=True, editable=False)
    revision = models.PositiveBigIntegerField(default=0, editable=False)

    code = models.CharField(_("motif"), max_length=20, blank=True)
    reason = models.CharField(_("explication"), max_length=500, blank=True)
    reason_waits = models.BooleanField(default=False, editable=False)
    stub_title = models.CharField(max_length=140, blank=True, editable=False)
    proposed_at = models.DateTimeField(_("proposée le"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("répondu par")
    )
    decided_at = models.DateTimeField(_("répondu le"), null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("remplacée par")
    )

    objects = ResourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("ressource")
        ordering = ["title_key", "pk"]
        indexes = [
            models.Index(fields=["network", "state", "kind", "title_key"]),
            models.Index(fields=["network", "revision", "id"]),
            models.Index(fields=["actor", "state"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["network", "slug"], name="resource_slug"),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__isnull=False, longitude__isnull=False),
                name="resource_both_coordinates",
            ),
            models.CheckConstraint(
                condition=Q(age_min=None) | Q(age_max=None) | Q(age_max__gte=F("age_min")), name="resource_ages"
            ),
            models.CheckConstraint(
                condition=Q(group_min=None) | Q(group_max=None) | Q(group_max__gte=F("group_min")),
                name="resource_group",
            ),
            models.CheckConstraint(condition=~Q(replaced_by=F("id")), name="resource_not_its_own_heir"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("catalogue:resource_show", args=[self.slug])

    def look_again(self) -> None:
        """Nothing is known yet of a website that was just given."""
        self.website_checked_at = self.website_failing_since = self.website_told_at = None

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.title_key = folded(self.title)[:140]
        super().save(*args, **kwargs)

    @property
    def form(self) -> Form:
        return FORM_OF[Kind(self.kind)]

    @property
    def is_shown(self) -> bool:
        """Whether everyone finds it."""
        return self.state == State.PUBLISHED and self.is_offered

    @property
    def is_offered(self) -> bool:
        """Whether its actor is in the public list of the network: asked each time, unless it was read `with_shown`."""
        told = self.__dict__.get("offered_")
        return bool(told) if told is not None else Resource.objects.offered().filter(pk=self.pk).exists()

    @property
    def is_lent(self) -> bool:
        return is_lent(Kind(self.kind))


class Photo(models.Model):
    """A picture of a resource; the first is the one of its card. `alt` "" says that it is decorative, as `role` does."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="photos")
    position = models.PositiveSmallIntegerField(default=0)
    image = models.ImageField(_("photo"), upload_to="resources/")
    role = models.CharField(_("rôle de l'image"), max_length=12, choices=ImageRole.choices)
    alt = models.CharField(_("texte alternatif"), max_length=200, blank=True)
    credit = models.CharField(_("crédit"), max_length=120)
    licence = models.CharField(_("licence"), max_length=10, choices=Licence.choices)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.alt or self.credit


class ResourceIdentifier(models.Model):
    """The key of a resource in a source, so that the same one read again finds it. `seen_at`: when the source last told of it."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    resource = models.ForeignKey(Resource, models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=60)
    value = models.CharField(max_length=200)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "scheme", "value"], name="resource_identifier")]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


class ResourceTombstone(models.Model):
    """A resource that everyone found and finds no more: what those who harvest are told."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    resource_id = models.PositiveBigIntegerField()
    uid = models.CharField(max_length=32)
    slug = models.SlugField(max_length=100)
    revision = models.PositiveBigIntegerField()
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "resource_id"], name="resource_tombstone")]
        indexes = [models.Index(fields=["network", "revision"])]

    def __str__(self) -> str:
        return self.slug
