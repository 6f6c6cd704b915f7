"""The words by which things are sorted: themes, audiences, families of actors, kinds of action.

A term is shared by all networks or belongs to those that chose it (`networks.TermChoice`), which may also hide or
rename shared ones. Nothing in the code names a term.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from maillage.core.models import Dated
from maillage.topics.enums import SchoolCycle, Shape, Vocabulary


def validate_cycles(value: Any) -> None:
    """A list of codes of `SchoolCycle`."""
    if not (isinstance(value, list) and set(value) <= set(SchoolCycle.values)):
        raise ValidationError(gettext("Niveau scolaire inconnu."), code="cycles")


class TermQuerySet(models.QuerySet["Term"]):
    def of(self, vocabulary: str) -> "TermQuerySet":
        return self.filter(vocabulary=vocabulary)


class Term(Dated):
    """`age_min` and `age_max` are of audiences alone: None and None when an audience says nothing of ages."""

    vocabulary = models.CharField(_("vocabulaire"), max_length=12, choices=Vocabulary.choices)
    slug = models.SlugField(_("identifiant"), max_length=60)
    label = models.CharField(_("libellé"), max_length=80)
    description = models.CharField(_("description"), max_length=300, blank=True)
    hue = models.PositiveSmallIntegerField(
        _("teinte"), default=1, validators=[MinValueValidator(1), MaxValueValidator(8)]
    )
    shape = models.CharField(_("forme"), max_length=10, choices=Shape.choices, default=Shape.CIRCLE)
    position = models.PositiveSmallIntegerField(_("rang"), default=100)
    age_min = models.PositiveSmallIntegerField(_("âge minimum"), null=True, blank=True)
    age_max = models.PositiveSmallIntegerField(_("âge maximum"), null=True, blank=True)
    is_shared = models.BooleanField(_("commun à tous les réseaux"), default=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["vocabulary", "position", "label"]
        constraints = [models.UniqueConstraint(fields=["vocabulary", "slug"], name="term_vocabulary_slug")]

    def __str__(self) -> str:
        return self.label
