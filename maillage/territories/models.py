"""Régions, départements, EPCI and communes of France, in one table, with the history of merged communes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from maillage.territories.enums import PositionSource, TerritoryKind


class TerritoryQuerySet(models.QuerySet["Territory"]):
    def communes(self) -> "TerritoryQuerySet":
        return self.filter(kind=TerritoryKind.COMMUNE)

    def departments(self) -> "TerritoryQuerySet":
        return self.filter(kind=TerritoryKind.DEPARTMENT)

    def epcis(self) -> "TerritoryQuerySet":
        return self.filter(kind=TerritoryKind.EPCI)

    def regions(self) -> "TerritoryQuerySet":
        return self.filter(kind=TerritoryKind.REGION)


class Territory(models.Model):
    """A territory; `code` is the INSEE code (SIREN for an EPCI). `region`, `department`, `epci` are its ancestors.

    An EPCI astride two départements has as `department` the one where most of its inhabitants live.
    """

    kind = models.CharField(_("nature"), max_length=10, choices=TerritoryKind.choices)
    code = models.CharField(_("code"), max_length=9)
    name = models.CharField(_("nom"), max_length=120)
    name_key = models.CharField(max_length=120, db_index=True, help_text="core.text.folded(name), « saint » abrégé")
    slug = models.SlugField(max_length=140, unique=True)
    region = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    department = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    epci = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    position_source = models.CharField(
        _("origine de la position"), max_length=10, choices=PositionSource.choices, default=PositionSource.NONE
    )
    surface_km2 = models.FloatField(_("surface (km²)"), null=True, blank=True)
    density = models.CharField(_("densité (grille en 7 niveaux)"), max_length=60, blank=True)
    rurality = models.CharField(_("ruralité"), max_length=80, blank=True)
    is_rural = models.BooleanField(_("commune rurale"), null=True, blank=True)

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("territoire")
        ordering = ["name", "code"]
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="territory_kind_code")]
        indexes = [
            models.Index(fields=["kind", "name_key"]),
            models.Index(fields=["latitude", "longitude"]),
            models.Index(fields=["kind", "department"]),
            models.Index(fields=["kind", "epci"]),
            models.Index(fields=["kind", "region"]),
        ]

    def __str__(self) -> str:
        return self.name


class PostalCode(models.Model):
    """A postal code serves communes; a CEDEX code belongs to the commune of its office."""

    code = models.CharField(_("code postal"), max_length=5, db_index=True)
    commune = models.ForeignKey(Territory, models.CASCADE, related_name="postal_codes")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "commune"], name="postal_code_commune")]

    def __str__(self) -> str:
        return self.code


class FormerCommune(models.Model):
    """A commune merged into, or a part (delegated, associated, arrondissement) of, a current one, or its earlier name.

    Its old code and name still resolve; `code` is that of `current` itself when only the name changed.
    """

    code = models.CharField(_("ancien code INSEE"), max_length=5, db_index=True)
    name = models.CharField(_("ancien nom"), max_length=120)
    name_key = models.CharField(max_length=120, db_index=True)
    current = models.ForeignKey(Territory, models.CASCADE, related_name="former_communes")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "name", "current"], name="former_commune_code")]

    def __str__(self) -> str:
        return self.name


class Contour(models.Model):
    """The outline of a territory, simplified, WGS84: a GeoJSON geometry."""

    territory = models.OneToOneField(Territory, models.CASCADE, related_name="contour")
    geometry = models.JSONField()
    source = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"contour {self.territory_id}"


class Release(models.Model):
    """A set of reference data as it was loaded: what the legal page credits, and the version of what is drawn from it."""

    key = models.SlugField(max_length=60, unique=True)
    title = models.CharField(_("titre"), max_length=200)
    version = models.CharField(_("version"), max_length=60, blank=True)
    publisher = models.CharField(_("producteur"), max_length=200, blank=True)
    licence = models.CharField(_("licence"), max_length=120, blank=True)
    url = models.URLField(_("adresse"), blank=True)
    loaded_at = models.DateTimeField(_("chargé le"), auto_now=True)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.title
