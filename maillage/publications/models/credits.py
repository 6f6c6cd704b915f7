"""Who signs a publication: people and actors, in order, each with their own agreement; the history is kept."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.core.models import Dated
from maillage.directory.models import Actor
from maillage.publications.enums import CreditState
from maillage.publications.models.publications import Publication


class CreditQuerySet(models.QuerySet["Credit"]):
    def standing(self) -> "CreditQuerySet":
        """Those asked or given: neither declined nor removed."""
        return self.filter(state__in=[CreditState.WAITING, CreditState.ACCEPTED])

    def accepted(self) -> "CreditQuerySet":
        return self.filter(state=CreditState.ACCEPTED)


class Credit(Dated):
    """An `actor` of the directory, or a person by `name`, with their `user` once known; `email` is where the agreement of a
    person was asked, and is forgotten once it is given or declined."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="credits")
    actor = models.ForeignKey(Actor, models.CASCADE, null=True, blank=True, related_name="credits")
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("personne"))
    name = models.CharField(_("nom"), max_length=120, blank=True)
    email = models.EmailField(_("adresse e-mail"), blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(_("accord"), max_length=10, choices=CreditState.choices, default=CreditState.WAITING)
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("répondu le"), null=True, blank=True)

    objects = CreditQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(actor__isnull=False) ^ ~Q(name=""), name="credit_actor_or_person"),
            models.UniqueConstraint(
                fields=["publication", "actor"],
                condition=Q(state__in=["waiting", "accepted"]),
                name="credit_actor_once",
            ),
            models.UniqueConstraint(
                fields=["publication", "user"], condition=Q(state__in=["waiting", "accepted"]), name="credit_user_once"
            ),
        ]

    def __str__(self) -> str:
        return self.signature

    @property
    def signature(self) -> str:
        actor: Any = self.actor
        return actor.name if actor is not None else self.name

    @property
    def is_accepted(self) -> bool:
        return self.state == CreditState.ACCEPTED
