"""What the network publishes: articles, portraits, announcements, dossiers. What waits of one already read is in `versions`."""

import secrets
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.core.models import Dated
from maillage.core.text import folded
from maillage.core.viewer import RoleKind, Viewer
from maillage.directory.enums import ImageRole, Licence
from maillage.networks.models import Network
from maillage.publications.enums import SECTION_OF, AnnouncementType, CreditState, Kind, State
from maillage.publications.models.formats import validate_media
from maillage.publications.registry import TEXT
from maillage.sharing.queries import is_taken, taken_by
from maillage.territories.models import Territory
from maillage.topics.models import Term

# When everyone read it first: `appeared_at` of a row, in the database, and in an index: lists read the latest, never the past.
APPEARED: Any = Coalesce(Greatest("publish_at", "published_at"), "published_at")


def new_key() -> str:
    return secrets.token_urlsafe(18)


def _shown() -> Q:
    return Q(Q(publish_at=None) | Q(publish_at__lte=timezone.now()), state=State.PUBLISHED)


class PublicationQuerySet(models.QuerySet["Publication"]):
    def visible_to(self, viewer: Viewer) -> "PublicationQuerySet":
        """Those who run the network see all of it but the drafts of others, others what is published and what they sign."""
        here = self.filter(network=viewer.network_id)
        if not viewer.is_authenticated:
            return here if viewer.system else here.shown()
        own = Q(author=viewer.user_id) | Q(self._signed_by(viewer))
        if viewer.runs_network:
            return here.exclude(Q(state=State.DRAFT) & ~own)
        return here.filter(_shown() | own)

    def editable_by(self, viewer: Viewer) -> "PublicationQuerySet":
        """One's own, those that one signs, and for the team of the network (an animator may be bound to départements) what was
        proposed to it."""
        here = self.filter(network=viewer.network_id)
        if viewer.system:
            return here
        if not viewer.is_authenticated:
            return self.none()
        own = Q(author=viewer.user_id) | Q(self._signed_by(viewer))
        sent = ~Q(state=State.DRAFT)
        animated = {role.department for role in viewer.roles if role.kind == RoleKind.ANIMATOR}
        if viewer.is_network_admin or "" in animated:
            return here.filter(own | sent)
        place = Territory.publications.through.objects.filter(publication=OuterRef("pk"))
        inside = Q(territory__code__in=animated) | Q(territory__department__code__in=animated)
        return here.filter(own | (sent & (~Exists(place) | Exists(place.filter(inside)))) if animated else own)

    def shown(self) -> "PublicationQuerySet":
        """Those that everyone reads by now: published, their embargo over."""
        return self.filter(_shown())

    def in_section(self, section: str) -> "PublicationQuerySet":
        return self.filter(kind__in=[kind for kind, held in SECTION_OF.items() if held == section])

    def open_on(self, day: Any) -> "PublicationQuerySet":
        """Leave out announcements that are over."""
        return self.filter(Q(closes_on=None) | Q(closes_on__gte=day))

    def told_in(self, network: Network | None) -> "PublicationQuerySet":
        """What everyone reads in the lists of a network: its own, and what it took from others."""
        own = Q(network=network)
        if network is not None and network.has_guests:
            own |= Q(is_taken(network, TEXT))
        return self.shown().filter(own)

    def with_appeared(self) -> "PublicationQuerySet":
        """`appeared`: when everyone read it first."""
        return self.annotate(appeared=APPEARED)

    def last_appeared(self, network: Network | None, number: int, *, first: bool = False) -> list[int]:
        """Ids of the `number` of these that appeared last, the newest first (`first`: those that appeared first, the oldest first).
        What is told in a network is of it or taken from others: asked for apart, its own are read off the index of their dates."""
        order = ("appeared", "pk") if first else ("-appeared", "-pk")
        told: Any = self.with_appeared()
        told = told.order_by(*order)
        found = list(told.filter(network=network).values_list("appeared", "pk")[:number])
        if network is not None and network.has_guests:
            found += told.filter(pk__in=taken_by(network, TEXT)).values_list("appeared", "pk")[:number]
            found.sort(reverse=not first)
        return [pk for _at, pk in found[:number]]

    def for_cards(self) -> "PublicationQuerySet":
        """What a card in a list shows, in four queries."""
        return (
            self.select_related("network")
            .prefetch_related("terms", "places__department", "credits__actor")
            .defer("body", "media", "sources")
        )

    @staticmethod
    def _signed_by(viewer: Viewer) -> Exists:
        credit: Any = Publication._meta.get_field("credits").related_model
        own = viewer.user.actor_memberships.values("actor")
        signed = Q(user=viewer.user_id) | Q(actor__in=own)
        return Exists(credit.objects.filter(signed, publication=OuterRef("pk"), state=CreditState.ACCEPTED))


