"""Versions of a publication that everyone reads: those published, numbered, and the one that is being written."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.core.models import Dated
from maillage.core.viewer import Viewer
from maillage.publications.enums import RefusalReason, VersionState
from maillage.publications.models.publications import Publication


class VersionQuerySet(models.QuerySet["Version"]):
    def visible_to(self, viewer: Viewer) -> "VersionQuerySet":
        """To those who may write the publication."""
        return self.filter(publication__in=Publication.objects.editable_by(viewer).values("pk"))

    def being_written(self) -> "VersionQuerySet":
        return self.exclude(state=VersionState.PUBLISHED)

    def published(self) -> "VersionQuerySet":
        return self.filter(state=VersionState.PUBLISHED)


class Version(Dated):
    """`values` are those of the fields (`queries.fields.CONTENT`), as JSON: all of them in a published one, in the one being
    written those that differ. `note` is what readers are told of a correction."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="versions")
    state = models.CharField(_("état"), max_length=10, choices=VersionState.choices, default=VersionState.WORKING)
    number = models.PositiveIntegerField(null=True, blank=True)
    author = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("écrite par")
    )
    values: Any = models.JSONField(_("contenu"), default=dict)
    note = models.CharField(_("note de correction"), max_length=300, blank=True)
    at = models.DateTimeField(_("écrite le"), default=timezone.now)
    sent_at = models.DateTimeField(_("proposée le"), null=True, blank=True)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("répondue le"), null=True, blank=True)
    code = models.CharField(_("motif"), max_length=20, choices=RefusalReason.choices, blank=True)
    reason = models.CharField(_("explication"), max_length=500, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version d'un texte")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication"], condition=~Q(state="published"), name="version_one_being_written"
            ),
            models.UniqueConstraint(fields=["publication", "number"], name="version_number"),
            models.CheckConstraint(
                condition=Q(state="published", number__isnull=False) | (~Q(state="published") & Q(number=None)),
                name="version_published_has_number",
            ),
        ]
        indexes = [models.Index(fields=["state", "sent_at"])]

    def __str__(self) -> str:
        return f"{self.publication} ({self.number or self.get_state_display()})"

    @property
    def is_waiting(self) -> bool:
        return self.state == VersionState.WAITING
