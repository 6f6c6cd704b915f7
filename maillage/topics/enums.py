"""Closed lists of the vocabularies."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Vocabulary(models.TextChoices):
    THEME = "theme", _("Thématique")
    AUDIENCE = "audience", _("Public")
    FAMILY = "family", _("Famille d'acteurs")
    ACTION_KIND = "action_kind", _("Type d'action")
    MISSION = "mission", _("Mission du réseau")


class Shape(models.TextChoices):
    """Drawn beside a hue, so that no meaning rests on colour alone."""

    CIRCLE = "circle", _("rond")
    SQUARE = "square", _("carré")
    TRIANGLE = "triangle", _("triangle")
    DIAMOND = "diamond", _("losange")
    HEXAGON = "hexagon", _("hexagone")
    STAR = "star", _("étoile")
    CROSS = "cross", _("croix")
    DROP = "drop", _("goutte")


class SchoolCycle(models.TextChoices):
    """Stages of the French school."""

    CYCLE_1 = "c1", _("maternelle")
    CYCLE_2 = "c2", _("CP au CE2")
    CYCLE_3 = "c3", _("CM1 à la 6e")
    CYCLE_4 = "c4", _("5e à la 3e")
    LYCEE = "lycee", _("lycée")
    SUPERIOR = "superieur", _("enseignement supérieur")
