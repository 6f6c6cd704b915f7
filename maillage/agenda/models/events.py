"""The event: what happens, where, for whom, who organises it. Its dates are in `timings`."""

import uuid
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.agenda import validators
from maillage.agenda.enums import Attendance, EventState, EventStatus, Price
from maillage.agenda.models.formats import validate_bookings
from maillage.agenda.registry import EVENT
from maillage.core.models import Dated
from maillage.core.text import folded
from maillage.core.viewer import RoleKind, Viewer
from maillage.directory.enums import ImageRole, Licence, Origin
from maillage.directory.models import Actor
from maillage.networks.models import Network
from maillage.sharing.queries import is_taken
from maillage.territories.models import Territory
from maillage.topics.models import Term, validate_cycles


def page_path(slug: str) -> str:
    return reverse("agenda:event_show", args=[slug])


def new_uid() -> str:
    return uuid.uuid4().hex


def _shown() -> Q:
    return Q(Q(publish_at=None) | Q(publish_at__lte=timezone.now()), state=EventState.PUBLISHED)


class EventQuerySet(models.QuerySet["Event"]):
    def visible_to(self, viewer: Viewer) -> "EventQuerySet":
        """Those who run the network see all its events; others the published ones, and those that they wrote or organise."""
        return self.filter(self._seen_by(viewer), network=viewer.network_id)

    def editable_by(self, viewer: Viewer) -> "EventQuerySet":
        """Of the viewer's network: its team's (an animator may be bound to départements), one's own, one's actors'."""
        here = self.filter(network=viewer.network_id)
        if viewer.is_network_admin:
            return here
        if not viewer.is_authenticated:
            return self.none()
        own = Q(author=viewer.user_id) | Q(self._organised_by(viewer))
        animated = {role.department for role in viewer.roles if role.kind == RoleKind.ANIMATOR}
        if "" in animated:
            return here
        return here.filter(own | Q(commune__department__code__in=animated))

    def shown(self) -> "EventQuerySet":
        """Those that everyone reads by now: published, their embargo over."""
        return self.filter(_shown())

    def told_in(self, network: Network | None) -> "EventQuerySet":
        """What everyone reads in the lists of a network: its own, and what it took from others."""
        own = Q(network=network)
        if network is not None and network.has_guests:
            own |= Q(is_taken(network, EVENT))
        return self.shown().filter(own)

    def told_to(self, viewer: Viewer) -> "EventQuerySet":
        """Those of the lists of a viewer: `visible_to`, and what the network took from others."""
        if viewer.network is None or not viewer.network.has_guests:
            return self.visible_to(viewer)
        visible = Q(self._seen_by(viewer), network=viewer.network_id)
        return self.filter(visible | (_shown() & Q(is_taken(viewer.network, EVENT))))

    def for_cards(self) -> "EventQuerySet":
        """What a card in a list shows, in two queries."""
        return (
            self.select_related("commune__department", "venue", "network")
            .prefetch_related("terms")
            .defer("description", "provenance", "conditions", "access_notes", "bookings")
        )

    def _seen_by(self, viewer: Viewer) -> Q:
        """Of its network."""
        if viewer.runs_network:
            return Q()
        if not viewer.is_authenticated:
            return _shown()
        return _shown() | Q(author=viewer.user_id) | Q(self._organised_by(viewer))

    @staticmethod
    def _organised_by(viewer: Viewer) -> Exists:
        organisers: Any = Event._meta.get_field("organisers").related_model
        own = viewer.user.actor_memberships.values("actor")
        return Exists(organisers.objects.filter(event=OuterRef("pk"), actor__in=own, withdrawn_at=None))


