"""On what terms a lender lends, and when it is closed."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from maillage.catalogue.engine.halves import OF_A_WEEK
from maillage.catalogue.enums import Borrowers
from maillage.catalogue.models.resources import Resource
from maillage.directory.models import Actor
from maillage.networks.models import Network
from maillage.topics.models import Term


def validate_open_halves(value: Any) -> None:
    """Ranks of half-days in a week, 0 for a Monday morning."""
    known = isinstance(value, list) and all(type(each) is int and 0 <= each < OF_A_WEEK for each in value)
    if not known or len(set(value)) != len(value) or not value:
        raise ValidationError(_("Choisissez au moins une demi-journée."), code="open_halves")


class LendingTerms(models.Model):
    """Of a lender in a network, or of one resource. What is None (or "") is asked of the next: resource, lender, network's settings.

    `open_halves` are the half-days of the week when things are fetched and brought back. `transport`, `setup` and `buffer` are
    half-days that the copies are not free: before and after, before, after. `open_first_days`: members of the network first;
    others ask only that many days before the use at most. `offer_hours`: how long someone of the waiting list has to answer.
    """

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    actor = models.ForeignKey(Actor, models.CASCADE, null=True, blank=True, related_name="lending_terms")
    resource = models.OneToOneField(Resource, models.CASCADE, null=True, blank=True, related_name="lending_terms")

    open_halves: Any = models.JSONField(
        _("retraits et retours"), null=True, blank=True, validators=[validate_open_halves]
    )
    closed_on_holidays = models.BooleanField(_("fermé les jours fériés"), null=True, blank=True)
    hours = models.CharField(_("horaires en clair"), max_length=200, blank=True)
    pickup_notes = models.TextField(_("pour venir chercher"), max_length=2000, blank=True)
    notice_days = models.PositiveSmallIntegerField(_("délai minimum (jours)"), null=True, blank=True)
    max_days = models.PositiveSmallIntegerField(_("durée maximum (jours)"), null=True, blank=True)
    renewals = models.PositiveSmallIntegerField(_("prolongations au plus"), null=True, blank=True)
    at_once = models.PositiveSmallIntegerField(_("emprunts en cours au plus"), null=True, blank=True)
    transport = models.PositiveSmallIntegerField(
        _("transport, à l'aller et au retour (demi-journées)"), null=True, blank=True
    )
    setup = models.PositiveSmallIntegerField(_("montage (demi-journées)"), null=True, blank=True)
    buffer = models.PositiveSmallIntegerField(_("battement au retour (demi-journées)"), null=True, blank=True)
    borrowers = models.CharField(_("peuvent emprunter"), max_length=12, choices=Borrowers.choices, blank=True)
    families = models.ManyToManyField(Term, blank=True, related_name="+", verbose_name=_("familles d'acteurs"))
    open_first_days = models.PositiveSmallIntegerField(
        _("réservé aux membres jusqu'à (jours avant)"), null=True, blank=True
    )
    offer_hours = models.PositiveSmallIntegerField(
        _("liste d'attente : délai de réponse (heures)"), null=True, blank=True
    )
    needs_agreement = models.BooleanField(_("une convention est signée"), null=True, blank=True)
    needs_insurance = models.BooleanField(_("une attestation d'assurance est demandée"), null=True, blank=True)
    needs_deposit = models.BooleanField(_("la caution est reçue avant le départ"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "actor"], name="lending_terms_actor"),
            models.CheckConstraint(
                condition=Q(actor=None, resource__isnull=False) | Q(actor__isnull=False, resource=None),
                name="lending_terms_of_one",
            ),
        ]

    def __str__(self) -> str:
        return str(self.resource or self.actor)


class Closure(models.Model):
    """Days, first and last included, when a lender gives nothing and takes nothing back."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    actor = models.ForeignKey(Actor, models.CASCADE, related_name="closures")
    first_on = models.DateField(_("du"))
    last_on = models.DateField(_("au"))
    reason = models.CharField(_("motif, lu de tous"), max_length=120, blank=True)

    class Meta:
        ordering = ["first_on", "pk"]
        constraints = [models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="closure_days")]

    def __str__(self) -> str:
        return f"{self.first_on} – {self.last_on}"