class Publication(Dated):
    """`closes_on`, `announcement`, `website` and `contact` are for announcements. `media` (see `formats`) is what the text
    refers to by its rank. `sources` and `reviewer` say what it stands on. `published_at` is the first time that everyone read
    it. `revision` is the network's version at the last change. `preview_key` makes the link of those who may read it before."""

    network = models.ForeignKey(Network, models.PROTECT, related_name="publications")
    author = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("écrit par")
    )
    kind = models.CharField(_("nature"), max_length=12, choices=Kind.choices, default=Kind.ARTICLE)
    state = models.CharField(_("état"), max_length=10, choices=State.choices, default=State.DRAFT)
    publish_at = models.DateTimeField(_("paraît à partir du"), null=True, blank=True)
    published_at = models.DateTimeField(_("publié le"), null=True, blank=True)
    featured_at = models.DateTimeField(_("mis en avant le"), null=True, blank=True)

    title = models.CharField(_("titre"), max_length=140)
    title_key = models.CharField(max_length=140, editable=False)
    slug = models.SlugField(max_length=100, editable=False)
    summary = models.CharField(_("chapeau"), max_length=400, blank=True)
    body = models.TextField(_("texte"), blank=True)
    media: Any = models.JSONField(_("médias"), default=list, blank=True, validators=[validate_media])
    sources = models.TextField(_("sources"), max_length=4000, blank=True)
    reviewer = models.CharField(_("relecture scientifique"), max_length=200, blank=True)
    terms = models.ManyToManyField(
        Term, blank=True, related_name="publications", verbose_name=_("thématiques et publics")
    )
    places = models.ManyToManyField(Territory, blank=True, related_name="publications", verbose_name=_("territoires"))

    announcement = models.CharField(_("type d'annonce"), max_length=10, choices=AnnouncementType.choices, blank=True)
    closes_on = models.DateField(_("valable jusqu'au"), null=True, blank=True)
    website = models.URLField(_("en savoir plus"), max_length=500, blank=True)
    contact = models.CharField(_("répondre à"), max_length=200, blank=True)

    image = models.ImageField(_("image"), upload_to="publications/", blank=True)
    image_alt = models.CharField(_("texte alternatif"), max_length=200, blank=True)
    image_role = models.CharField(_("rôle de l'image"), max_length=12, choices=ImageRole.choices, blank=True)
    image_credit = models.CharField(_("crédit"), max_length=120, blank=True)
    image_licence = models.CharField(_("licence"), max_length=10, choices=Licence.choices, blank=True)

    comments_open = models.BooleanField(_("commentaires ouverts"), default=True)
    replaced_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("remplacé par")
    )
    preview_key = models.CharField(max_length=32, default=new_key, editable=False)
    revision = models.PositiveBigIntegerField(default=0, editable=False)

    code = models.CharField(_("motif"), max_length=20, blank=True)
    reason = models.CharField(_("explication"), max_length=500, blank=True)
    proposed_at = models.DateTimeField(_("proposé le"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("répondu par")
    )
    decided_at = models.DateTimeField(_("répondu le"), null=True, blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        ordering = ["-published_at", "-pk"]
        indexes = [
            models.Index(fields=["network", "state", "kind", "-published_at"]),
            models.Index(fields=["network", "revision", "id"]),
            models.Index("network", "state", APPEARED.desc(), F("id").desc(), name="publication_appeared"),
            models.Index(
                fields=["network", "featured_at"], condition=Q(featured_at__isnull=False), name="publication_featured"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["network", "slug"], name="publication_slug"),
            models.CheckConstraint(condition=~Q(replaced_by=models.F("id")), name="publication_not_its_own_heir"),
            models.CheckConstraint(
                condition=~Q(kind=Kind.ANNOUNCEMENT) | ~Q(announcement=""), name="publication_announcement_type"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("publications:publication_show", args=[self.section, self.slug])

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.title_key = folded(self.title)[:140]
        super().save(*args, **kwargs)

    @property
    def section(self) -> str:
        return SECTION_OF[Kind(self.kind)].value

    @property
    def is_shown(self) -> bool:
        """Whether everyone reads it by now."""
        return self.state == State.PUBLISHED and (self.publish_at is None or self.publish_at <= timezone.now())

    @property
    def is_embargoed(self) -> bool:
        return self.state == State.PUBLISHED and not self.is_shown

    @property
    def is_over(self) -> bool:
        """An announcement past its day."""
        return self.closes_on is not None and self.closes_on < timezone.localdate()

    @property
    def appeared_at(self) -> Any:
        """When everyone read it first."""
        return max(filter(None, (self.published_at, self.publish_at)), default=None)

    @property
    def was_read(self) -> bool:
        """Whether everyone ever read it."""
        return self.published_at is not None