class Event(Dated):
    """`venue` is the actor at whose place it happens; the address and the point are then copied from it when written.

    `uid` names the event for calendars, `sequence` grows when its dates, place or status do. `first_at`, `last_at` frame
    its dates (`last_at` None: no date, or open-ended). `bookings` is a list of `{"for", "by", "value"}`. `provenance` maps
    a field to who wrote it last, as for actors. `revision` is the network's version at the last change. `same_as`: the one
    that the team kept of two announcements, this one being withdrawn.
    """

    network = models.ForeignKey(Network, models.PROTECT, related_name="events")
    author = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("auteur ou autrice")
    )
    state = models.CharField(_("état"), max_length=10, choices=EventState.choices, default=EventState.DRAFT)
    status = models.CharField(_("tenue"), max_length=12, choices=EventStatus.choices, default=EventStatus.SCHEDULED)
    status_note = models.CharField(_("précision"), max_length=300, blank=True)
    previous_at = models.DateTimeField(_("date d'abord annoncée"), null=True, blank=True)
    publish_at = models.DateTimeField(_("publié à partir du"), null=True, blank=True)
    published_at = models.DateTimeField(_("publié le"), null=True, blank=True)
    featured_at = models.DateTimeField(_("mis en avant le"), null=True, blank=True)

    title = models.CharField(_("titre"), max_length=140)
    title_key = models.CharField(max_length=140, editable=False)
    slug = models.SlugField(max_length=100, unique=True, editable=False)
    summary = models.CharField(_("en une phrase"), max_length=300, blank=True)
    description = models.TextField(_("présentation"), blank=True)
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="children", verbose_name=_("fait partie de")
    )
    terms = models.ManyToManyField(
        Term, blank=True, related_name="events", verbose_name=_("thématiques, publics et types d'action")
    )
    languages = models.JSONField(_("langues"), default=list, blank=True)

    attendance = models.CharField(_("où"), max_length=8, choices=Attendance.choices, default=Attendance.ONSITE)
    online_url = models.URLField(_("lien en ligne"), max_length=500, blank=True)
    venue = models.ForeignKey(
        Actor, models.SET_NULL, null=True, blank=True, related_name="hosted_events", verbose_name=_("chez")
    )
    place_name = models.CharField(_("nom du lieu"), max_length=200, blank=True)
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
    zone = models.CharField(max_length=40, default="Europe/Paris", validators=[validators.validate_zone])
    place_access = models.JSONField(_("accessibilité"), default=list, blank=True)
    access_notes = models.CharField(_("précisions d'accès"), max_length=300, blank=True)

    organiser_name = models.CharField(_("organisateur hors annuaire"), max_length=200, blank=True)
    website = models.URLField(_("en savoir plus"), max_length=500, blank=True)
    age_min = models.PositiveSmallIntegerField(_("âge minimum"), null=True, blank=True)
    age_max = models.PositiveSmallIntegerField(_("âge maximum"), null=True, blank=True)
    cycles = models.JSONField(_("niveaux scolaires"), default=list, blank=True, validators=[validate_cycles])
    price = models.CharField(_("prix"), max_length=4, choices=Price.choices, blank=True)
    conditions = models.CharField(_("tarif et conditions"), max_length=500, blank=True)
    bookings: Any = models.JSONField(_("inscription"), default=list, blank=True, validators=[validate_bookings])

    image = models.ImageField(_("image"), upload_to="events/", blank=True)
    image_alt = models.CharField(_("texte alternatif"), max_length=200, blank=True)
    image_role = models.CharField(_("rôle de l'image"), max_length=12, choices=ImageRole.choices, blank=True)
    image_credit = models.CharField(_("crédit"), max_length=120, blank=True)
    image_licence = models.CharField(_("licence"), max_length=10, choices=Licence.choices, blank=True)

    by_appointment = models.BooleanField(_("sur rendez-vous"), default=False)
    available_from = models.DateField(_("possible à partir du"), null=True, blank=True)
    available_until = models.DateField(_("possible jusqu'au"), null=True, blank=True)
    first_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_at = models.DateTimeField(null=True, blank=True, editable=False)

    uid = models.CharField(max_length=32, unique=True, default=new_uid, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    source = models.CharField(_("source"), max_length=120, blank=True, db_index=True)
    source_url = models.URLField(_("page d'origine"), max_length=500, blank=True)
    provenance: Any = models.JSONField(default=dict, blank=True, editable=False)
    revision = models.PositiveBigIntegerField(default=0, editable=False)

    code = models.CharField(_("motif"), max_length=20, blank=True)
    reason = models.CharField(_("explication"), max_length=500, blank=True)
    same_as = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+", editable=False)
    proposed_at = models.DateTimeField(_("proposé le"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("répondu par")
    )
    decided_at = models.DateTimeField(_("répondu le"), null=True, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("événement")
        ordering = ["first_at", "pk"]
        indexes = [
            models.Index(fields=["network", "state", "last_at"]),
            models.Index(fields=["network", "revision", "id"]),
            models.Index(fields=["network", "title_key"]),
            models.Index(fields=["id"], condition=Q(by_appointment=True), name="event_by_appointment"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__isnull=False, longitude__isnull=False),
                name="event_both_coordinates",
            ),
            models.CheckConstraint(condition=~Q(parent=models.F("id")), name="event_not_in_itself"),
            models.CheckConstraint(
                condition=Q(age_min=None) | Q(age_max=None) | Q(age_max__gte=models.F("age_min")), name="event_ages"
            ),
            models.CheckConstraint(
                condition=Q(available_from=None)
                | Q(available_until=None)
                | Q(available_until__gte=models.F("available_from")),
                name="event_available_days",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return page_path(self.slug)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.title_key = folded(self.title)[:140]
        super().save(*args, **kwargs)

    @property
    def tz(self) -> ZoneInfo:
        """The zone of the place: dates are typed and read in it."""
        return ZoneInfo(self.zone)

    @property
    def is_shown(self) -> bool:
        """Whether everyone reads it by now."""
        return self.state == EventState.PUBLISHED and (self.publish_at is None or self.publish_at <= timezone.now())

    @property
    def is_embargoed(self) -> bool:
        return self.state == EventState.PUBLISHED and not self.is_shown

    @property
    def is_cancelled(self) -> bool:
        return self.status == EventStatus.CANCELLED

    def is_over(self, at: datetime | None = None) -> bool:
        """Whether all its dates are past; one open-ended or by appointment never is by its dates."""
        return self.last_at is not None and self.last_at < (at or timezone.now())

    def wrote_itself(self, field: str) -> bool:
        """Whether somebody wrote the field here: an import leaves it then."""
        origin = self.provenance.get(field, {}).get("origin")
        return origin in (Origin.ACTOR, Origin.ANIMATOR)


class EventIdentifier(models.Model):
    """The key of an event in a source (`scheme` such as "openagenda"): the same event read again finds the same one.

    One a network: two networks may read the same source, each for itself. `seen_at` is when the source last told of it.
    """

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    event = models.ForeignKey(Event, models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=60)
    value = models.CharField(max_length=200)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "scheme", "value"], name="event_identifier_scheme_value")
        ]
        indexes = [models.Index(fields=["network", "scheme", "seen_at"])]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"
