"""Who used a resource and what they say of it."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.catalogue.models.bookings import Booking
from maillage.catalogue.models.resources import Resource
from maillage.core.models import Dated
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.territories.models import Territory


class Use(Dated):
    """A resource used on a day, somewhere, by someone: declared, or made from a loan that ended (`booking`). `reached` is how many
    people it reached, None when nobody said."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="uses", verbose_name=_("ressource"))
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    actor = models.ForeignKey(Actor, models.SET_NULL, null=True, blank=True, related_name="+")
    booking = models.OneToOneField(Booking, models.SET_NULL, null=True, blank=True, related_name="use")
    used_on = models.DateField(_("utilisée le"))
    commune = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("commune")
    )
    reached = models.PositiveIntegerField(_("personnes touchées"), null=True, blank=True)

    class Meta:
        ordering = ["-used_on", "-pk"]
        indexes = [models.Index(fields=["resource", "-used_on"])]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.used_on}"


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def visible_to(self, viewer: Viewer) -> "FeedbackQuerySet":
        """What is read under a resource that the viewer sees; those who run the network read what is hidden too."""
        here = self.filter(use__resource__in=Resource.objects.visible_to(viewer))
        return here if viewer.runs_network else here.filter(Q(hidden_at=None) | Q(use__user=viewer.user_id or 0))


class Feedback(Dated):
    """What someone who used it says: one for a use. `stars` from 1 to 5."""

    use = models.OneToOneField(Use, models.CASCADE, related_name="feedback")
    stars = models.PositiveSmallIntegerField(_("note"), validators=[MinValueValidator(1), MaxValueValidator(5)])
    words = models.TextField(_("avis"), max_length=2000, blank=True)
    answer = models.TextField(_("réponse"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    hidden_at: Any = models.DateTimeField(null=True, blank=True)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="feedback_stars")]

    def __str__(self) -> str:
        return f"{self.use.resource}, {self.stars}/5"

    def get_absolute_url(self) -> str:
        return f"{self.use.resource.get_absolute_url()}#avis-{self.pk}"
