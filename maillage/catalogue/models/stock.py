"""What is lent: copies, the modules that may be booked apart, what a kit is made of, what it uses up."""

import secrets
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from maillage.catalogue.enums import CopyState
from maillage.catalogue.models.resources import Resource
from maillage.core.models import Dated

PROMISED = (CopyState.FIT,)


def new_code() -> str:
    return secrets.token_hex(8)


class Module(models.Model):
    """A part of a resource that may be booked apart: one of the five panels of an exhibition. Booking the whole books them all."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="modules")
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(_("nom du module"), max_length=120)
    surface = models.PositiveSmallIntegerField(_("surface nécessaire (m²)"), null=True, blank=True)
    details = models.CharField(_("ce qu'il contient"), max_length=300, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["resource", "title"], name="module_title")]

    def __str__(self) -> str:
        return self.title


class CopyQuerySet(models.QuerySet["Copy"]):
    def promised(self) -> "CopyQuerySet":
        """Those that may be promised to someone: a kit is not while something that lies in it is unfit, nor what lies in a lost one."""
        unfit = Component.objects.filter(kit=OuterRef("pk")).exclude(part__state__in=PROMISED)
        lost = Component.objects.filter(part=OuterRef("pk"), kit__state=CopyState.LOST)
        return self.filter(~Exists(unfit), ~Exists(lost), state__in=PROMISED)


class Copy(Dated):
    """One object on a shelf. `label` is what is written on it, `tag` the secret part of the address of its QR code. Of a resource
    without modules, `module` is None. `where` is told when it is not at its lender's."""

    resource = models.ForeignKey(Resource, models.PROTECT, related_name="copies")
    module = models.ForeignKey(Module, models.PROTECT, null=True, blank=True, related_name="copies")
    label = models.CharField(_("étiquette"), max_length=40)
    tag = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    state = models.CharField(_("état"), max_length=8, choices=CopyState.choices, default=CopyState.FIT)
    state_note = models.CharField(_("précision"), max_length=300, blank=True)
    where = models.CharField(_("rangé à"), max_length=120, blank=True)

    objects = CopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("exemplaire")
        ordering = ["label", "pk"]
        constraints = [models.UniqueConstraint(fields=["resource", "label"], name="copy_label")]

    def __str__(self) -> str:
        return self.label


class Component(models.Model):
    """A copy that lies in a kit and may also be lent apart: booking either makes the other busy. A part lies in one kit, and is
    none itself."""

    kit = models.ForeignKey(Copy, models.CASCADE, related_name="components")
    part = models.OneToOneField(Copy, models.PROTECT, related_name="inside")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(kit=F("part")), name="component_not_itself")]

    def __str__(self) -> str:
        return f"{self.kit_id} ⊃ {self.part_id}"


class Consumable(models.Model):
    """What a loan uses up: counted down when a copy leaves, never blocking. `low` is when its lender is told."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="consumables")
    title = models.CharField(_("consommable"), max_length=120)
    each = models.PositiveSmallIntegerField(_("par exemplaire prêté"), default=1)
    stock: Any = models.IntegerField(_("en réserve"), default=0)
    low = models.PositiveSmallIntegerField(_("prévenir à partir de"), default=0)

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["resource", "title"], name="consumable_title"),
            models.CheckConstraint(condition=Q(stock__gte=0), name="consumable_stock"),
        ]

    def __str__(self) -> str:
        return self.title
