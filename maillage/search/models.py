"""What the index holds: one row per network and object, with the stems it is found by.

Beside the table, `search_match` is what each database searches in: on SQLite an FTS5 table, on PostgreSQL a table of
`tsvector` with a GIN index (the third migration), both kept by triggers: whoever writes a row, they follow. A later migration
that makes SQLite rebuild `search_document` must make the triggers again (`migrations/0002_facets.py` does).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from maillage.core.viewer import Viewer
from maillage.networks.models import Network


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, viewer: Viewer) -> "DocumentQuerySet":
        """What everyone may find in the viewer's network; those who run it find what is not public too."""
        here = self.filter(network=viewer.network_id)
        return here if viewer.runs_network else here.filter(is_public=True)


class Document(models.Model):
    """`scope` holds the sets that the row belongs to, `words` its distinct words as written; `revision` is the version
    of the network that wrote it."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    kind = models.CharField(_("nature"), max_length=30)
    object_id = models.PositiveBigIntegerField()
    is_public = models.BooleanField(_("trouvable par tous"), default=True)
    title = models.CharField(_("titre"), max_length=300)
    subtitle = models.CharField(_("sous-titre"), max_length=300, blank=True)
    excerpt = models.CharField(_("extrait"), max_length=300, blank=True)
    url = models.CharField(_("adresse"), max_length=400)
    boost = models.FloatField(default=1.0)
    on = models.DateField(_("date"), null=True, blank=True)
    since = models.DateField(_("depuis"), null=True, blank=True)
    ends_on = models.DateField(_("dernier jour utile"), null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    scope = models.TextField(editable=False)
    title_key = models.CharField(max_length=300, editable=False)
    title_stems = models.TextField(editable=False)
    subtitle_stems = models.TextField(editable=False, blank=True)
    text_stems = models.TextField(editable=False, blank=True)
    words = models.TextField(editable=False, blank=True)
    revision = models.PositiveBigIntegerField(default=0, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document trouvable")
        constraints = [
            models.UniqueConstraint(fields=["network", "kind", "object_id"], name="document_network_kind_object")
        ]
        indexes = [
            models.Index(fields=["kind", "object_id"]),
            models.Index(fields=["network", "revision"]),
            # With the id, so that those of a stretch of time are found without their rows.
            models.Index(fields=["on", "id"], condition=models.Q(on__isnull=False), name="search_document_day"),
        ]

    def __str__(self) -> str:
        return self.title
