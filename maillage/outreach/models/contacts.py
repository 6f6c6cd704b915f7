"""The contact log: what the team said to whom, and what comes next."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.core.models import Dated
from maillage.core.text import folded
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.networks.models import Network
from maillage.outreach.enums import Channel
from maillage.topics.models import Term

_DAY = 24 * 60


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, viewer: Viewer) -> "ContactQuerySet":
        """The team's own memory of its network."""
        return self.filter(network=viewer.network_id) if viewer.runs_network else self.none()

    def with_next_step(self) -> "ContactQuerySet":
        """Those that call for something not done yet."""
        return self.filter(next_done_at=None).exclude(next_step="")


class Contact(Dated):
    """One exchange with one or several actors. `person` is whom the team spoke to there; `minutes` is the time spent by the
    team; what comes next is `next_step`, on `next_on`, by `next_for`. `words` is what is written there, as searches compare it."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    author = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    actors = models.ManyToManyField(Actor, through="ContactActor", related_name="contacts")
    on = models.DateField(_("date"), default=timezone.localdate)
    channel = models.CharField(_("moyen"), max_length=10, choices=Channel.choices, default=Channel.PHONE)
    person = models.CharField(_("personne jointe"), max_length=120, blank=True)
    about = models.TextField(_("à propos de"), max_length=4000, blank=True)
    mission = models.ForeignKey(
        Term, models.PROTECT, null=True, blank=True, related_name="+", limit_choices_to={"vocabulary": "mission"}
    )
    minutes = models.PositiveSmallIntegerField(
        _("temps passé (minutes)"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(_DAY)]
    )
    next_step = models.CharField(_("suite à donner"), max_length=200, blank=True)
    next_on = models.DateField(_("pour le"), null=True, blank=True)
    next_for = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    next_done_at = models.DateTimeField(null=True, blank=True)
    words = models.TextField(editable=False, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(next_on=None) | ~Q(next_step=""), name="contact_date_of_a_next_step"),
        ]
        indexes = [
            models.Index(fields=["network", "-on"]),
            models.Index(fields=["network", "next_on"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}, {self.on:%d/%m/%Y}"

    def save(self, **kwargs: Any) -> None:
        self.words = folded(f"{self.person} {self.about} {self.next_step}")
        super().save(**kwargs)

    def clean(self) -> None:
        if self.on > timezone.localdate():
            raise ValidationError({"on": _("Un contact a déjà eu lieu : pour l'avenir, écrivez une suite à donner.")})

    def get_absolute_url(self) -> str:
        return reverse("outreach:contact_show", args=[self.pk])

    @property
    def waits(self) -> bool:
        return bool(self.next_step) and self.next_done_at is None

    def is_late(self, today: date) -> bool:
        return self.waits and self.next_on is not None and self.next_on < today


class ContactActor(models.Model):
    """An actor that a contact was with."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="links")
    actor = models.ForeignKey(Actor, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "actor"], name="contact_actor_once")]

    def __str__(self) -> str:
        return f"{self.contact_id} – {self.actor_id}"
