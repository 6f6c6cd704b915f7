"""A community: a circle of people around a subject or a place, with its charter; who belongs to it is in `members`."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.communities.enums import Access, CommunityState, MemberRole, MemberState, Withheld
from maillage.core.models import Dated
from maillage.core.text import folded
from maillage.core.viewer import Viewer
from maillage.directory.enums import ImageRole, Licence
from maillage.networks.models import Network
from maillage.territories.models import Territory
from maillage.topics.models import Term


class CommunityQuerySet(models.QuerySet["Community"]):
    def visible_to(self, viewer: Viewer) -> "CommunityQuerySet":
        """The public ones, those one is in, those one is invited to. The team's rights open no hidden one. One that is withheld,
        by those who animate it and, if it is not hidden, by the team."""
        shown = self._shown_to(viewer, MemberState.MEMBER, MemberState.INVITED)
        if viewer.system:
            return shown
        answers: Any = Q(withheld="") | Q(_held(viewer, [MemberState.MEMBER], role=MemberRole.ANIMATOR))
        return shown.filter(answers | ~Q(access=Access.HIDDEN) if viewer.runs_network else answers)

    def listed_for(self, viewer: Viewer) -> "CommunityQuerySet":
        """Those that lists, feeds and pages of contents may name: the public ones, those one is in."""
        return self._shown_to(viewer, MemberState.MEMBER).filter(withheld="")

    def editable_by(self, viewer: Viewer) -> "CommunityQuerySet":
        """Those one animates; the team, which opens and archives them, keeps the list of all."""
        here = self.filter(network=viewer.network_id)
        if viewer.runs_network:
            return here
        return here.filter(_held(viewer, [MemberState.MEMBER], role=MemberRole.ANIMATOR))

    def _shown_to(self, viewer: Viewer, *states: MemberState) -> "CommunityQuerySet":
        here = self.filter(network=viewer.network_id)
        if viewer.system:
            return here
        return here.filter(~Q(access=Access.HIDDEN) | Q(_held(viewer, states)))

    def public(self) -> "CommunityQuerySet":
        return self.exclude(access=Access.HIDDEN).filter(withheld="")

    def active(self) -> "CommunityQuerySet":
        return self.filter(state=CommunityState.OPEN, withheld="")

    def of(self, viewer: Viewer) -> "CommunityQuerySet":
        """Those that the viewer is a member of."""
        return self.filter(network=viewer.network_id).filter(_held(viewer, [MemberState.MEMBER]))


def _held(viewer: Viewer, states: Iterable[str], **also: str) -> Q | Exists:
    if not viewer.is_authenticated:
        return Q(pk__in=[])
    rows: Any = Community._meta.get_field("members").related_model
    return Exists(rows.objects.filter(community=OuterRef("pk"), user=viewer.user_id, state__in=list(states), **also))


class Community(Dated):
    """`withheld` by what people report of it, apart from its `state`, which it has again once nothing withholds it."""

    network = models.ForeignKey(Network, models.PROTECT, related_name="communities")
    name = models.CharField(_("nom"), max_length=100)
    name_key = models.CharField(max_length=100, editable=False)
    slug = models.SlugField(max_length=80, editable=False)
    summary = models.CharField(_("en une phrase"), max_length=300)
    description = models.TextField(_("présentation"), blank=True)
    access = models.CharField(_("accès"), max_length=8, choices=Access.choices, default=Access.OPEN)
    state = models.CharField(_("état"), max_length=8, choices=CommunityState.choices, default=CommunityState.OPEN)
    withheld = models.CharField(_("retrait"), max_length=9, choices=Withheld.choices, blank=True, default="")
    archived_at = models.DateTimeField(_("archivée le"), null=True, blank=True)
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("créée par")
    )
    terms = models.ManyToManyField(Term, blank=True, related_name="communities", verbose_name=_("thématiques"))
    places = models.ManyToManyField(Territory, blank=True, related_name="communities", verbose_name=_("départements"))

    image = models.ImageField(_("image"), upload_to="communities/", blank=True)
    image_alt = models.CharField(_("texte alternatif"), max_length=200, blank=True)
    image_role = models.CharField(_("rôle de l'image"), max_length=12, choices=ImageRole.choices, blank=True)
    image_credit = models.CharField(_("crédit"), max_length=120, blank=True)
    image_licence = models.CharField(_("licence"), max_length=10, choices=Licence.choices, blank=True)

    objects = CommunityQuerySet.as_manager()

    class Meta:
        verbose_name = _("communauté")
        ordering = ["name_key", "pk"]
        indexes = [models.Index(fields=["network", "access", "state"])]
        constraints = [
            models.UniqueConstraint(fields=["network", "slug"], name="community_slug"),
            models.CheckConstraint(
                condition=Q(state="open", archived_at=None) | Q(state="archived", archived_at__isnull=False),
                name="community_archived_at",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("communities:community_show", args=[self.slug])

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = folded(self.name)[:100]
        super().save(*args, **kwargs)

    @property
    def is_hidden(self) -> bool:
        return self.access == Access.HIDDEN

    @property
    def is_archived(self) -> bool:
        return self.state == CommunityState.ARCHIVED

    @property
    def is_closed(self) -> bool:
        """Nothing is placed, asked or told in it."""
        return self.is_archived or bool(self.withheld)


class CommunityCharter(models.Model):
    """What one accepts when one joins. A text never changes: another takes its place, with the next number."""

    community = models.ForeignKey(Community, models.CASCADE, related_name="charters")
    number = models.PositiveIntegerField(_("numéro"))
    body = models.TextField(_("charte"))
    sha256 = models.CharField(_("empreinte du texte"), max_length=64, editable=False)
    at = models.DateTimeField(_("en vigueur depuis le"), default=timezone.now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("écrite par"))

    class Meta:
        verbose_name = _("charte d'une communauté")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["community", "number"], name="community_charter_number")]

    def __str__(self) -> str:
        return f"{self.community} ({self.number})"
