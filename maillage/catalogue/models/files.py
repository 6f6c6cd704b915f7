"""What a resource gives to download, version after version, and the links that it names."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.catalogue.models.resources import Resource
from maillage.core.models import Dated


class ResourceFile(models.Model):
    """A document under one name whose content may change; `latest` is the version that is given."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="files")
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(_("nom du document"), max_length=140)
    is_safety = models.BooleanField(_("fiche de sécurité"), default=False)
    latest = models.ForeignKey("FileVersion", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title


class FileVersion(Dated):
    """`file` is kept under a random name; `kind` (a MIME type) and `size` (bytes) are read from its content, `digest` is its
    SHA-256. `checked_at`: when what looks for malicious files let it through (None: not yet, it is given to nobody else).
    `withdrawn_at`: when its file was deleted, with its name; the row stays to say so (`withdrawal`), and for its counts."""

    document = models.ForeignKey(ResourceFile, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    note = models.CharField(_("ce qui change"), max_length=300, blank=True)
    file = models.FileField(_("fichier"), upload_to="catalogue/", max_length=120)
    name = models.CharField(_("nom donné au téléchargement"), max_length=140)
    kind = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64, db_index=True)
    author = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(_("pourquoi il n'est pas donné"), max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawal = models.CharField(_("pourquoi elle est retirée"), max_length=200, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="file_version_number"),
            models.CheckConstraint(condition=Q(size__gt=0), name="file_version_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"


class Downloads(models.Model):
    """How often a version was downloaded on a day; nothing says by whom."""

    version = models.ForeignKey(FileVersion, models.CASCADE, related_name="downloads")
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "day"], name="downloads_version_day")]

    def __str__(self) -> str:
        return f"{self.day} : {self.count}"


class ResourceLink(models.Model):
    """An address that the resource names; `failing_since` is when it stopped answering, `told_at` when its actor was told."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="links")
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(_("nom du lien"), max_length=140)
    url = models.URLField(_("adresse"), max_length=500)
    checked_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=120, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title
