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


METROPOLE = "Europe/Paris"
ZONES = (
    (METROPOLE, _("France métropolitaine")),
    ("America/Guadeloupe", _("Guadeloupe")),
    ("America/Martinique", _("Martinique")),
    ("America/Cayenne", _("Guyane")),
    ("Indian/Reunion", _("La Réunion")),
    ("Indian/Mayotte", _("Mayotte")),
    ("America/Miquelon", _("Saint-Pierre-et-Miquelon")),
    ("America/St_Barthelemy", _("Saint-Barthélemy")),
    ("America/Marigot", _("Saint-Martin")),
    ("Pacific/Wallis", _("Wallis-et-Futuna")),
    ("Pacific/Tahiti", _("Polynésie française")),
    ("Pacific/Noumea", _("Nouvelle-Calédonie")),
)
