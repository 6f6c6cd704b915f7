"""What people follow, and the contents whose followers were told."""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.agenda.models import Event
from maillage.communities.models.communities import Community
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.networks.models import Network
from maillage.publications.models import Credit, Publication
from maillage.territories.models import Territory
from maillage.topics.models import Term

TARGETS = ("term", "actor", "territory", "community", "person")


def _one_alone() -> Q:
    """Exactly one of the targets."""
    condition = Q()
    for name in TARGETS:
        condition |= Q(**{f"{each}__isnull": each != name for each in TARGETS})
    return condition


class FollowQuerySet(models.QuerySet["Follow"]):
    def visible_to(self, viewer: Viewer) -> "FollowQuerySet":
        """One's own alone, without what one may name no more: a community that was left, a sheet taken out of the site, someone
        who took their signatures back."""
        if not viewer.is_authenticated:
            return self.none()
        everyone = Viewer(network=viewer.network)
        shown = Publication.objects.filter(network=viewer.network_id).shown()
        signs = Credit.objects.accepted().filter(user=OuterRef("person"), publication__in=shown.values("pk"))
        named: Any = Q(community=None) | Q(community__in=Community.objects.listed_for(viewer))
        named &= Q(actor=None) | Q(actor__in=Actor.objects.visible_to(everyone))
        named &= Q(person=None) | Exists(signs)
        return self.filter(named, user=viewer.user_id, network=viewer.network_id)

    def with_targets(self) -> "FollowQuerySet":
        return self.select_related(*TARGETS)


class Follow(models.Model):
    """A person follows, in a network, one thing: a theme, an actor, a territory, a community or a person who signs."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="follows", verbose_name=_("personne qui suit"))
    term = models.ForeignKey(
        Term, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("thématique")
    )
    actor = models.ForeignKey(Actor, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("acteur"))
    territory = models.ForeignKey(
        Territory, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("territoire")
    )
    community = models.ForeignKey(
        Community, models.CASCADE, null=True, blank=True, related_name="follows", verbose_name=_("communauté")
    )
    person = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("personne suivie")
    )
    at = models.DateTimeField(_("suivi depuis le"), default=timezone.now)

    objects = FollowQuerySet.as_manager()

    class Meta:
        verbose_name = _("suivi")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=_one_alone(), name="follow_one_target"),
            *(
                models.UniqueConstraint(fields=["network", "user", name], name=f"follow_{name}_once")
                for name in TARGETS
            ),
        ]

    def __str__(self) -> str:
        return str(self.target)

    @property
    def kind(self) -> str:
        return next(name for name in TARGETS if getattr(self, f"{name}_id") is not None)

    @property
    def target(self) -> Any:
        return getattr(self, self.kind)

    @property
    def target_id(self) -> int:
        return int(getattr(self, f"{self.kind}_id"))

    @property
    def code(self) -> str:
        """How forms and addresses name what is followed: `term-12`."""
        return f"{self.kind}-{self.target_id}"


class Announced(models.Model):
    """An event or a publication whose followers were told that it appeared: it is told once."""

    event = models.OneToOneField(Event, models.CASCADE, null=True, blank=True, related_name="+")
    publication = models.OneToOneField(Publication, models.CASCADE, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(event__isnull=False, publication=None) | Q(event=None, publication__isnull=False),
                name="announced_one_content",
            )
        ]

    def __str__(self) -> str:
        return str(self.event or self.publication)
