"""Closed lists of the territories."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TerritoryKind(models.TextChoices):
    REGION = "region", _("Région")
    DEPARTMENT = "department", _("Département")
    EPCI = "epci", _("Intercommunalité")
    COMMUNE = "commune", _("Commune")


class PositionSource(models.TextChoices):
    """Where the coordinates of a territory come from; only `ESTIMATED` is not a measured place."""

    OFFICIAL = "official", _("fichier officiel")
    GEONAMES = "geonames", _("GeoNames")
    ESTIMATED = "estimated", _("estimée d'après les communes voisines")
    NONE = "none", _("inconnue")
